/**
 * From what stands in a form to a decision: the events that the log is asked to record together. Pure: today, new ids and language come in.
 *
 *     values of the form ─▶ build ─┬▶ decision { trajectory, events, expected_revision? } ─▶ body ─▶ JSON of the request
 *                                  ├▶ mistakes [{ field, message }], and then no decision
 *                                  └▶ doubts [{ field, message }]: to be asked about before it is sent
 *
 * - A field that is empty or 'unknown' is absent (unknown to figures); in the two `…_changed` types 'unknown' becomes `null` and empty stays absent.
 * - A stop is asked for its last day and dated the day after.
 * - Normal pay without subsidy is a wage value of 100.
 * - Nothing is judged here that the server can judge better: only what a coach can mend before it is written down. What the contract takes and a
 *   coach hardly means (a day of long ago, work without any condition) is a doubt.
 */

import { fill } from './page.js';

/**
 * @typedef {Record<string, string | string[]>} Values by the names of the fields; fields that repeat have a list
 * @typedef {{ field: string, message: string }} Mistake of the field with this name; of the whole form when it is ''
 * @typedef {{ event_id: string, trajectory_id: string, organisation: string, type: string, occurred_on: string, corrects?: string, data: Data }} Event
 * @typedef {Record<string, any>} Data as the event contract has it for the type
 * @typedef {{ trajectory: string, events: Event[], expected_revision?: number }} Decision
 * @typedef {object} Context
 * @property {string} trajectory its id; '' for one that begins now
 * @property {string} organisation
 * @property {string} today the day in Europe/Amsterdam, as 2026-03-09
 * @property {Record<string, string>} strings sentences by name
 * @property {string} [corrects] the event that this one replaces
 * @property {number} [expectedRevision]
 * @property {Event[]} [keep] the events of an earlier, refused try: their ids are used again
 * @property {string} [began] the trajectory's first day
 * @property {string} [ended] its last day, when it has ended
 * @property {string} [endedWords] the same in words
 * @property {Values} [given] what stood in the form before anybody touched it
 * @property {Values} [former] what stood in the form of a correction before anybody touched it
 * @property {() => string} [uuid]
 */

/** The fields of `data` and their kinds; `!` is required. What each means is in the event contract. */
const TYPES = {
  intake: {
    client_id: 'new', method: 'choice!', variant: 'choice', funding: 'choice!', scheme: 'slug', region: 'choice!', coach: 'slug',
    target_group: 'choice', benefit: 'choice', in_care: 'bool', label: 'text',
  },
  engagement: { wish: 'choice!', goals: 'text' },
  assessment: { sectors: 'list', max_hours_per_week: 'decimal', profile: 'text' },
  placement_started: { placement_id: 'new', kind: 'choice!' },
  placement_stopped: { placement_id: 'choice!', reason: 'text' },
  paid_work_started: {
    job_id: 'new', regular_workplace: 'bool', hours_per_week: 'decimal', wage_value_percent: 'pay', contract: 'contract', sector: 'text',
    employer: 'text',
  },
  paid_work_changed: {
    job_id: 'choice!', regular_workplace: 'bool', hours_per_week: 'decimal', wage_value_percent: 'pay', contract: 'contract', sector: 'text',
    employer: 'text',
  },
  paid_work_stopped: { job_id: 'choice!', reason: 'text' },
  education_started: { education_id: 'new', level: 'slug' },
  education_stopped: { education_id: 'choice!', completed: 'bool' },
  contact: { with: 'choice!', channel: 'choice!', minutes: 'integer', note: 'text' },
  trajectory_changed: {
    variant: 'choice', funding: 'choice', scheme: 'slug', region: 'choice', coach: 'slug', target_group: 'choice', benefit: 'choice', in_care: 'bool',
    label: 'text',
  },
  outflow: { reason: 'slug', work_ready: 'bool' },
  retraction: { event_id: 'several!', reason: 'text!' },
};

/** Of rule 7 of the event contract: what a number may be, both ends included. */
const RANGES = { hours_per_week: [0, 80], max_hours_per_week: [0, 80], wage_value_percent: [0, 100], minutes: [1, 1440] };
/** Unicode code points of one text; a name is no note, and fits a line. */
const LONGEST_TEXT = 4000;
const LONGEST = { label: 200 };
const MOST_SECTORS = 50;
/** Earlier or later years are slips of the finger. What has happened lies in no later year than this one. */
const YEARS = [1900, 2100];
/** Days before this one, so many days before the trajectory began, or before today are asked about: they are most often a slip too. */
const LONG_AGO = '2000-01-01';
const BEFORE_START = 92;
const BEFORE_TODAY = 366;
/** What decides whether work is sustainable, by the names of the form: not to be left open unseen. */
const CONDITIONS = ['hours_per_week', 'pay', 'contract.kind', 'regular_workplace'];
const NEVER_UNKNOWN = ['funding', 'region'];

