// One trajectory: what it stands at, why its work is or is not sustainable, its jobs over time, and all that happened.

import { alert, back, button, buttonLink, h1, hidden, html, icon, link, p, page, tag, uuid } from './lib.mjs';
import { bars, legend } from './bars.mjs';
import { area, date, field, more } from './fields.mjs';

export const NOOR = uuid(1);
const AT = `/trajecten/${NOOR}`;
const STEPS = ['Intake', 'Engagement', 'Assessment', 'Plaatsing', 'Coaching', 'Uitstroom'];

/** `untold` are the places of phases that were passed and of which nothing was recorded. */
function steps(now, untold) {
  const classOf = (n) => (untold.includes(n) ? ' step-untold' : n < now ? ' step-done' : n === now ? ' step-now' : '');
  const words = (name, n) => (untold.includes(n) ? `${name}<span class="visually-hidden"> (niets vastgelegd)</span>` : name);
  return html`
    <div class="steps-block">
      <ol class="steps" aria-label="Fasen">
        ${STEPS.map((name, n) => `<li class="step${classOf(n)}"${n === now ? ' aria-current="step"' : ''}><span class="step-name">${words(name, n)}</span></li>`)}
      </ol>
      <p class="steps-now">Fase ${now + 1} van ${STEPS.length}: <strong>${STEPS[now].toLowerCase()}</strong></p>
    </div>`;
}

const LOG_MORE = [
  [
    'Werk',
    [
      ['paid-work-started', 'Werk gestart'],
      ['paid-work-changed', 'Werk veranderd'],
      ['paid-work-stopped', 'Werk gestopt'],
    ],
  ],
  [
    'Plaatsing en opleiding',
    [
      ['placement-started', 'Plaatsing gestart'],
      ['placement-stopped', 'Plaatsing gestopt'],
      ['education-started', 'Opleiding gestart'],
      ['education-stopped', 'Opleiding gestopt'],
    ],
  ],
  [
    'Traject',
    [
      ['engagement', 'Engagement'],
      ['assessment', 'Assessment'],
      ['trajectory-changed', 'Gegevens veranderd'],
      ['outflow', 'Traject afsluiten'],
    ],
  ],
];

/** A button of whose page a copy is kept on the device. */
const keptLink = (...of) => buttonLink(...of).replace('">', '" data-offline>');

/** After the end what was forgotten of before it can still be recorded; nothing ends twice. */
const LOG_OF_BEFORE = LOG_MORE.map(([title, kinds]) => [
  title,
  title === 'Traject' ? [['contact', 'Contact vastleggen'], ...kinds.filter(([kind]) => kind !== 'outflow')] : kinds,
]);

const quickActions = (shown, ended = false) => html`
  <nav class="quick-actions" aria-label="Vastleggen">
    ${!ended && keptLink(`${AT}/vastleggen/contact`, 'primary-action', 'Contact vastleggen', 'contact')}
    ${shown.map(([kind, words]) => keptLink(`${AT}/vastleggen/${kind}`, 'secondary-action', words))}
    <details class="fold-inline">
      <summary class="utrecht-button utrecht-button--subtle">${ended ? 'Iets van vóór het einde vastleggen' : 'Iets anders vastleggen'}${icon('down')}</summary>
      <div class="kinds">
        ${(ended ? LOG_OF_BEFORE : LOG_MORE).map(
          ([title, kinds]) => html`
          <div>
            <h2 class="kinds-title">${title}</h2>
            <ul class="kinds-list">
              ${kinds.map(([kind, words]) => `<li><a class="kinds-link" href="${AT}/vastleggen/${kind}">${words}</a></li>`)}
              ${title === 'Traject' && !ended && `<li><a class="kinds-link" href="${AT}/overdragen">Overdragen aan een collega</a></li>`}
            </ul>
          </div>`,
        )}
      </div>
    </details>
  </nav>`;

/** One condition: state is "yes", "no" or "unknown". */
function condition([state, name, what, missing = null]) {
  const [sign, words] = { yes: ['check', 'Ja'], no: ['cross', 'Nee'], unknown: ['question', 'Niet bekend'] }[state];
  return html`
    <li class="condition condition-${state}">
      <span class="condition-sign">${icon(sign)}${hidden(`${words}: `)}</span>
      <div>
        <span class="condition-name">${name}</span>
        <span class="condition-what">${what}</span>
        ${missing && `<span class="condition-missing">${missing}</span>`}
      </div>
    </li>`;
}

