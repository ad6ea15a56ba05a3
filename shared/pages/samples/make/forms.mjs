// A form for every kind of event. Each asks what matters; the rest is folded away.

import { alert, back, button, buttonLink, csrfField, h1, html, link, p, page, uuid } from './lib.mjs';
import { area, choice, date, decimal, errorSummary, field, integer, more, select, several, tick, when } from './fields.mjs';
import { AT, NOOR } from './trajectory.mjs';

const TODAY = ['20', '11', '2025'];

const uuidOf = (n) => uuid(700 + n);

/**
 * The frame of a form that records an event. `attributes` are further data- of the form. The button is disabled in the page and enabled by
 * assets/js/forms.js: without it the browser would send the form by itself.
 */
export function logForm({
  kind,
  title,
  who = 'Noor',
  lead = '',
  body,
  save = 'Vastleggen',
  errors = null,
  attributes = '',
  at = AT,
  trajectory = NOOR,
  revision = 24,
  outbox,
  backTo = null,
  danger = false,
  heading = title,
  instead = null,
  ended = '',
}) {
  return page({
    title: who ? `${title}: ${who}` : title,
    width: 'narrow',
    outbox,
    body: html`
      ${back(backTo?.[0] ?? at, backTo?.[1] ?? who)}
      ${h1(heading)}
      ${lead && p(lead, 'lead')}
      ${instead}
      <form class="form log"${instead && ' hidden'} method="post" autocomplete="off" data-event-type="${kind}" data-trajectory="${trajectory}" data-organisation="ggz-voorbeeld" data-revision="${revision}"${trajectory === NOOR && ` data-began="2025-01-13"`}${ended && ` data-ended="2025-11-14" data-ended-words="${ended}"`}${who && ` data-client="${who}"`}${attributes && ` ${attributes}`} novalidate>
        ${errors}
        ${csrfField}
        ${body}
        <noscript>${p('Vastleggen werkt alleen met JavaScript: zo gaat er zonder verbinding niets verloren. Zet JavaScript aan in de browser en laad de pagina opnieuw.')}</noscript>
        <div class="actions">
          ${button(`primary-action${danger ? ' utrecht-button--danger' : ''}`, save, 'type="submit" disabled')}
          ${buttonLink(backTo?.[0] ?? at, 'subtle', 'Annuleren', '', 'data-cancel')}
        </div>
      </form>`,
  });
}

const occurredOn = (legend, options = {}) => date({ name: 'occurred_on', legend, today: options.value === undefined ? true : 'kept', value: TODAY, ...options });
const UNKNOWN = ['unknown', 'Weet ik niet'];

// ---- Contact -------------------------------------------------------------------------------------------------------------------

const WITH = [
  ['client', 'Cliënt'],
  ['employer', 'Werkgever'],
  ['care_team', 'Zorgteam'],
  ['uwv', 'UWV'],
  ['municipality', 'Gemeente'],
  ['family', 'Familie'],
];
const CHANNEL = [
  ['in_person', 'Op locatie'],
  ['phone', 'Telefoon'],
  ['video', 'Videobellen'],
  ['message', 'Bericht'],
];

const contactBody = ({ channelError = '', channel = null, who = 'client', dateError = '', day, note = '', minutes = '', when = {} } = {}) => html`
  ${choice({ id: 'met-wie', name: 'with', legend: 'Met wie?', choices: WITH, checked: who })}
  ${choice({ id: 'hoe', name: 'channel', legend: 'Hoe?', choices: CHANNEL, checked: channel, error: channelError })}
  ${occurredOn('Wanneer?', { error: dateError, ...(day ? { value: day } : {}), ...when })}
  ${area({ id: 'notitie', name: 'note', label: 'Notitie', optional: true, value: note, rows: 3 })}
  ${more('Duur vastleggen', integer({ id: 'minuten', name: 'minutes', label: 'Hoe lang duurde het?', optional: true, unit: 'minuten', value: minutes }), minutes !== '')}`;

export const contact = () => logForm({ kind: 'contact', title: 'Contact vastleggen', body: contactBody() });

