// The caseload: what needs attention first, each with its reason in words, then the others.

import { alert, back, button, buttonLink, h1, hidden, html, icon, link, p, page, uuid } from './lib.mjs';
import { select } from './fields.mjs';

/** kind of reason → heading, colour, icon. In this order. */
const REASONS = [
  ['ended', 'Contract afgelopen, einde nog niet vastgelegd', 'bad', 'calendar'],
  ['risk', 'Duurzaam werk in gevaar', 'bad', 'alert'],
  ['contract', 'Contract loopt binnenkort af', 'warn', 'calendar'],
  ['silent', 'Lang geen contact', 'warn', 'clock'],
  ['stuck', 'Al lang in dezelfde fase', 'info', 'hourglass'],
  ['reached', 'Net duurzaam aan het werk', 'good', 'check'],
];

const ATTENTION = [
  ['Noor', 'risk', '11,5 uur per week, 12 uur nodig', 'Bakkerij Van Vliet', 'contact 3 dagen geleden'],
  ['Bilal K.', 'risk', 'Loonwaarde is 32%, minstens 35% nodig', 'Hoveniersbedrijf Groenrijk', 'contact 2 weken geleden'],
  ['Sanne', 'contract', 'Contract loopt af op 14 december', 'Zorgcentrum De Linde', 'contact gisteren'],
  ['Mohammed B.', 'contract', 'Contract loopt af op 19 december', 'PostNL-depot Nieuwegein', 'contact 6 dagen geleden'],
  ['Wouter', 'ended', 'Contract afgelopen op 31 oktober, nog niet gestopt of verlengd', 'Autobedrijf Smit', 'contact 3 weken geleden'],
  ['Femke', 'silent', '9 weken geen contact', 'Fase assessment', 'laatst op 18 september'],
  ['Youssef', 'silent', '7 weken geen contact', 'Fase coaching', 'laatst op 2 oktober'],
  ['Jan-Willem', 'silent', '6 weken geen contact', 'Fase engagement', 'laatst op 9 oktober'],
  ['Chantal', 'stuck', '12 weken in fase assessment', 'Zoekt werk: zorg', 'contact 5 dagen geleden'],
  ['Esra', 'stuck', '10 weken in fase engagement', 'Wil een opleiding', 'contact 8 dagen geleden'],
  ['Daan', 'reached', 'Duurzaam werk sinds 17 november', 'Fietsenwinkel De Spaak, 24 uur per week', 'contact 3 dagen geleden'],
];

const OTHER_NAMES = `Aaltje Abdel Anouk Bas Britt Cem Dewi Dirk Eline Emre Fatima Floor Geert Gijs Hanneke Hasan Ilse Imane Jasper Jeroen Joost
 Karin Khadija Kim Lars Leila Lotte Maarten Maryam Merel Mohammed\u00a0T. Nadia Nienke Omar Pieter Priya Roos Ruben Samira Sander Sofie Stijn
 Tess Thijs Tom Ümit Vera Willem Yara`
  .split(/[ \n]+/)
  .map((name) => name.replace('\u00a0', ' '));
const PLACES = [
  ['Coaching', 'Albert Heijn, 20 uur per week'],
  ['Intake', ''],
  ['Plaatsing', 'Zoekt werk: groenvoorziening'],
  ['Coaching', 'Gemeentewerf, 32 uur per week'],
  ['Assessment', ''],
  ['Coaching', 'Opleiding mbo niveau 2'],
  ['Plaatsing', 'Proefplaatsing'],
  ['Coaching', 'Kringloop De Cirkel, 16 uur per week'],
  ['Engagement', ''],
  ['Coaching', 'Restaurant ’t Hoekje, 14 uur per week'],
  ['Plaatsing', 'Vrijwilligerswerk'],
];
const AGO = ['gisteren', '2 dagen geleden', '4 dagen geleden', '6 dagen geleden', '7 dagen geleden', '2 weken geleden', '3 weken geleden'];