/** As a choice: none of the list. No code has a colon. */
const OTHER = ':other';
const LONGEST_CODE = 64;

const UNKNOWN = Symbol('unknown');
const DAY = 86_400_000;

/** The day in Europe/Amsterdam, as 2026-03-09. @param {Date} now */
export const amsterdamDay = (now) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(now);

/** The day so many days later. @param {string} day @param {number} days */
export const daysLater = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** `paid-work-started` and `paid_work_started` are the same type. @param {string} name */
export const typeOf = (name) => name.replaceAll('-', '_');

/** The JSON that is posted to the trajectory's events. @param {Decision} decision */
export function body({ events, expected_revision }) {
  return events.length === 1 ? { ...events[0], expected_revision } : { events, expected_revision };
}

/**
 * @param {string} name of the event type
 * @param {Values} values
 * @param {Context} context
 * @returns {{ decision?: Decision, mistakes: Mistake[], doubts: Mistake[] }}
 */
export function build(name, values, context) {
  const type = typeOf(name);
  const form = reader(type, values, context);
  const occurredOn = readOccurredOn(form);
  const data = readData(form);
  if (form.mistakes.length === 0) checkTogether(form, occurredOn, data);
  const retracted = readAlsoRetracted(form);
  if (type === 'paid_work_started' && !context.corrects) doubtConditions(form);
  if (type === 'intake' && !context.corrects && form.one('label') === '') form.doubt('label', 'noName');
  if (context.former && retracted.length === 0) checkChanged(form, occurredOn, data);
  const { mistakes, doubts } = form;
  if (mistakes.length > 0) return { mistakes, doubts };

  const own = type === 'retraction' ? data.event_id.map((event_id) => [type, { ...data, event_id }]) : [[type, data]];
  const contents = [...own, ...readEnded(form), ...retracted];
  const trajectory = context.trajectory || context.keep?.[0].trajectory_id || form.uuid();
  const events = contents.map(([type, data], place) => {
    const event_id = context.keep?.[place]?.event_id ?? form.uuid();
    // What is retracted beside something else was noticed today.
    const occurred_on = type === 'retraction' && own[0][0] !== type ? context.today : occurredOn;
    const event = { event_id, trajectory_id: trajectory, organisation: context.organisation, type, occurred_on, data };
    return place === 0 && context.corrects ? { ...event, corrects: context.corrects } : event;
  });
  const expected = context.expectedRevision === undefined ? {} : { expected_revision: context.expectedRevision };
  return { decision: { trajectory, events, ...expected }, mistakes, doubts };
}

function reader(type, values, context) {
  const mistakes = [];
  const doubts = [];
  const tell = (list) => (field, sentence, parameters) => {
    if (!list.some((told) => told.field === field)) list.push({ field, message: fill(context.strings[sentence], parameters) });
  };
  return {
    type, context, mistakes, doubts,
    changed: type.endsWith('_changed'),
    stopped: type.endsWith('_stopped'),
    uuid: context.uuid ?? (() => crypto.randomUUID()),
    one: (field) => String([values[field] ?? ''].flat()[0] ?? '').trim(),
    all: (field) => [values[field] ?? []].flat().map((value) => value.trim()).filter(Boolean),
    has: (field) => field in values,
    wrong: tell(mistakes),
    doubt: tell(doubts),
  };
}

// ---- Dates ----

/** A form that does not ask for a day means today (a retraction: the day on which the mistake was noticed). */
function readOccurredOn(form) {
  if (!form.has('occurred_on.day')) return form.context.today;
  const day = readDate(form, 'occurred_on', true);
  if (!day) return undefined;
  const { today, ended, endedWords } = form.context;
  if (day > today) form.wrong('occurred_on.day', form.stopped ? 'lastDayInFuture' : 'dayInFuture');
  // Retracted together with it the end stands in nobody's way.
  else if (ended && day > ended && form.all('also_retract').length === 0) form.wrong('occurred_on.day', 'afterEnd', { day: endedWords });
  return form.stopped ? daysLater(day, 1) : day;
}