/** What was typed before the phone rang is there again. */
export const contactDraft = () =>
  logForm({
    kind: 'contact',
    title: 'Contact vastleggen',
    errors: html`
    <div class="form-notice" role="status">
      <p>Wat eerder is ingevuld, staat er weer.</p>
      <button type="button" class="draft-discard">Leeg beginnen</button>
    </div>`,
    body: contactBody({ channel: 'phone', note: 'Belt terug over de' }),
  });

/** After the end: no day is likely, and none after it is taken. */
export const contactEnded = () =>
  logForm({
    kind: 'contact',
    title: 'Contact vastleggen',
    ended: '14 november 2025',
    body: contactBody({ when: { today: false, value: ['', '', ''], hint: 'Het traject eindigde op 14 november 2025. Vul die dag of een eerdere in.' } }),
  });

export const contactErrors = () =>
  logForm({
    kind: 'contact',
    title: 'Contact vastleggen',
    errors: errorSummary([
      ['veld-channel', 'Hoe? – Maak een keuze.'],
      ['occurred-on-day', 'Wanneer? – Deze dag is nog niet geweest. Vul vandaag of een eerdere dag in.'],
    ]),
    body: contactBody({
      channelError: 'Maak een keuze.',
      day: ['21', '11', '2025'],
      dateError: 'Deze dag is nog niet geweest. Vul vandaag of een eerdere dag in.',
      note: 'Gaat goed op het werk.',
    }),
  });

// ---- Paid work -----------------------------------------------------------------------------------------------------------------

const PAY = [
  ['normal', 'Normaal loon, zonder loonkostensubsidie', 'De werkgever betaalt het hele loon zelf'],
  ['measured', 'Gemeten loonwaarde', 'Wat iemand op deze plek presteert, in procenten van een gewone werknemer; gemeente of UWV stelt het vast'],
  UNKNOWN,
];
const CONTRACT = [['permanent', 'Vast'], ['fixed_term', 'Tijdelijk'], ['other', 'Anders', 'Oproep, uitzendwerk of eigen bedrijf'], UNKNOWN];
const WORKPLACE = [['yes', 'Ja'], ['no', 'Nee', 'Bijvoorbeeld beschut werk of dagbesteding'], UNKNOWN];

const pay = (checked = null, percent = '') => html`
  ${choice({ id: 'loon', name: 'pay', legend: 'Loon', choices: PAY, checked, column: true })}
  ${when('pay', 'measured', decimal({ id: 'loonwaarde', name: 'wage_value_percent', label: 'Hoe hoog is de loonwaarde?', unit: '%', value: percent }))}`;
const contract = (checked = null, until) => html`
  ${choice({ id: 'contract', name: 'contract.kind', legend: 'Contract', choices: CONTRACT, checked, column: true })}
  ${when('contract.kind', 'fixed_term', date({ name: 'contract.until', legend: 'Tot en met welke dag?', value: until }))}`;
const hours = (value = '', label = 'Uren per week') =>
  decimal({
    id: 'uren',
    name: 'hours_per_week',
    label,
    unit: 'uur per week',
    value,
    hint: 'Zoals 16 of 11,5. Verschilt het? Neem het gemiddelde.',
  });
const workplace = (checked = null) =>
  choice({ id: 'werkplek', name: 'regular_workplace', legend: 'Is het een gewone werkplek?', choices: WORKPLACE, checked, column: true });
const employer = (value = '') =>
  field({ id: 'werkgever', name: 'employer', label: 'Werkgever', value, optional: true, attributes: 'autocomplete="off"' });
const sector = (value = '') => field({ id: 'sector', name: 'sector', label: 'Sector', value, optional: true, attributes: 'autocomplete="off"' });

/** Which job is meant: asked only when there is more than one. */
const whichJob = (legend = 'Welk werk?') =>
  choice({
    id: 'werk',
    name: 'job_id',
    legend,
    choices: [
      [uuidOf(1), 'Bakkerij Van Vliet', 'sinds 7 april 2025'],
      [uuidOf(2), 'Koffiebar Luna', 'sinds 15 september 2025'],
    ],
    column: true,
  });