const verdict = (kind, title, where, conditions, after = null) => html`
  <section class="verdict" aria-labelledby="oordeel">
    <h2 class="verdict-title" id="oordeel">Duurzaam werk</h2>
    <p class="verdict-word verdict-${kind}">${title}</p>
    <p class="muted">${where}</p>
    <ul class="conditions">
      ${conditions.map(condition)}
    </ul>
    ${after}
  </section>`;

const facts = (items, runs = true) => html`
  <div class="facts-section">
    ${more(
      'Gegevens van het traject',
      html`
      <dl class="facts">
        ${items.map(([term, value]) => `<div class="fact"><dt>${term}</dt><dd>${value}</dd></div>`)}
      </dl>
      ${runs && p(link(`${AT}/vastleggen/trajectory-changed`, 'Gegevens veranderd'))}`,
    )}
  </div>`;

/** One event. `state` is "" for one that counts, or "retracted". */
function event({ id, name, title, what = [], note = '', when, by, state = '', corrected = null, reason = '' }) {
  return html`
    <li class="event${state && ` event-${state}`}" id="gebeurtenis-${uuid(id)}">
      <span class="event-sign">${icon(name)}</span>
      <div class="event-body">
        <p class="event-when">${when}</p>
        <h4 class="event-title">${state === 'retracted' ? `<s>${title}</s>` : title}</h4>
        ${state === 'retracted' && tag('plain', 'Ingetrokken: dit is niet gebeurd')}
        ${corrected && tag('plain', 'Aangepast', 'edit')}
        ${what.map((line) => `<p class="event-what">${line}</p>`)}
        ${note && `<p class="event-note">${note}</p>`}
        ${reason && `<p class="event-what">${reason}</p>`}
        <p class="event-by">${by}</p>
        ${
          corrected &&
          html`
          <details class="event-more">
            <summary>Wat er eerst stond</summary>
            ${corrected.map((line) => `<p class="event-what">${line}</p>`)}
          </details>`
        }
        ${
          state === 'retracted' &&
          `<p class="event-links">${link(`${AT}/opnieuw/${uuid(id)}`, `Toch gebeurd? Leg het opnieuw vast${hidden(`: ${title}, ${when}`)}`)}</p>`
        }
        ${
          state === '' &&
          html`
          <details class="event-edit">
            <summary>Klopt niet?${hidden(` ${title}, ${when}`)}</summary>
            <p class="event-links">${link(`${AT}/aanpassen/${uuid(id)}`, 'Dit was anders')} ${link(`${AT}/intrekken/${uuid(id)}`, title === 'Intake' ? 'Hele traject intrekken' : 'Dit is niet gebeurd')}</p>
          </details>`
        }
      </div>
    </li>`;
}

const NAMES = ['Januari', 'Februari', 'Maart', 'April', 'Mei', 'Juni', 'Juli', 'Augustus', 'September', 'Oktober', 'November', 'December'];
const monthId = (title) => {
  const [name, year] = title.split(' ');
  return `maand-${year}-${String(NAMES.indexOf(name) + 1).padStart(2, '0')}`;
};

const month = ([title, events]) => html`
  <section class="month" aria-labelledby="${monthId(title)}">
    <h3 class="month-title" id="${monthId(title)}">${title}</h3>
    <ol class="events">
      ${events.map(event)}
    </ol>
  </section>`;