/** @returns {string | undefined} */
function readDate(form, field, required) {
  const parts = ['day', 'month', 'year'].map((part) => [`${field}.${part}`, form.one(`${field}.${part}`)]);
  const empty = parts.filter(([, text]) => text === '').map(([name]) => name);
  if (empty.length === 3) return required ? form.wrong(`${field}.day`, 'dateMissing') : undefined;
  if (empty.length > 0) return form.wrong(empty[0], { day: 'dayMissing', month: 'monthMissing', year: 'yearMissing' }[empty[0].split('.').pop()]);
  const [day, month, year] = parts.map(([, text]) => (/^\d{1,4}$/.test(text) ? Number(text) : NaN));
  if (!(day >= 1 && day <= 31)) return form.wrong(`${field}.day`, 'dayWrong');
  if (!(month >= 1 && month <= 12)) return form.wrong(`${field}.month`, 'monthWrong');
  if (!(year >= YEARS[0] && year <= YEARS[1])) {
    const latest = field === 'occurred_on' ? form.context.today.slice(0, 4) : YEARS[1];
    return form.wrong(`${field}.year`, 'yearWrong', { earliest: YEARS[0], latest });
  }
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1) return form.wrong(`${field}.day`, 'dayNotInMonth', { days: new Date(Date.UTC(year, month, 0)).getUTCDate() });
  const read = date.toISOString().slice(0, 10);
  doubtDay(form, field, read);
  return read;
}

/** A day that nobody doubted when it was recorded is not doubted when something else is corrected. */
function doubtDay(form, field, day) {
  const { began, today, former } = form.context;
  if (former && ['day', 'month', 'year'].every((part) => Number(former[`${field}.${part}`]) === Number(form.one(`${field}.${part}`)))) return;
  if (day < LONG_AGO) form.doubt(`${field}.year`, 'longAgo');
  else if (began && day < daysLater(began, -BEFORE_START)) form.doubt(`${field}.year`, 'longBeforeStart');
  else if (field === 'occurred_on' && day < daysLater(today, -BEFORE_TODAY)) form.doubt(`${field}.year`, 'longBeforeToday');
}

// ---- Fields of data ----

function readData(form) {
  const data = {};
  for (const [field, kind] of Object.entries(TYPES[form.type])) {
    const value = READERS[kind.replace('!', '')](form, field);
    if (value === UNKNOWN && form.changed && NEVER_UNKNOWN.includes(field)) form.wrong(field, 'cannotBeUnknown');
    else if (value === UNKNOWN && form.changed) data[field] = null;
    else if (value !== undefined && value !== UNKNOWN) data[field] = value;
    else if (kind.endsWith('!')) form.wrong(field, kind === 'text!' ? 'textMissing' : kind === 'several!' ? 'chooseSeveral' : 'choose');
  }
  return data;
}

const READERS = {
  new: (form, field) => form.one(field) || form.context.keep?.[0].data[field] || form.uuid(),
  choice: (form, field) => chosen(form, field) || undefined,
  several: (form, field) => (form.all(field).length > 0 ? form.all(field) : undefined),
  bool: (form, field) => ({ true: true, yes: true, false: false, no: false, unknown: UNKNOWN })[form.one(field)],
  /** One of a list, or what is written beside it: its words become a code. */
  slug(form, field) {
    if (form.one(field) === OTHER) return codeOf(form.one(`${field}.other`)) || form.wrong(`${field}.other`, 'textMissing');
    const value = chosen(form, field);
    if (!value || value === UNKNOWN || /^[a-z0-9][a-z0-9-]{0,63}$/.test(value)) return value || undefined;
    return form.wrong(field, 'slugWrong');
  },
  text(form, field) {
    const value = text(form, field);
    return typeof value === 'string' ? checkLength(form, field, value) || undefined : value;
  },
  list(form, field) {
    const lines = form.all(field).flatMap((value) => value.split('\n')).map((line) => line.trim()).filter(Boolean);
    if (lines.length > MOST_SECTORS) form.wrong(field, 'tooMany', { most: MOST_SECTORS });
    lines.forEach((line) => checkLength(form, field, line));
    return lines.length > 0 ? lines.map(wellFormed) : undefined;
  },
  integer: (form, field) => number(form, field, /^-?\d{1,9}$/, 'integerWrong'),
  decimal: (form, field) => number(form, field, /^-?\d{1,9}([.,]\d{1,2})?$/, 'decimalWrong'),
  pay(form, field) {
    const pay = form.one('pay');
    if (pay === 'normal') return 100;
    if (pay === 'unknown') return UNKNOWN;
    if (form.has('pay') && pay !== 'measured') return undefined;
    const value = READERS.decimal(form, field);
    return pay === 'measured' && value === undefined ? form.wrong(field, 'wageMissing') : value;
  },
  contract(form) {
    const kind = form.one('contract.kind');
    if (kind === '') return undefined;
    if (kind === 'unknown') return UNKNOWN;
    if (kind !== 'fixed_term') return { kind };
    const until = readDate(form, 'contract.until', true);
    return until && { kind, until };
  },
};