const theJob = `<input type="hidden" name="job_id" value="${uuidOf(1)}">`;

export const paidWorkStarted = () =>
  logForm({
    kind: 'paid_work_started',
    title: 'Werk gestart',
    body: html`
    ${employer()}
    ${occurredOn('Eerste werkdag')}
    ${hours()}
    ${tick({ name: 'hours_per_week.unknown', label: 'Weet ik niet' })}
    ${pay()}
    ${contract()}
    ${workplace()}
    ${tick({ name: 'ends_job_id', value: uuidOf(1), label: 'Dit komt in de plaats van Bakkerij Van Vliet' })}
    ${more('Meer vastleggen', sector())}`,
  });

/** The same with what opens below a choice. */
export const paidWorkStartedFilled = () =>
  logForm({
    kind: 'paid_work_started',
    title: 'Werk gestart',
    body: html`
    ${employer('Fietsenwinkel De Spaak')}
    ${occurredOn('Eerste werkdag', { value: ['3', '11', '2025'] })}
    ${hours('24')}
    ${tick({ name: 'hours_per_week.unknown', label: 'Weet ik niet' })}
    ${pay('measured', '62,5')}
    ${contract('fixed_term', ['2', '5', '2026'])}
    ${workplace('yes')}
    ${more('Meer vastleggen', sector('Detailhandel'), true)}`,
  });

export const paidWorkChanged = () =>
  logForm({
    kind: 'paid_work_changed',
    title: 'Werk veranderd',
    lead: 'Bakkerij Van Vliet, sinds 7 april 2025. Vul alleen in wat er veranderd is.',
    body: html`
    ${theJob}
    ${occurredOn('Vanaf welke dag?')}
    ${more('Uren per week', html`<p class="now">Tot nu: 11,5 uur per week</p>\n${hours('', 'Hoeveel uur is het nu?')}\n${tick({ name: 'hours_per_week.unknown', label: 'Weet ik niet' })}`, true)}
    ${more('Contract', html`<p class="now">Tot nu: contract tot en met 14 februari 2026</p>\n${contract()}`)}
    ${more('Loon', html`<p class="now">Tot nu: normaal loon zonder subsidie</p>\n${pay()}`)}
    ${more('Werkplek', html`<p class="now">Tot nu: gewone werkplek</p>\n${workplace()}`)}
    ${more('Werkgever en sector', html`<p class="now">Tot nu: Bakkerij Van Vliet, bakkerij</p>\n${employer()}\n${sector()}`)}`,
  });

const stopped = (options = {}) => html`
  ${options.which ?? theJob}
  ${occurredOn('Laatste werkdag', { hint: 'De laatste dag dat er nog gewerkt is of had moeten worden. Liep een contract af, dan is dat vaak de laatste dag daarvan.', ...options })}
  ${field({ id: 'reden', name: 'reason', label: 'Reden', optional: true, attributes: 'autocomplete="off"' })}`;

export const paidWorkStopped = () =>
  logForm({ kind: 'paid_work_stopped', title: 'Werk gestopt', body: stopped({ which: whichJob('Welk werk is gestopt?') }) });

/** The log's refusal, shown where it arose. */
export const paidWorkStoppedRefused = () =>
  logForm({
    kind: 'paid_work_stopped',
    title: 'Werk gestopt',
    lead: 'Bakkerij Van Vliet, sinds 7 april 2025',
    outbox: ['refused', 1],
    errors: errorSummary(
      [
        [
          'occurred-on-day',
          'Laatste werkdag – De laatste werkdag ligt vóór de eerste werkdag, 7 april 2025.',
          `<a href="${AT}#gebeurtenis-${uuid(907)}">Bekijk wanneer het werk startte</a>`,
        ],
      ],
      'Dit is niet vastgelegd',
    ),
    body: stopped({ value: ['2', '4', '2025'], error: 'De laatste werkdag ligt vóór de eerste werkdag, 7 april 2025.' }),
  });

// ---- Placement and education ---------------------------------------------------------------------------------------------------