const MONTHS = [
  [
    'November 2025',
    [
      {
        id: 901,
        name: 'phone',
        title: 'Contact met de cliënt',
        what: ['Telefoon, 15 minuten'],
        note: 'Gaat goed op het werk. Vroege dienst is zwaar. Volgende week met de bakker praten over een uur erbij.',
        when: '17 november',
        by: 'Marieke de Boer, dezelfde dag vastgelegd',
      },
      {
        id: 902,
        name: 'work',
        title: 'Werk veranderd',
        what: ['Bakkerij Van Vliet: 11,5 uur per week'],
        when: '3 november',
        by: 'Marieke de Boer, aangepast op 10 november',
        corrected: ['Bakkerij Van Vliet: 10 uur per week. Vastgelegd door Marieke de Boer op 4 november.'],
      },
    ],
  ],
  [
    'Oktober 2025',
    [
      {
        id: 903,
        name: 'phone',
        title: 'Contact met het UWV',
        what: ['Telefoon'],
        when: '21 oktober',
        by: 'Marieke de Boer, ingetrokken op 22 oktober',
        state: 'retracted',
        reason: 'Reden van intrekken: hoorde bij een andere cliënt.',
      },
      {
        id: 904,
        name: 'people',
        title: 'Contact met de werkgever',
        what: ['Op locatie, 45 minuten'],
        note: 'Evaluatie met Kees van Vliet. Tevreden. Contract verlengd tot en met 14 februari.',
        when: '9 oktober',
        by: 'Marieke de Boer, dezelfde dag vastgelegd',
      },
      {
        id: 905,
        name: 'work',
        title: 'Werk veranderd',
        what: ['Bakkerij Van Vliet: contract tot en met 14 februari 2026'],
        when: '7 oktober',
        by: 'Marieke de Boer, 2 dagen later vastgelegd',
      },
    ],
  ],
  [
    'September 2025',
    [
      {
        id: 906,
        name: 'school',
        title: 'Opleiding gestart',
        what: ['Mbo niveau 2'],
        when: '1 september',
        by: 'Joost Verhagen, dezelfde dag vastgelegd',
      },
    ],
  ],
  [
    'April 2025',
    [
      {
        id: 907,
        name: 'work',
        title: 'Werk gestart',
        what: [
          'Bakkerij Van Vliet, bakkerij',
          '16 uur per week, gewone werkplek, normaal loon zonder subsidie',
          'Contract tot en met 6 oktober 2025',
        ],
        when: '7 april',
        by: 'Marieke de Boer, 1 dag later vastgelegd',
      },
      {
        id: 908,
        name: 'flag',
        title: 'Plaatsing gestopt',
        what: ['Werkervaringsplaats, laatste dag 4 april'],
        when: '4 april',
        by: 'Marieke de Boer, 4 dagen later vastgelegd',
      },
    ],
  ],
  [
    'Maart 2025',
    [
      {
        id: 909,
        name: 'flag',
        title: 'Plaatsing gestart',
        what: ['Werkervaringsplaats'],
        when: '10 maart',
        by: 'Marieke de Boer, dezelfde dag vastgelegd',
      },
    ],
  ],
  [
    'Februari 2025',
    [
      {
        id: 910,
        name: 'people',
        title: 'Contact met de werkgever',
        what: ['Op locatie, 30 minuten'],
        when: '24 februari',
        by: 'Marieke de Boer, dezelfde dag vastgelegd',
      },
      {
        id: 911,
        name: 'profile',
        title: 'Assessment',
        what: ['Sectoren: bakkerij, horeca', 'Hoogstens 24 uur per week'],
        note: 'Werkt graag met de handen. Rustige plek, vaste begeleider op de werkvloer.',
        when: '10 februari',
        by: 'Marieke de Boer, dezelfde dag vastgelegd',
      },
    ],
  ],
  [
    'Januari 2025',
    [
      {
        id: 912,
        name: 'star',
        title: 'Engagement',
        what: ['Wil betaald werk'],
        when: '27 januari',
        by: 'Marieke de Boer, dezelfde dag vastgelegd',
      },
      {
        id: 913,
        name: 'person',
        title: 'Intake',
        what: ['IPS, variant EPA. Betaald door de gemeente.'],
        when: '13 januari',
        by: 'Marieke de Boer, 1 dag later vastgelegd',
      },
    ],
  ],
];

/** What is still on this device: assets/js/app.js puts it in, in the markup of the outbox. */
const waitingOf = (entries) => html`
  <div class="waiting" data-waiting="${NOOR}" data-waiting-view="list">${
    entries.length > 0 &&
    html`
    <ul class="outbox-entries">
      ${entries.map((what) => `<li class="outbox-entry" data-state="waiting"><p><a href="${AT}">${what}</a> <span class="outbox-state">wacht op verbinding</span></p></li>`)}
    </ul>`
  }</div>`;

