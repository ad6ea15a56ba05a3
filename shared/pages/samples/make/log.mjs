// The log for auditors: what was recorded, the newest first, all of it or some of it.

import { button, buttonLink, h1, html, icon, link, p, page, uuid } from './lib.mjs';

const short = (n) => `${uuid(n).slice(0, 8)}…${uuid(n).slice(-4)}`;

const EVENTS = [
  ['5.012', 'Contact', 1, 'ggz Voorbeeld', 'Marieke de Boer', '20 november 2025, 11.20 uur'],
  ['5.011', 'Werk gestart, aangepast', 2, 'ggz Noorderlicht', 'import', '19 november 2025, 9.05 uur'],
  ['5.010', 'Ingetrokken', 1, 'ggz Voorbeeld', 'Marieke de Boer', '19 november 2025, 9.00 uur'],
];

const ORGANISATIONS = [['', 'Alle'], ['ggz-noorderlicht', 'ggz Noorderlicht'], ['ggz-voorbeeld', 'ggz Voorbeeld']];
const KINDS = [
  ['', 'Alle'], ['intake', 'Intake'], ['engagement', 'Engagement'], ['assessment', 'Assessment'], ['placement-started', 'Plaatsing gestart'],
  ['placement-stopped', 'Plaatsing gestopt'], ['paid-work-started', 'Werk gestart'], ['paid-work-changed', 'Werk veranderd'],
  ['paid-work-stopped', 'Werk gestopt'], ['education-started', 'Opleiding gestart'], ['education-stopped', 'Opleiding gestopt'],
  ['contact', 'Contact'], ['trajectory-changed', 'Gegevens veranderd'], ['outflow', 'Uitstroom'], ['retraction', 'Ingetrokken'],
];

const choose = (id, label, options, chosen) => html`
  <div class="field">
    <label class="utrecht-form-label" for="${id}">${label}</label>
    <select class="utrecht-select utrecht-select--html-select" id="${id}" name="${id}">
      ${options.map(([value, words]) => `<option value="${value}"${value === chosen ? ' selected' : ''}>${words}</option>`)}
    </select>
  </div>`;
const day = (id, label, value) => html`
  <div class="field">
    <label class="utrecht-form-label" for="${id}">${label}</label>
    <input class="utrecht-textbox utrecht-textbox--html-input" id="${id}" name="${id}" type="date"${value && ` value="${value}"`}>
  </div>`;

const row = ([position, what, trajectory, organisation, actor, recorded]) => html`
  <li class="row row-slim">
    <div class="row-text">
      <a class="row-link" href="/trajecten/${uuid(trajectory)}">${position} · ${what}</a>
      <p class="row-what">${organisation} · traject ${short(trajectory)} · ${actor}</p>
      <p class="row-meta">vastgelegd op ${recorded}</p>
    </div>
    ${icon('next', 'row-next')}
  </li>`;

const frame = ([organisation, kind, from, until], rest) =>
  page({
    title: 'Logboek',
    role: 'auditor',
    at: '/logboek',
    body: html`
    ${h1('Logboek')}
    ${p('5.013 gebeurtenissen. De nieuwste staat bovenaan. Teksten zijn verzegeld.', 'lead')}
    <form class="filter filter-log" method="get" action="/logboek">
      ${choose('organisatie', 'Organisatie', ORGANISATIONS, organisation || null)}
      ${choose('soort', 'Soort', KINDS, kind || null)}
      ${day('vanaf', 'Vastgelegd vanaf', from)}
      ${day('tot', 'Tot en met', until)}
      ${button('secondary-action', 'Toon')}
      ${organisation && buttonLink('/logboek', 'subtle', 'Alles tonen')}
    </form>
    ${rest}`,
  });

export const log = () =>
  frame(
    ['', '', '', ''],
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
    ['ggz-voorbeeld', 'outflow', '2025-10-01', '2025-11-20'],
    html`
    ${p('Tot zover is er niets dat hierbij hoort.')}
    ${p(link('/logboek?organisatie=ggz-voorbeeld&#38;soort=outflow&#38;vanaf=2025-10-01&#38;tot=2025-11-20&#38;van=1012', 'Zoek verder terug dan 1.013'))}`,
  );