/** Of these a copy is kept on the device, so that they can be filled in without a trajectory's own page. */
const kept = ['contact', 'engagement', 'assessment', 'placement-started', 'paid-work-started', 'education-started']
  .map((kind) => `<link rel="copy" data-offline href="/vastleggen/${kind}">`)
  .join('\n');

const endedOnes = p(link('/?afgesloten=1', 'Afgesloten trajecten bekijken'));

const quick = (to, name) =>
  `<a class="quick" href="${to}/vastleggen/contact">${icon('contact')}<span>Contact${hidden(` vastleggen voor ${name}`)}</span></a>`;

/** The day, or how long ago it was, stays on one line. */
const dated = (words) => words.replace(/^(contact|laatst op|laatste contact op) (.*)$/, '$1 <span class="nowrap">$2</span>');

function attentionRow([name, , why, where, when], n, offline) {
  const waiting = (n) => (offline && n === 6 ? '<span>wacht op verbinding</span>' : '');
  const to = `/trajecten/${uuid(n)}`;
  return html`
    <li class="row">
      <div class="row-text">
        <a class="row-link" href="${to}" data-offline>${name}</a>
        <span class="row-waiting" data-waiting="${uuid(n)}">${waiting(n)}</span>
        <p class="row-why">${why}</p>
        <p class="row-what">${where}</p>
        <p class="row-meta">${dated(when)}</p>
      </div>
      ${quick(to, name)}
    </li>`;
}

function otherRow([name, step, what, when, coach = ''], n, mayLog = true) {
  const to = `/trajecten/${uuid(n)}`;
  return html`
    <li class="row row-slim">
      <div class="row-text">
        <a class="row-link" href="${to}" data-offline>${name}</a>
        <span class="row-waiting" data-waiting="${uuid(n)}"></span>
        <p class="row-what">${step}${what && ` · ${what}`}</p>
        <p class="row-meta">${coach && `${coach}<br>`}${dated(`contact ${when}`)}</p>
      </div>
      ${mayLog && quick(to, name)}
    </li>`;
}

/** Of one reason. */
const SHOWN_AT_ONCE = 5;

function group([kind, title, colour, name], attention, offline) {
  const rows = attention.filter((row) => row[1] === kind);
  if (rows.length === 0) return null;
  const list = (rows) => html`
    <ul class="rows">
      ${rows.map((row) => attentionRow(row, 1 + attention.indexOf(row), offline))}
    </ul>`;
  const rest = rows.slice(SHOWN_AT_ONCE);
  return html`
    <section class="group" aria-labelledby="groep-${kind}">
      <h3 class="group-title group-${colour}" id="groep-${kind}">${icon(name)}${title} <span class="count">${rows.length}</span></h3>
      ${list(rows.slice(0, SHOWN_AT_ONCE))}
      ${
        rest.length > 0 &&
        html`
        <details class="fold">
          <summary class="fold-title">${icon('next', 'fold-arrow')}En nog ${rest.length}</summary>
          ${list(rest)}
        </details>`
      }
    </section>`;
}

const searchFor = (words = '') => html`
  <form class="search" role="search" method="get" action="/" data-find="trajecten" data-found="{count} gevonden" data-found-none="Niets gevonden in deze lijst">
    <label class="visually-hidden" for="zoek">Zoek op naam</label>
    <div class="search-field">${icon('search')}<input class="utrecht-textbox utrecht-textbox--html-input" id="zoek" name="zoek" type="search"${words && ` value="${words}"`} placeholder="Zoek op naam" autocomplete="off"></div>
    <button class="utrecht-button utrecht-button--secondary-action">Zoek</button>
    <p class="search-found" role="status"></p>
  </form>`;

const search = searchFor();

const head = (line, mayBegin = true) => html`
  <div class="page-head">
    <div>
      ${h1('Mijn trajecten')}
      ${p(line, 'lead')}
    </div>
    ${mayBegin && buttonLink('/trajecten/nieuw', 'secondary-action', 'Nieuw traject', 'plus', 'data-offline')}
  </div>
  <div id="begun"></div>`;

