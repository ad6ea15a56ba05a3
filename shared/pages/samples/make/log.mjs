// The log for auditors: what was recorded, the newest first, all of it or some of it.

import { button, buttonLink, h1, html, icon, link, p, page, uuid } from './lib.mjs';
import { date, errorSummary, select } from './fields.mjs';

const short = (n) => `${uuid(n).slice(0, 8)}…${uuid(n).slice(-4)}`;

const EVENTS = [
  ['5.012', 'Contact', 1, 'ggz Voorbeeld', 'Marieke de Boer', '19 november 2025', '20 november 2025, 11.20 uur'],
  ['5.011', 'Werk gestart, aangepast', 2, 'ggz Noorderlicht', 'import', '18 november 2025', '19 november 2025, 9.05 uur'],
  ['5.010', 'Ingetrokken', 1, 'ggz Voorbeeld', 'Marieke de Boer', '18 november 2025', '19 november 2025, 9.00 uur'],
];

const ORGANISATIONS = [['', 'Alle'], ['ggz-noorderlicht', 'ggz Noorderlicht'], ['ggz-voorbeeld', 'ggz Voorbeeld']];
const KINDS = [
  ['', 'Alle'], ['intake', 'Intake'], ['engagement', 'Engagement'], ['assessment', 'Assessment'], ['placement-started', 'Plaatsing gestart'],
  ['placement-stopped', 'Plaatsing gestopt'], ['paid-work-started', 'Werk gestart'], ['paid-work-changed', 'Werk veranderd'],
  ['paid-work-stopped', 'Werk gestopt'], ['education-started', 'Opleiding gestart'], ['education-stopped', 'Opleiding gestopt'],
  ['contact', 'Contact'], ['trajectory-changed', 'Gegevens veranderd'], ['outflow', 'Uitstroom'], ['retraction', 'Ingetrokken'],
];

const row = ([position, what, trajectory, organisation, actor, occurred, recorded]) => html`
  <li class="row row-slim">
    <div class="row-text">
      <a class="row-link" href="/trajecten/${uuid(trajectory)}">${position} · ${what}</a>
      <p class="row-what">${organisation} · traject ${short(trajectory)} · ${actor}</p>
      <p class="row-meta">${occurred} · vastgelegd op ${recorded}</p>
    </div>
    ${icon('next', 'row-next')}
  </li>`;

const NO_DAY = ['', '', ''];

/** `wrong` are the mistakes of kind and last day, where something cannot be looked for. */
const frame = ([organisation, kind, from, until], rest, [wrongKind, wrongDay] = ['', '']) =>
  page({
    title: 'Logboek',
    role: 'auditor',
    at: '/logboek',
    body: html`
    ${h1('Logboek')}
    ${p('5.013 gebeurtenissen. De nieuwste staat bovenaan. Teksten zijn verzegeld.', 'lead')}
    ${
      wrongKind &&
      errorSummary(
        [
          ['soort', `Soort – ${wrongKind}`],
          ['tot-day', `Tot en met – ${wrongDay}`],
        ],
        'Er is niet gezocht',
      )
    }
    <form class="filter filter-log" method="get" action="/logboek">
      ${select({ id: 'organisatie', name: 'organisatie', label: 'Organisatie', options: ORGANISATIONS, value: organisation })}
      ${select({ id: 'soort', name: 'soort', label: 'Soort', options: wrongKind ? [...KINDS, [kind, kind]] : KINDS, value: kind, error: wrongKind })}
      ${date({ name: 'vanaf', legend: 'Vastgelegd vanaf', value: from })}
      ${date({ name: 'tot', legend: 'Tot en met', value: until, error: wrongDay })}
      ${button('secondary-action', 'Toon')}
      ${organisation && buttonLink('/logboek', 'subtle', 'Alles tonen')}
    </form>
    ${rest}`,
  });

export const log = () =>
  frame(
    ['', '', NO_DAY, NO_DAY],
    html`
    ${p(link('/logboek?van=5013', 'Nieuwere gebeurtenissen'))}
    <div class="section">
      <ul class="rows">
        ${EVENTS.map(row)}
      </ul>
    </div>
    ${p(link('/logboek?van=5009', 'Oudere gebeurtenissen'))}`,
  );

/** One kind of event of one organisation, in a time; so far there was none. */
export const logFiltered = () =>
  frame(
    ['ggz-voorbeeld', 'outflow', ['1', '10', '2025'], ['20', '11', '2025']],
    html`
    ${p('Tot zover is er niets dat hierbij hoort.')}
    ${p(link('/logboek?organisatie=ggz-voorbeeld&#38;soort=outflow&#38;vanaf=2025-10-01&#38;tot=2025-11-20&#38;van=1012', 'Zoek verder terug dan 1.013'))}`,
  );

/** What cannot be looked for: a kind that there is not, and a last day before the first. */
export const logWrong = () =>
  frame(['ggz-voorbeeld', 'nope', ['20', '11', '2025'], ['1', '10', '2025']], '', [
    'Deze soort is er niet. Kies er een uit de lijst.',
    'Deze dag ligt vóór de eerste. Vul 20 november 2025 of een latere dag in.',
  ]);