const PLACEMENT = [
  ['trial_placement', 'Proefplaatsing', 'Op proef bij een werkgever, met behoud van uitkering'],
  ['work_experience', 'Werkervaringsplaats'],
  ['volunteer_work', 'Vrijwilligerswerk'],
  ['day_activity', 'Dagbesteding'],
];

export const placementStarted = () =>
  logForm({
    kind: 'placement_started',
    title: 'Plaatsing gestart',
    lead: 'Werk zonder loon.',
    body: html`
    ${choice({ id: 'soort', name: 'kind', legend: 'Wat voor plaatsing?', choices: PLACEMENT, column: true })}
    ${occurredOn('Eerste dag')}`,
  });

export const placementStopped = () =>
  logForm({
    kind: 'placement_stopped',
    title: 'Plaatsing gestopt',
    lead: 'Werkervaringsplaats, sinds 10 maart 2025',
    body: html`
    <input type="hidden" name="placement_id" value="${uuidOf(3)}">
    ${occurredOn('Laatste dag')}
    ${field({ id: 'reden', name: 'reason', label: 'Reden', optional: true, attributes: 'autocomplete="off"' })}`,
  });

const LEVELS = [
  ['', 'Kies een niveau'],
  ['vso', 'Voortgezet speciaal onderwijs'],
  ['vmbo', 'Vmbo'],
  ['mbo-1', 'Mbo niveau 1 (entree)'],
  ['mbo-2', 'Mbo niveau 2'],
  ['mbo-3', 'Mbo niveau 3'],
  ['mbo-4', 'Mbo niveau 4'],
  ['havo-vwo', 'Havo of vwo'],
  ['hbo', 'Hbo'],
  ['wo', 'Universiteit'],
  ['course', 'Cursus of training'],
  UNKNOWN,
];

export const educationStarted = () =>
  logForm({
    kind: 'education_started',
    title: 'Opleiding gestart',
    body: html`
    ${select({ id: 'niveau', name: 'level', label: 'Niveau', options: LEVELS, optional: true })}
    ${occurredOn('Eerste dag')}`,
  });

export const educationStopped = () =>
  logForm({
    kind: 'education_stopped',
    title: 'Opleiding gestopt',
    lead: 'Opleiding mbo niveau 2, sinds 1 september 2025',
    body: html`
    <input type="hidden" name="education_id" value="${uuidOf(4)}">
    ${occurredOn('Laatste dag')}
    ${choice({ id: 'afgerond', name: 'completed', legend: 'Is de opleiding afgerond?', choices: [['yes', 'Ja, met diploma of certificaat'], ['no', 'Nee'], UNKNOWN], column: true })}`,
  });

// ---- The trajectory ------------------------------------------------------------------------------------------------------------

export const engagement = () =>
  logForm({
    kind: 'engagement',
    title: 'Engagement',
    lead: 'Wensen en doelen van de cliënt.',
    body: html`
    ${choice({
      id: 'wens',
      name: 'wish',
      legend: 'Wat wil de cliënt?',
      choices: [
        ['paid_work', 'Betaald werk'],
        ['education', 'Een opleiding'],
        ['unpaid_work', 'Onbetaald werk'],
        ['explore', 'Eerst ontdekken wat past'],
      ],
      column: true,
    })}
    ${area({ id: 'doelen', name: 'goals', label: 'Doelen in eigen woorden', optional: true })}
    ${occurredOn('Wanneer besproken?')}`,
  });

export const assessment = () =>
  logForm({
    kind: 'assessment',
    title: 'Assessment',
    lead: 'Het arbeidsprofiel van de cliënt.',
    body: html`
    ${area({ id: 'sectoren', name: 'sectors', label: 'In welke sectoren?', optional: true, hint: 'Zet elke sector op een eigen regel.', rows: 3 })}
    ${decimal({ id: 'hoogstens', name: 'max_hours_per_week', label: 'Hoeveel uur kan de cliënt hoogstens werken?', optional: true, unit: 'uur per week' })}
    ${area({ id: 'profiel', name: 'profile', label: 'Wat past bij de cliënt?', optional: true, hint: 'Wat gaat goed, wat is nodig op het werk, wat werkt niet.' })}
    ${occurredOn('Wanneer gemaakt?')}`,
  });