/** `Regeling Één 2025` is `regeling-een-2025`. */
const codeOf = (words) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, LONGEST_CODE);

/** A radio or select says 'unknown' itself. */
const chosen = (form, field) => (form.one(field) === 'unknown' ? UNKNOWN : text(form, field));

/** A text or number has a tick box `<field>.unknown` beside it. */
function text(form, field) {
  const value = form.one(field);
  const ticked = form.one(`${field}.unknown`) !== '';
  if (ticked && value !== '') return form.wrong(field, 'valueAndUnknown');
  return ticked ? UNKNOWN : wellFormed(value);
}

function number(form, field, pattern, sentence) {
  const value = text(form, field);
  if (!value || value === UNKNOWN) return value || undefined;
  if (!pattern.test(value)) return form.wrong(field, sentence);
  const parsed = Number(value.replace(',', '.'));
  const [least, most] = RANGES[field];
  return parsed >= least && parsed <= most ? parsed : form.wrong(field, 'outOfRange', { least, most });
}

/** Half of a pair of code units is no Unicode, and the log refuses it. */
const wellFormed = (value) => value.replaceAll('\r\n', '\n').replace(/\p{Surrogate}/gu, '\ufffd');

function checkLength(form, field, value) {
  const length = [...value].length;
  // A name that another program wrote stays as it is when something else is filled in.
  const most = (value === form.context?.given?.[field] ? undefined : LONGEST[field]) ?? LONGEST_TEXT;
  if (length > most) form.wrong(field, 'textTooLong', { most, over: length - most });
  return value;
}

function checkTogether(form, occurredOn, data) {
  if (form.changed && Object.keys(data).every((field) => field === 'job_id')) checkAsked(form);
  if (form.type === 'intake' && data.variant && data.method !== 'ips') form.wrong('variant', 'variantWithoutIps');
  const until = form.type === 'paid_work_started' && data.contract?.until;
  if (until && until < occurredOn) form.wrong('contract.until.day', 'contractEndsBeforeStart');
}

/** A form that asks one thing alone, as a transfer asks for the colleague, names it. */
function checkAsked(form) {
  const [asked, ...more] = Object.keys(TYPES[form.type]).filter(form.has);
  if (asked === 'coach' && more.length === 0) form.wrong(asked, 'colleagueMissing');
  else form.wrong('', 'nothingChanged');
}

/** A condition that nobody answered is unknown to every figure: that is to be meant. */
function doubtConditions(form) {
  for (const field of CONDITIONS) if (form.one(field) === '' && form.one(`${field}.unknown`) === '') form.doubt(field, 'notFilledIn');
}

/** A correction that says what stands there already corrects nothing. What cannot be read any more was never in the form. */
function checkChanged(form, occurredOn, data) {
  const { former, ...context } = form.context;
  const before = reader(form.type, former, { ...context, keep: [{ data }] });
  const same = JSON.stringify([occurredOn, data]) === JSON.stringify([readOccurredOn(before), readData(before)]);
  if (same && form.mistakes.length === 0) form.wrong('', 'nothingCorrected');
}

// ---- What belongs to the same decision ----

/** "This job comes in the place of that one": what is named in `ends_job_id` ends on the day on which the new one begins. */
function readEnded(form) {
  const [, what] = /^(.*)_started$/.exec(form.type) ?? [];
  if (!what) return [];
  const id = { paid_work: 'job_id', placement: 'placement_id', education: 'education_id' }[what];
  return form.all(`ends_${id}`).map((ended) => [`${what}_stopped`, { [id]: ended }]);
}

/** "This never happened either": the events in `also_retract`, for the reason in `also_retract.reason`. */
function readAlsoRetracted(form) {
  const events = form.all('also_retract');
  if (events.length === 0) return [];
  const reason = READERS.text(form, 'also_retract.reason');
  if (!reason) form.wrong('also_retract.reason', 'textMissing');
  return events.map((event_id) => ['retraction', { event_id, reason }]);
}