/** Many are silent: the first of them are seen at once. */
export const caseloadSilent = () =>
  caseload({ attention: OTHER_NAMES.slice(0, 8).map((name) => [name, 'silent', '9 weken geen contact', 'Fase assessment', 'laatst op 18 september']) });

export function caseload({ outbox = ['sent', 0], theme = '', attention = ATTENTION } = {}) {
  const others = OTHER_NAMES.map((name, n) => [name, ...PLACES[(n * 7 + 3) % PLACES.length], AGO[(n * 5) % AGO.length]]);
  others.push(['Naam niet bekend', 'Intake', 'gestart op 18 november', '2 dagen geleden']);
  const count = attention.length + others.length;
  return page({
    title: 'Mijn trajecten',
    outbox,
    theme,
    strip: outbox[0] === 'waiting' ? '<span data-kind="copy">Geen verbinding. Dit is een kopie van 20 november 2025 om 14.02 uur.</span>' : '',
    body: html`
      ${head(`${count} lopende trajecten. ${attention.length} vragen aandacht.`)}
      ${search}
      <div id="trajecten">
        <section class="section" aria-labelledby="eerst">
          <h2 class="utrecht-heading-2" id="eerst">Eerst bekijken <span class="count">${attention.length}</span></h2>
          ${REASONS.map((reason) =>
            group(reason, attention, outbox[0] !== 'sent'),
          )}
        </section>
        <section class="section" aria-labelledby="overige">
          <h2 class="utrecht-heading-2" id="overige">De andere trajecten <span class="count">${others.length}</span></h2>
          <ul class="rows">
            ${others.map((row, n) => otherRow(row, 100 + n))}
          </ul>
        </section>
      </div>
      ${endedOnes}
      ${kept}`,
  });
}

export function caseloadEmpty() {
  return page({
    title: 'Mijn trajecten',
    body: html`
      ${head('Er staan nog geen trajecten op jouw naam.', false)}
      <div class="empty">
        ${icon('people', 'empty-icon')}
        <h2 class="utrecht-heading-2">Begin met een intake</h2>
        ${p('Leg de intake vast van de eerste cliënt die je begeleidt. Neem je een traject van een collega over? Vraag die collega om het aan jou over te dragen.')}
        ${buttonLink('/trajecten/nieuw', 'primary-action', 'Nieuw traject', 'plus', 'data-offline')}
      </div>
      ${kept}`,
  });
}

export function caseloadCalm() {
  const others = OTHER_NAMES.slice(0, 6).map((name, n) => [name, ...PLACES[(n * 7 + 3) % PLACES.length], AGO[(n * 5) % AGO.length]]);
  return page({
    title: 'Mijn trajecten',
    body: html`
      ${head('6 lopende trajecten. Alles is bijgewerkt.')}
      ${search}
      <div id="trajecten">
        <section class="section" aria-labelledby="overige">
          <h2 class="visually-hidden" id="overige">Trajecten</h2>
          <ul class="rows">
            ${others.map((row, n) => otherRow(row, 100 + n))}
          </ul>
        </section>
      </div>
      ${endedOnes}
      ${kept}`,
  });
}