const METHODS = [
  ['ips', 'IPS'],
  ['wabz', 'WABZ'],
  ['jobcoaching', 'Jobcoaching'],
  ['werkfit', 'Werkfit maken'],
  ['naar_werk', 'Naar werk'],
  ['other', 'Anders'],
];
const VARIANTS = [
  ['epa', 'EPA', 'Ernstige psychische aandoening'],
  ['cmd', 'CMD', 'Veelvoorkomende psychische klachten'],
  ['other', 'Anders'],
  UNKNOWN,
];
const FUNDING = [
  ['municipality', 'Gemeente'],
  ['uwv', 'UWV'],
  ['other', 'Anders'],
];
const REGIONS = [
  ['', 'Kies een regio'],
  ['AM14', 'Amersfoort'],
  ['AM10', 'Rivierenland'],
  ['AM11', 'Flevoland'],
  ['AM13', 'Midden-Utrecht'],
  ['AM18', 'Groot Amsterdam'],
];
const TARGETS = [
  ['', 'Kies een doelgroep'],
  ['epa', 'EPA: ernstige psychische aandoening'],
  ['cmd', 'CMD: veelvoorkomende psychische klachten'],
  ['other', 'Anders'],
  UNKNOWN,
];
const BENEFITS = [
  ['', 'Kies een uitkering'],
  ['participatiewet', 'Participatiewet'],
  ['wajong', 'Wajong'],
  ['wia', 'WIA'],
  ['wao', 'WAO'],
  ['waz', 'WAZ'],
  ['zw', 'Ziektewet'],
  ['ww', 'WW'],
  ['none', 'Geen uitkering'],
  UNKNOWN,
];
const CARE = [['yes', 'Ja'], ['no', 'Nee'], UNKNOWN];
const COACHES = [
  ['', 'Kies een collega'],
  ['coach-2', 'Joost Verhagen'],
  ['coach-3', 'Lina Bakkali'],
  ['coach-4', 'Pim Scholten'],
];

const region = (value = '') => select({ id: 'regio', name: 'region', label: 'Arbeidsmarktregio', options: REGIONS, value });
const benefit = () => select({ id: 'uitkering', name: 'benefit', label: 'Uitkering', options: BENEFITS, optional: true });
const care = () => choice({ id: 'in-zorg', name: 'in_care', legend: 'Is de cliënt in behandeling bij de ggz?', choices: CARE });
const scheme = html`
  ${select({
    id: 'regeling',
    name: 'scheme',
    label: 'Regeling',
    optional: true,
    options: [
      ['', 'Kies een regeling'],
      ['landelijke-ips-regeling-gemeenten', 'Landelijke IPS-regeling voor gemeenten'],
      [':other', 'Anders'],
      ['unknown', 'Geen, of weet ik niet'],
    ],
  })}
  ${when('scheme', ':other', field({ id: 'regeling-anders', name: 'scheme.other', label: 'Hoe heet de regeling?', size: 'medium', attributes: 'autocomplete="off"' }))}`;
const target = () => select({ id: 'doelgroep', name: 'target_group', label: 'Doelgroep', options: TARGETS, optional: true });
const label = (options = {}) =>
  field({
    id: 'naam',
    name: 'label',
    label: 'Naam van de cliënt',
    hint: 'Zoals je de cliënt noemt. Alleen wie het traject mag zien, ziet de naam.',
    attributes: 'autocomplete="off" data-most="200"',
    ...options,
  });

export const intake = () =>
  logForm({
    kind: 'intake',
    title: 'Nieuw traject',
    who: '',
    trajectory: '',
    backTo: ['/', 'Mijn trajecten'],
    save: 'Traject starten',
    revision: 0,
    body: html`
    ${label()}
    ${occurredOn('Wanneer begint het traject?')}
    ${choice({ id: 'methode', name: 'method', legend: 'Methode', choices: METHODS })}
    ${when('method', 'ips', choice({ id: 'variant', name: 'variant', legend: 'Variant van IPS', choices: VARIANTS, column: true }))}
    ${choice({ id: 'betaler', name: 'funding', legend: 'Wie betaalt?', choices: FUNDING })}
    ${region('AM13')}
    <input type="hidden" name="coach" value="coach-1">
    ${more('Meer vastleggen', html`${benefit()}\n${care()}\n${target()}\n${scheme}`)}`,
  });

