/** Pages for the tests, after the conventions of the real ones: what the scripts need to find, and nothing more. */

export const TRAJECTORY = '5f0c7a52-3b1d-4c8e-8a55-7a3f5f2a9e10';
export const OTHER_TRAJECTORY = '5f0c7a52-3b1d-4c8e-8a55-7a3f5f2a9e11';
export const RETRACTED = ['0b6f3c1e-6c52-4b7e-9f0e-0d7c9a1f0001', '0b6f3c1e-6c52-4b7e-9f0e-0d7c9a1f0002'];
export const JOB = '6d0f4c1a-52a5-4b44-8a0e-3c1a5b9d7701';

let version = 'one';
/** The version of the scripts that pages ask for. */
export const useVersion = (now) => { version = now; };

let nothing = false;
/** Whether nothing goes on that could stop: forms are hidden then, as the real ones are. */
export const nothingGoesOn = (now) => { nothing = now; };

const page = ({ account, csrf } = {}, title, main, html = '') => `<!doctype html>
<html lang="nl"${html}><head><meta charset="utf-8"><title>${title}</title>
${account ? `<meta name="account" content="${account}"><meta name="csrf" content="${csrf}">` : ''}
<script type="module" src="/static/js-${version}/app.js"></script></head>
<body><header><div id="outbox-status" role="status"></div></header><div id="notices" role="status"></div><main><h1>${title}</h1>${main}</main>
${account ? `<form method="post" action="/uitloggen"><input type="hidden" name="csrf" value="${csrf}"><button>Uitloggen</button></form>` : ''}</body></html>`;

export const signIn = () => page({}, 'Inloggen', '<a href="/test/sign-in?account=noor">Noor</a>');
export const offline = () => page({}, 'Geen verbinding', '<div id="outbox-list"></div>', ' data-offline-page').replace(
  '<h1>Geen verbinding</h1>', '<div><h1>Geen verbinding</h1><p>Deze pagina staat niet op dit apparaat.</p></div><template data-at="/inloggen"><h1>Inloggen</h1></template><template data-at="/wachtrij"><h1>Wachtrij</h1></template>'
    + '<template data-at="/trajecten/nieuw"><h1></h1><a data-form="contact">Contact</a><div data-waiting="" data-waiting-view="list"></div></template>',
);
export const waiting = (session) => page(session, 'Wachtrij', '<div id="outbox-list"></div><button type="button" data-send-now hidden>Nu verzenden</button>');

export const caseload = (session, moved) => page(session, 'Mijn trajecten', `<div id="begun"></div><link data-offline href="/vastleggen/contact">
${[TRAJECTORY, OTHER_TRAJECTORY].filter((id) => !moved.has(id)).map((id) => `<p><a data-offline href="/trajecten/${id}">Traject</a> <span data-waiting="${id}"></span></p>`).join('\n')}`);

export const timeline = (session, id, recorded) => page(session, 'Tijdlijn', `<p>Geheim van ${session.account}</p>
<div data-waiting="${id}" data-waiting-view="list"></div>
<ul>${[...recorded.values()].filter(({ event }) => event.trajectory_id === id).map(({ event }) => `<li>${event.type}</li>`).join('')}</ul>`);

const radios = (name, legend, values) => `<fieldset><legend>${legend}</legend>
${values.map((value) => `<label><input type="radio" name="${name}" value="${value}">${value}</label>`).join('\n')}</fieldset>`;
const date = (name, legend, more = '') => `<fieldset data-kind="date" ${more}><legend>${legend}</legend>
${['day', 'month', 'year'].map((part) => `<label>${part}<input name="${name}.${part}" inputmode="numeric"></label>`).join('\n')}
<button type="button" data-day="-1">Gisteren</button></fieldset>`;

const FIELDS = {
  contact: () => `${date('occurred_on', 'Wanneer', 'data-default="today"')}
${radios('with', 'Met wie', ['client', 'employer'])}${radios('channel', 'Hoe', ['in_person', 'phone'])}
<label>Minuten <input name="minutes" data-kind="integer"></label><label>Notitie <textarea name="note" data-most="4000"></textarea></label>`,
  'paid-work-started': () => `${date('occurred_on', 'Eerste werkdag')}<label>Uren <input name="hours_per_week" data-kind="decimal"></label>
${radios('pay', 'Loon', ['normal', 'measured', 'unknown'])}<div data-when="pay=measured"><label>Loonwaarde <input name="wage_value_percent"></label></div>
${radios('contract.kind', 'Contract', ['permanent', 'fixed_term', 'unknown'])}<div data-when="contract.kind=fixed_term">${date('contract.until', 'Tot en met')}</div>`,
  retraction: () => `<fieldset><legend>Wat is niet gebeurd</legend>${RETRACTED.map((id) => `<label><input type="checkbox" name="event_id"
value="${id}">Gebeurtenis</label>`).join('')}</fieldset><label>Waarom <textarea name="reason"></textarea></label>`,
  intake: () => `<label>Naam <input name="label" data-most="200"></label>${date('occurred_on', 'Begin', 'data-default="today"')}
${radios('method', 'Methode', ['ips', 'wabz'])}${radios('funding', 'Wie betaalt', ['uwv', 'other'])}${radios('region', 'Regio', ['AM18'])}`,
  'trajectory-changed': () => `<label>Naar wie? <select name="coach"><option value="">Kies</option><option>coach-2</option></select></label>
${date('occurred_on', 'Vanaf welke dag', 'data-default="today"')}`,
  'paid-work-stopped': () => `<input type="hidden" name="job_id" value="${JOB}">${date('occurred_on', 'Laatste werkdag')}<label>Reden <input name="reason"></label>`,
};

/** With `corrects` and `now` in the query it is the form of a correction, of an event that says so now. */
export const form = (session, trajectory, type, query) => page(session, 'Vastleggen', `${nothing ? '<div class="nothing-to-fill-in"><p>Er loopt niets.</p></div>' : ''}<form class="log"${nothing ? ' hidden' : ''} method="post" data-event-type="${type}"
  data-trajectory="${trajectory}" data-organisation="ggz-voorbeeld" data-revision="9"${query.has('corrects') ? ` data-corrects="${query.get('corrects')}"` : ''}>
${query.has('now') ? `<div class="before"><p class="before-title">Nu staat er</p><p>${query.get('now')}</p></div>` : ''}${FIELDS[type]()}
<button type="submit" disabled>Vastleggen</button><a href="/trajecten/${trajectory}" data-cancel>Annuleren</a></form>`);