const SENTENCES = [
  'Werkervaringsplaats: 10 maart 2025 tot en met 4 april 2025',
  'Bakkerij Van Vliet: vanaf 7 april 2025. Nu 11,5 uur per week, gewone werkplek, normaal loon zonder subsidie, contract tot en met 14 februari 2026. Duurzaam 7 april 2025 tot en met 2 november 2025. Niet duurzaam vanaf 3 november 2025',
  'Opleiding mbo niveau 2: vanaf 1 september 2025',
  '15 contacten. Laatste contact op 17 november 2025',
];

const NOOR_BARS = {
  id: 'balken',
  first: '2025-01-01',
  last: '2026-03-10',
  today: '2025-11-20',
  title: SENTENCES.map((sentence) => `${sentence}.`).join(' '),
  ticks: [
    ['2025-01-01', '2025'],
    ['2025-04-01', 'apr'],
    ['2025-07-01', 'jul'],
    ['2025-10-01', 'okt'],
    ['2026-01-01', '2026'],
  ],
  contacts: [
    '2025-01-13',
    '2025-01-20',
    '2025-01-27',
    '2025-02-10',
    '2025-02-24',
    '2025-03-10',
    '2025-03-24',
    '2025-04-14',
    '2025-05-06',
    '2025-06-02',
    '2025-07-14',
    '2025-08-28',
    '2025-09-16',
    '2025-10-09',
    '2025-11-17',
  ],
  rows: [
    { label: 'Werkervaringsplaats', parts: [{ from: '2025-03-10', until: '2025-04-05', kind: 'other' }] },
    {
      label: 'Bakkerij Van Vliet, nu 11,5 uur per week',
      ends: '2026-02-15',
      parts: [
        { from: '2025-04-07', until: '2025-11-03', kind: 'sustainable' },
        { from: '2025-11-03', until: '2025-11-20', kind: 'work' },
      ],
    },
    { label: 'Opleiding mbo niveau 2', parts: [{ from: '2025-09-01', until: '2025-11-20', kind: 'other' }] },
  ],
};

const overTime = html`
  <section class="section" aria-labelledby="verloop">
    <h2 class="utrecht-heading-2" id="verloop">Werk in de tijd</h2>
    <figure class="figure">
      ${bars(NOOR_BARS)}
      <figcaption>
        ${legend([
          ['sustainable', 'Duurzaam werk'],
          ['work', 'Werk, niet duurzaam'],
          ['other', 'Plaatsing of opleiding'],
          ['until', 'Afgesproken contract'],
        ])}
      </figcaption>
    </figure>
    <details class="event-more">
      <summary>Lees dit als lijst</summary>
      <ul class="utrecht-unordered-list">
        ${SENTENCES.map((sentence) => `<li class="utrecht-unordered-list__item">${sentence}</li>`)}
      </ul>
    </details>
  </section>`;

const FACTS = [
  ['Methode', 'IPS, variant EPA'],
  ['Betaald door', 'Gemeente'],
  ['Regio', 'Midden-Utrecht'],
  ['Uitkering', 'Participatiewet'],
  ['In zorg', 'Ja'],
  ['Coach', 'Marieke de Boer'],
];

const headOf = (name, line, now, untold = []) => html`
  ${back('/', 'Mijn trajecten')}
  <div class="trajectory-head">
    ${h1(name)}
    ${p(line, 'lead')}
    ${steps(now, untold)}
  </div>`;

export function trajectory({ waiting = false, theme = '' } = {}) {
  return page({
    title: 'Noor',
    width: 'wide',
    outbox: waiting ? ['waiting', 2] : ['sent', 0],
    theme,
    body: html`
      ${headOf('Noor', 'IPS · gestart op 13 januari 2025', 4)}
      ${quickActions([
        ['paid-work-changed', 'Werk veranderd'],
        ['paid-work-stopped', 'Werk gestopt'],
      ])}
      <div class="columns">
        <div class="aside">
          ${verdict('no', 'Nu niet duurzaam', 'Bakkerij Van Vliet, sinds 7 april 2025', [
            ['yes', 'Gewone werkplek', 'Ja'],
            ['no', 'Uren', '11,5 uur per week, 12 uur is nodig', 'Nog 0,5 uur per week tekort'],
            ['yes', 'Loon', 'Normaal loon, zonder subsidie'],
            ['yes', 'Contract', 'Minstens 3 maanden, tot en met 14 februari 2026'],
          ])}
          ${facts(FACTS)}
        </div>
        <div class="main">
          ${overTime}
          <section class="section" aria-labelledby="gebeurd">
            <h2 class="utrecht-heading-2" id="gebeurd">Wat er gebeurde</h2>
            ${waitingOf(waiting ? ['Contact, 20 november 2025', 'Werk veranderd, 20 november 2025'] : [])}
            ${MONTHS.map(month)}
          </section>
        </div>
      </div>`,
  });
}