export const trajectoryChanged = () =>
  logForm({
    kind: 'trajectory_changed',
    title: 'Gegevens veranderd',
    lead: 'Vul alleen in wat er veranderd is.',
    body: html`
    ${occurredOn('Vanaf welke dag?')}
    ${more('Naam', label({ value: '', optional: true }))}
    ${more('Wie betaalt', html`<p class="now">Tot nu: gemeente</p>\n${choice({ id: 'betaler', name: 'funding', legend: 'Wie betaalt?', choices: FUNDING })}`)}
    ${more('Uitkering', html`<p class="now">Tot nu: Participatiewet</p>\n${benefit()}`)}
    ${more('Zorg en doelgroep', html`<p class="now">Tot nu: in zorg, EPA</p>\n${care()}\n${target()}`)}
    ${more('Variant van IPS', html`<p class="now">Tot nu: EPA</p>\n${choice({ id: 'variant', name: 'variant', legend: 'Variant van IPS', choices: VARIANTS, column: true })}`)}
    ${more('Regio en regeling', html`<p class="now">Tot nu: Midden-Utrecht</p>\n${region()}\n${scheme}`)}`,
  });

export const transfer = () =>
  logForm({
    kind: 'trajectory_changed',
    title: 'Overdragen aan een collega',
    save: 'Overdragen',
    attributes: 'data-next="/"',
    lead: 'Het traject gaat naar de lijst van je collega. Wat is vastgelegd, blijft staan.',
    body: html`
    ${select({ id: 'collega', name: 'coach', label: 'Naar wie?', options: COACHES })}
    ${occurredOn('Vanaf welke dag?')}`,
  });

export const outflow = () =>
  logForm({
    kind: 'outflow',
    title: 'Traject afsluiten',
    save: 'Afsluiten',
    body: html`
    ${alert('warning', 'Er loopt nog werk', p('Bakkerij Van Vliet staat nog open. Dat is goed als de cliënt daar blijft werken. Is het werk gestopt? Leg dat dan eerst vast.'))}
    ${occurredOn('Laatste dag van het traject')}
    ${select({
      id: 'reden',
      name: 'reason',
      label: 'Reden',
      optional: true,
      options: [
        ['', 'Kies een reden'],
        ['goal-reached', 'Doel bereikt'],
        ['own-wish', 'Op verzoek van de cliënt'],
        ['health', 'Gezondheid'],
        ['moved', 'Verhuisd'],
        ['other-support', 'Andere begeleiding'],
        ['no-contact', 'Geen contact meer'],
        ['other', 'Anders'],
      ],
    })}
    ${choice({ id: 'werkfit', name: 'work_ready', legend: 'Is de cliënt klaar om te werken?', choices: [['yes', 'Ja'], ['no', 'Nee'], UNKNOWN] })}`,
  });

// ---- Corrections and retractions -----------------------------------------------------------------------------------------------

const before = (title, lines) => html`
  <div class="before">
    <p class="before-title">${title}</p>
    ${lines.map((line) => `<p>${line}</p>`)}
  </div>`;