/** What is over is told in the past, with its last day. */
export function caseloadEnded() {
  const ROWS = [
    ['Aaltje', 'Afgesloten op 3 maart 2025', 'Had betaald werk: Albert Heijn, 20 uur per week', '24 februari 2025'],
    ['Abdel', 'Afgesloten op 14 november 2025', 'Zocht werk: groenvoorziening', '12 november 2025'],
    ['Anouk', 'Afgesloten op 30 juni 2024', 'Wilde betaald werk', '18 juni 2024'],
  ];
  const row = ([name, ended, was, contact], n) => {
    const to = `/trajecten/${uuid(100 + n)}`;
    return html`
      <li class="row row-slim">
        <div class="row-text">
          <a class="row-link" href="${to}" data-offline>${name}</a>
          <span class="row-waiting" data-waiting="${uuid(100 + n)}"></span>
          <p class="row-what">${ended} · ${was}</p>
          <p class="row-meta">${dated(`laatste contact op ${contact}`)}</p>
        </div>
      </li>`;
  };
  return page({
    title: 'Afgesloten trajecten',
    body: html`
      ${back('/', 'Mijn trajecten')}
      ${h1('Afgesloten trajecten')}
      ${search}
      <div id="trajecten">
        <section class="section" aria-labelledby="overige">
          <h2 class="visually-hidden" id="overige">Trajecten</h2>
          <ul class="rows">
            ${ROWS.map(row)}
          </ul>
        </section>
      </div>
      ${kept}`,
  });
}

export function caseloadNothingFound() {
  return page({
    title: 'Zoeken: Henriette',
    body: html`
      ${back('/', 'Mijn trajecten')}
      ${h1('Niets gevonden voor “Henriette”')}
      ${p('Zoek op de naam waarmee de cliënt in het traject staat. Een deel van de naam is genoeg.')}
      ${searchFor('Henriette')}
      ${alert('info', 'Is het traject afgesloten?', p(`Dan staat het bij ${link('/?afgesloten=1', 'de afgesloten trajecten')}`))}
      ${kept}`,
  });
}

const some = (from, to, more = []) =>
  OTHER_NAMES.slice(from, to).map((name, n) => [name, ...PLACES[(n * 7 + 3) % PLACES.length], AGO[(n * 5) % AGO.length], ...more]);

/** A colleague's trajectories stand apart while somebody stands in. */
export function caseloadCover() {
  return page({
    title: 'Mijn trajecten',
    body: html`
      ${head('5 lopende trajecten. Alles is bijgewerkt.')}
      ${search}
      <div id="trajecten">
        <section class="section" aria-labelledby="overige">
          <h2 class="utrecht-heading-2" id="overige">Mijn trajecten <span class="count">5</span></h2>
          <ul class="rows">
            ${some(0, 5).map((row, n) => otherRow(row, 100 + n))}
          </ul>
        </section>
        <section class="section" aria-labelledby="waarneming-1">
          <h2 class="utrecht-heading-2" id="waarneming-1">Waarneming voor Joost Verhagen <span class="count">tot en met 1 december</span></h2>
          <ul class="rows">
            ${some(12, 18).map((row, n) => otherRow(row, 200 + n))}
          </ul>
        </section>
      </div>
      ${endedOnes}
      ${kept}`,
  });
}

/** A manager sees those of all coaches, and whose each is. */
export function caseloadManager() {
  const rows = ['Marieke de Boer', 'Joost Verhagen', 'Lina Bakkali'].flatMap((coach, n) => some(n * 5, n * 5 + 5, [coach]));
  return page({
    title: 'Trajecten',
    role: 'manager',
    body: html`
      ${h1('Trajecten')}
      ${p('196 lopende trajecten. 39 vragen aandacht.', 'lead')}
      ${search}
      <form class="filter" method="get" action="/">
        ${select({
          id: 'coach',
          name: 'coach',
          label: 'Coach',
          options: [
            ['', 'Alle coaches'],
            ['coach-1', 'Marieke de Boer'],
            ['coach-2', 'Joost Verhagen'],
            ['coach-3', 'Lina Bakkali'],
          ],
        })}
        ${button('secondary-action', 'Toon')}
      </form>
      <div id="trajecten">
        <section class="section" aria-labelledby="overige">
          <h2 class="visually-hidden" id="overige">Trajecten</h2>
          <ul class="rows">
            ${rows.map((row, n) => otherRow(row, 300 + n, false))}
          </ul>
        </section>
      </div>
      ${p('Er zijn meer trajecten dan deze pagina aankan. Hier staan de nieuwste 1000.')}
      ${endedOnes}`,
  });
}