/** Only an intake: nothing over time yet, and the next step named. */
export function trajectoryNew() {
  return page({
    title: 'Hasan',
    width: 'wide',
    strip: '<span data-kind="recorded">Vastgelegd.</span>',
    body: html`
      ${headOf('Hasan', 'Werkfit maken · gestart op 18 november 2025', 0)}
      ${quickActions([['engagement', 'Engagement']])}
      <div class="columns">
        <div class="aside">
          <section class="verdict" aria-labelledby="oordeel">
            <h2 class="verdict-title" id="oordeel">Duurzaam werk</h2>
            ${p('Er is nog geen betaald werk vastgelegd.', 'muted')}
          </section>
          ${facts([
            ['Methode', 'Werkfit maken'],
            ['Betaald door', 'UWV'],
            ['Regio', 'Midden-Utrecht'],
            ['Uitkering', 'Niet bekend'],
            ['Coach', 'Marieke de Boer'],
          ])}
        </div>
        <div class="main">
          <section class="section" aria-labelledby="gebeurd">
            <h2 class="utrecht-heading-2" id="gebeurd">Wat er gebeurde</h2>
            ${waitingOf([])}
            ${month(['November 2025', [{ id: 920, name: 'person', title: 'Intake', what: ['Werkfit maken. Betaald door het UWV.'], when: '18 november', by: 'Marieke de Boer, dezelfde dag vastgelegd' }]])}
          </section>
        </div>
      </div>`,
  });
}

/** A trajectory with two things unknown: what is missing is asked for where it is missing. */
export function trajectoryUnknown() {
  return page({
    title: 'Chantal',
    width: 'wide',
    body: html`
      ${headOf('Chantal', 'Jobcoaching · gestart op 2 juni 2025 · afgesloten op 14 november 2025', 5, [0, 1, 2, 3, 4])}
      ${alert('info', 'Dit traject is afgesloten', p(`De laatste dag was 14 november 2025. ${link(`${AT}/intrekken/${uuid(930)}`, 'Toch niet afgesloten?')}`))}
      ${quickActions([], true)}
      <div class="columns">
        <div class="aside">
          ${verdict('unknown', 'Nog niet te zeggen', 'Zorgcentrum De Linde, sinds 1 september 2025', [
            ['yes', 'Gewone werkplek', 'Ja'],
            ['yes', 'Uren', '20 uur per week'],
            ['unknown', 'Loon', 'Niet bekend', link(`${AT}/vastleggen/paid-work-changed`, 'Loon invullen')],
            ['unknown', 'Contract', 'Oproep, uitzendwerk of eigen bedrijf: de duur is niet bekend', link(`${AT}/vastleggen/paid-work-changed`, 'Contract invullen')],
          ])}
          ${facts([['Methode', 'Jobcoaching'], ...FACTS.slice(1)], false)}
        </div>
        <div class="main">
          <section class="section" aria-labelledby="gebeurd">
            <h2 class="utrecht-heading-2" id="gebeurd">Wat er gebeurde</h2>
            ${waitingOf([])}
            ${month([
              'November 2025',
              [
                {
                  id: 930,
                  name: 'exit',
                  title: 'Traject afgesloten',
                  what: ['Reden: doel bereikt'],
                  when: '14 november',
                  by: 'Marieke de Boer, dezelfde dag vastgelegd',
                },
                {
                  id: 931,
                  name: 'phone',
                  title: 'Contact met de cliënt',
                  what: ['Telefoon, 20 minuten'],
                  note: '<span class="sealed">Deze tekst is verzegeld</span>',
                  when: '12 november',
                  by: 'Marieke de Boer, dezelfde dag vastgelegd',
                },
              ],
            ])}
          </section>
        </div>
      </div>`,
  });
}

export { AT, area, button, date, field };