/** Nothing goes on that could stop: what there is to do instead, and a form for what was refused meanwhile. */
export const nothingToStop = () =>
  logForm({
    kind: 'placement_stopped',
    title: 'Plaatsing gestopt',
    instead: html`
      <div class="lone nothing-to-fill-in">
        ${p('<strong>Er loopt geen plaatsing.</strong>')}
        ${p('Is het wel begonnen? Leg dan eerst vast dat het gestart is. Staat het er al en klopt het niet? Pas het dan aan bij wat er gebeurde.')}
        <div class="actions">
          ${buttonLink(`${AT}/vastleggen/placement-started`, 'primary-action', 'Plaatsing gestart')}
          ${buttonLink(`${AT}#gebeurd`, 'subtle', 'Bekijk wat er gebeurde')}
        </div>
      </div>`,
    body: html`
    ${choice({ id: 'werk', name: 'placement_id', legend: 'Welke plaatsing is gestopt?', choices: [], column: true })}
    ${occurredOn('Laatste dag')}
    ${field({ id: 'reden', name: 'reason', label: 'Reden', optional: true, attributes: 'autocomplete="off"' })}`,
  });

const listed = (title, lines) => html`
  <div class="listed">
    ${title && `<h2 class="utrecht-heading-3">${title}</h2>`}
    <ul class="utrecht-unordered-list">
      ${lines.map((line) => `<li class="utrecht-unordered-list__item">${line}</li>`)}
    </ul>
  </div>`;

/** Without the intake there is no trajectory: all of it goes. */
export const retractionWhole = () => {
  const contacts = Array.from({ length: 10 }, (_, n) => `Contact met de cliënt, Telefoon, ${n + 14} januari 2025`);
  return logForm({
    kind: 'retraction',
    title: 'Hele traject intrekken',
    save: 'Hele traject intrekken',
    danger: true,
    attributes: 'data-next="/"',
    lead: 'Zonder intake is er geen traject. Alles wat hieronder staat telt dan niet meer mee, het traject verdwijnt uit je lijst, en alleen een manager kan het nog openen. In het logboek blijft te zien dat je dit hebt ingetrokken.',
    body: html`
    ${alert('info', 'Klopt alleen iets in de intake niet?', p(`Dan hoeft het traject niet weg: ${link(`${AT}/aanpassen/${uuid(900)}`, 'pas de intake aan.')}`))}
    ${listed('Deze 11 gebeurtenissen vervallen', ['Intake, IPS. Betaald door de gemeente, 13 januari 2025', ...contacts.slice(0, 9)])}
    ${more('En nog 1 gebeurtenis', listed('', contacts.slice(9)))}
    ${Array.from({ length: 11 }, (_, n) => `<input type="hidden" name="event_id" value="${uuid(900 + n)}">`)}
    ${area({ id: 'waarom', name: 'reason', label: 'Waarom klopt het niet?', rows: 2 })}`,
  });
};

/** The same form as for the event itself, filled in with what stands there. */
export const correction = () =>
  logForm({
    kind: 'contact',
    title: 'Dit was anders',
    save: 'Aanpassen',
    attributes: `data-corrects="${uuid(901)}"`,
    lead: 'Verander wat niet klopt. Wat er eerst stond, blijft in het logboek te zien.',
    body: html`
    ${before('Nu staat er', ['Contact met de cliënt op 17 november 2025. Telefoon, 15 minuten. Gaat goed op het werk. Vroege dienst is zwaar. Volgende week met de bakker praten over een uur erbij. Vastgelegd door Marieke de Boer.'])}
    ${contactBody({ channel: 'phone', day: ['17', '11', '2025'], note: 'Gaat goed op het werk. Vroege dienst is zwaar. Volgende week met de bakker praten over een uur erbij.', minutes: '15' })}`,
  });

export const retraction = () =>
  logForm({
    kind: 'retraction',
    title: 'Dit is niet gebeurd',
    save: 'Intrekken',
    danger: true,
    lead: 'De gebeurtenis telt dan niet meer mee. In het logboek blijft te zien dat je dit hebt ingetrokken.',
    body: html`
    ${several({
      id: 'gebeurtenissen',
      name: 'event_id',
      legend: 'Wat is niet gebeurd?',
      hint: 'Horen er meer bij dezelfde vergissing? Kies ze samen.',
      checked: [uuid(907), uuid(902), uuid(905)],
      choices: [
        [uuid(907), 'Werk gestart', 'Bakkerij Van Vliet, 7 april 2025'],
        [uuid(905), 'Werk veranderd', 'Bakkerij Van Vliet, 7 oktober 2025'],
        [uuid(902), 'Werk veranderd', 'Bakkerij Van Vliet, 3 november 2025'],
      ],
    })}
    ${area({ id: 'waarom', name: 'reason', label: 'Waarom klopt het niet?', rows: 2 })}`,
  });
