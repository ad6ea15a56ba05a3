/** From forms to events, without a browser: every type against the contract's own schema, every mistake in its own words. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { amsterdamDay, body, build, daysLater } from '../../shared/pages/assets/js/events.js';
import english from '../../shared/pages/assets/js/strings.en.js';
import refusals from '../../shared/pages/assets/js/strings.en.refusals.js';
import dutch from '../../shared/pages/assets/js/strings.nl.js';
import { wrong } from './lib/schema.mjs';

const TRAJECTORY = '5f0c7a52-3b1d-4c8e-8a55-7a3f5f2a9e10';
const THING = '6d0f4c1a-52a5-4b44-8a0e-3c1a5b9d7701';
const EVENT = '0b6f3c1e-6c52-4b7e-9f0e-0d7c9a1f0001';
const on = (day, month, year, field = 'occurred_on') => ({ [`${field}.day`]: day, [`${field}.month`]: month, [`${field}.year`]: year });
const DAY = on('3', '2', '2025');
const context = { trajectory: TRAJECTORY, organisation: 'ggz-voorbeeld', today: '2025-03-10', strings: dutch };

const eventOf = (type, values, more = {}) => {
  const { decision, mistakes } = build(type, { ...DAY, ...values }, { ...context, ...more });
  assert.deepEqual(mistakes, []);
  assert.equal(decision.events.length, 1);
  assert.deepEqual(wrong(body(decision), 'content'), []);
  return decision.events[0];
};
const mistakesOf = (type, values, more = {}) => {
  const { decision, mistakes } = build(type, { ...DAY, ...values }, { ...context, ...more });
  assert.equal(decision, undefined);
  return Object.fromEntries(mistakes.map(({ field, message }) => [field, message]));
};

const SMALLEST = {
  intake: { method: 'ips', funding: 'municipality', region: 'AM18' },
  engagement: { wish: 'paid_work' },
  assessment: {},
  placement_started: { kind: 'trial_placement' },
  placement_stopped: { placement_id: THING },
  paid_work_started: {},
  paid_work_changed: { job_id: THING, hours_per_week: '12' },
  paid_work_stopped: { job_id: THING },
  education_started: {},
  education_stopped: { education_id: THING },
  contact: { with: 'client', channel: 'phone' },
  trajectory_changed: { coach: 'coach-2' },
  outflow: {},
  retraction: { event_id: EVENT, reason: 'Verkeerde cliënt' },
};
const FULLEST = {
  intake: {
    ...SMALLEST.intake, variant: 'epa', scheme: 'regeling-1', coach: 'coach-1', target_group: 'cmd', benefit: 'none', in_care: 'true', label: 'Noor',
  },
  engagement: { wish: 'explore', goals: 'Weer ritme krijgen' },
  assessment: { sectors: 'horeca\n\n groen ', max_hours_per_week: '16,5', profile: 'Rustige plek' },
  placement_started: SMALLEST.placement_started,
  placement_stopped: { placement_id: THING, reason: 'Klaar' },
  paid_work_started: {
    regular_workplace: 'false', hours_per_week: '16,25', pay: 'measured', wage_value_percent: '62,5', 'contract.kind': 'fixed_term',
    ...on('02', '08', '2025', 'contract.until'), sector: 'horeca', employer: 'Café Zon',
  },
  paid_work_changed: {
    job_id: THING, regular_workplace: 'unknown', 'hours_per_week.unknown': 'on', pay: 'unknown', 'contract.kind': 'unknown', 'sector.unknown': 'on',
    employer: 'Zon',
  },
  paid_work_stopped: { job_id: THING, reason: 'Andere baan' },
  education_started: { level: 'mbo-2' },
  education_stopped: { education_id: THING, completed: 'yes' },
  contact: { with: 'employer', channel: 'in_person', minutes: '45', note: 'Rondleiding\r\ngehad' },
  trajectory_changed: {
    variant: 'unknown', funding: 'uwv', 'scheme.unknown': 'on', region: 'AM01', coach: 'coach-2', target_group: 'unknown', benefit: 'wia',
    in_care: 'unknown', 'label.unknown': 'on',
  },
  outflow: { reason: 'moved', work_ready: 'no' },
  retraction: SMALLEST.retraction,
};

const TYPED = [
  'sectors', 'profile', 'goals', 'reason', 'note', 'label', 'sector', 'employer', 'hours_per_week', 'max_hours_per_week', 'wage_value_percent', 'minutes',
];

for (const [type, values] of Object.entries(SMALLEST)) {
  test(`${type} with only what it must have is an event of the contract`, () => { assert.equal(eventOf(type, values).type, type); });
  test(`${type} with everything is an event of the contract`, () => {
    const { data } = eventOf(type.replaceAll('_', '-'), FULLEST[type]);
    assert.ok(Object.keys(data).length >= Object.keys(eventOf(type, values).data).length);
  });
  test(`${type} with nothing or "unknown" in every other field is the same event`, () => {
    const optional = Object.keys(FULLEST[type]).filter((field) => !(field in values) && !field.includes('.'));
    const choices = optional.filter((field) => !TYPED.includes(field));
    const vague = (word, fields = optional) => Object.fromEntries(fields.map((field) => [field, word]));
    const made = Object.fromEntries(['client_id', 'placement_id', 'job_id', 'education_id'].map((id) => [id, THING]));
    const data = (more) => eventOf(type, { ...made, ...more, ...values }).data;
    assert.deepEqual(data(vague('')), data({}));
    if (!type.endsWith('_changed')) assert.deepEqual(data(vague('unknown', choices)), data({}));
  });
}

test('everything that a form says is in the event', () => {
  const { data } = eventOf('paid_work_started', FULLEST.paid_work_started);
  assert.match(data.job_id, /^[0-9a-f-]{36}$/);
  assert.deepEqual({ ...data, job_id: THING }, {
    job_id: THING, regular_workplace: false, hours_per_week: 16.25, wage_value_percent: 62.5, contract: { kind: 'fixed_term', until: '2025-08-02' },
    sector: 'horeca', employer: 'Café Zon',
  });
  assert.deepEqual(eventOf('assessment', FULLEST.assessment).data.sectors, ['horeca', 'groen']);
  assert.equal(eventOf('contact', FULLEST.contact).data.note, 'Rondleiding\ngehad');
});

test('normal pay is a wage value of 100, and pay that nobody knows is absent', () => {
  assert.equal(eventOf('paid_work_started', { pay: 'normal', wage_value_percent: '30' }).data.wage_value_percent, 100);
  assert.ok(!('wage_value_percent' in eventOf('paid_work_started', { pay: 'unknown' }).data));
  assert.equal(mistakesOf('paid_work_started', { pay: 'measured' }).wage_value_percent, dutch.wageMissing);
});

test('nothing is dated after the end of the trajectory, unless that is retracted with it', () => {
  const ended = { ended: '2025-02-02', endedWords: '2 februari 2025' };
  const words = 'Deze dag ligt na het einde van het traject. Vul 2 februari 2025 of een eerdere dag in.';
  for (const type of ['contact', 'paid_work_started', 'paid_work_stopped']) {
    assert.deepEqual(mistakesOf(type, SMALLEST[type], ended), { 'occurred_on.day': words });
    eventOf(type, { ...SMALLEST[type], ...on('2', '2', '2025') }, ended);
  }
  const { decision } = build('contact', { ...DAY, ...SMALLEST.contact, also_retract: EVENT, 'also_retract.reason': 'x' }, { ...context, ...ended });
  assert.equal(decision.events.length, 2);
});

test('a scheme that no list has is written in words and recorded as a code', () => {
  const scheme = (other) => eventOf('intake', { ...SMALLEST.intake, scheme: ':other', 'scheme.other': other }).data.scheme;
  assert.equal(scheme(' Één regeling (2025)! '), 'een-regeling-2025');
  assert.equal(scheme('r'.repeat(80)), 'r'.repeat(64));
  assert.deepEqual(mistakesOf('intake', { ...SMALLEST.intake, scheme: ':other', 'scheme.other': ' – ' }), { 'scheme.other': dutch.textMissing });
  assert.equal(eventOf('trajectory_changed', { scheme: 'unknown' }).data.scheme, null);
});

test('in a change, unknown is null and what is left empty is absent', () => {
  assert.deepEqual(eventOf('paid_work_changed', FULLEST.paid_work_changed).data, {
    job_id: THING, regular_workplace: null, hours_per_week: null, wage_value_percent: null, contract: null, sector: null, employer: 'Zon',
  });
  assert.deepEqual(eventOf('trajectory_changed', { benefit: 'none', in_care: '', label: '' }).data, { benefit: 'none' });
});

test('a change that names nothing, or makes unknown what cannot be, is told', () => {
  assert.equal(mistakesOf('paid_work_changed', { job_id: THING })[''], dutch.nothingChanged);
  assert.equal(mistakesOf('trajectory_changed', {})[''], dutch.nothingChanged);
  assert.equal(mistakesOf('trajectory_changed', { region: 'unknown' }).region, dutch.cannotBeUnknown);
  assert.equal(mistakesOf('paid_work_changed', { job_id: THING, employer: 'Zon', 'employer.unknown': 'on' }).employer, dutch.valueAndUnknown);
});

test('a stop is dated the day after the last day, also over the end of a month and when that day is today', () => {
  assert.equal(eventOf('paid_work_stopped', { job_id: THING, ...on('28', '2', '2025') }).occurred_on, '2025-03-01');
  assert.equal(eventOf('placement_stopped', { placement_id: THING, ...on('10', '3', '2025') }).occurred_on, '2025-03-11');
  assert.equal(mistakesOf('education_stopped', { education_id: THING, ...on('11', '3', '2025') })['occurred_on.day'], dutch.lastDayInFuture);
  assert.equal(eventOf('outflow', on('10', '3', '2025')).occurred_on, '2025-03-10');
});

test('a date says which part is wrong', () => {
  const cases = [
    [on('', '', ''), 'occurred_on.day', dutch.dateMissing],
    [on('', '2', '2025'), 'occurred_on.day', dutch.dayMissing],
    [on('3', '', '2025'), 'occurred_on.month', dutch.monthMissing],
    [on('3', '2', ''), 'occurred_on.year', dutch.yearMissing],
    [on('32', '1', '2025'), 'occurred_on.day', dutch.dayWrong],
    [on('drie', '1', '2025'), 'occurred_on.day', dutch.dayWrong],
    [on('3', '13', '2025'), 'occurred_on.month', dutch.monthWrong],
    [on('3', '0', '2025'), 'occurred_on.month', dutch.monthWrong],
    [on('3', '2', '25'), 'occurred_on.year', 'Vul het jaar in met vier cijfers: van 1900 tot en met 2025.'],
    [on('3', '2', '1800'), 'occurred_on.year', 'Vul het jaar in met vier cijfers: van 1900 tot en met 2025.'],
    [on('3', '2', '9999'), 'occurred_on.year', 'Vul het jaar in met vier cijfers: van 1900 tot en met 2025.'],
    [on('29', '2', '2025'), 'occurred_on.day', 'Deze maand heeft 28 dagen. Controleer de dag.'],
    [on('31', '4', '2024'), 'occurred_on.day', 'Deze maand heeft 30 dagen. Controleer de dag.'],
    [on('11', '3', '2025'), 'occurred_on.day', dutch.dayInFuture],
  ];
  for (const [values, field, message] of cases) assert.deepEqual(mistakesOf('contact', { ...SMALLEST.contact, ...values }), { [field]: message });
  assert.equal(eventOf('contact', { ...SMALLEST.contact, ...on('29', '2', '2024') }).occurred_on, '2024-02-29');
});

test('numbers have a comma or a point, at most two decimals, and a range', () => {
  const hours = (text) => build('paid_work_started', { ...DAY, hours_per_week: text }, context);
  const taken = { '0': 0, '80': 80, '16,5': 16.5, '16.50': 16.5, '0,05': 0.05, ' 8 ': 8 };
  for (const [text, value] of Object.entries(taken)) assert.equal(hours(text).decision?.events[0].data.hours_per_week, value, text);
  for (const text of ['16,555', '1.000,5', 'zestien', '1e1', ',5', '5,']) {
    assert.deepEqual(hours(text).mistakes, [{ field: 'hours_per_week', message: dutch.decimalWrong }], text);
  }
  for (const text of ['80,01', '-1', '-0,5']) assert.equal(hours(text).mistakes[0].message, 'Vul een getal in van 0 tot en met 80.', text);
  assert.equal(mistakesOf('contact', { ...SMALLEST.contact, minutes: '1,5' }).minutes, dutch.integerWrong);
  assert.equal(mistakesOf('contact', { ...SMALLEST.contact, minutes: '0' }).minutes, 'Vul een getal in van 1 tot en met 1440.');
  assert.equal(mistakesOf('contact', { ...SMALLEST.contact, minutes: '-5' }).minutes, 'Vul een getal in van 1 tot en met 1440.');
  assert.equal(mistakesOf('paid_work_started', { pay: 'measured', wage_value_percent: '101' }).wage_value_percent, 'Vul een getal in van 0 tot en met 100.');
});

test('all mistakes of a form are told at once, each at its field', () => {
  const mistakes = mistakesOf('intake', { ...on('3', '2', '25'), variant: 'epa' });
  assert.deepEqual(Object.keys(mistakes).sort(), ['funding', 'method', 'occurred_on.year', 'region']);
  assert.equal(mistakesOf('intake', { ...SMALLEST.intake, method: 'wabz', variant: 'epa' }).variant, dutch.variantWithoutIps);
  assert.equal(mistakesOf('retraction', {}).event_id, dutch.chooseSeveral);
});

test('a contract that ends before its job begins is told before it is sent', () => {
  const values = { 'contract.kind': 'fixed_term', ...on('2', '2', '2025', 'contract.until') };
  assert.equal(mistakesOf('paid_work_started', values)['contract.until.day'], dutch.contractEndsBeforeStart);
  assert.equal(mistakesOf('paid_work_started', { 'contract.kind': 'fixed_term' })['contract.until.day'], dutch.dateMissing);
  for (const kind of ['permanent', 'other']) assert.deepEqual(eventOf('paid_work_started', { 'contract.kind': kind }).data.contract, { kind });
});

test('a correction that changes nothing is told, and any change of it is one', () => {
  const former = { ...DAY, ...SMALLEST.contact, note: 'Gaat goed', minutes: '15' };
  const again = (values) => mistakesOf('contact', { ...former, ...values }, { corrects: EVENT, former });
  assert.deepEqual(again({}), { '': dutch.nothingCorrected });
  assert.deepEqual(again({ note: ' Gaat goed ', minutes: '15' }), { '': dutch.nothingCorrected });
  for (const values of [{ note: '' }, { minutes: '16' }, on('4', '2', '2025'), { channel: 'video' }]) {
    assert.equal(eventOf('contact', { ...former, ...values }, { corrects: EVENT, former }).corrects, EVENT);
  }
  const started = { ...DAY, job_id: THING, hours_per_week: '20' };
  assert.deepEqual(mistakesOf('paid_work_started', started, { corrects: EVENT, former: started }), { '': dutch.nothingCorrected });
  // Retracting what belongs to the same mistake is a change too.
  const also = { also_retract: [THING], 'also_retract.reason': 'Ook niet' };
  assert.equal(build('contact', { ...former, ...also }, { ...context, corrects: EVENT, former }).decision.events.length, 2);
});

test('work that begins with conditions left open is asked about, and a condition that is said not to be known is not', () => {
  const doubts = (values, more) => build('paid_work_started', { ...DAY, ...values }, { ...context, ...more }).doubts.map(({ field }) => field);
  assert.deepEqual(doubts({}), ['hours_per_week', 'pay', 'contract.kind', 'regular_workplace']);
  assert.deepEqual(doubts({ hours_per_week: '12', pay: 'normal' }), ['contract.kind', 'regular_workplace']);
  const unknown = { 'hours_per_week.unknown': 'yes', pay: 'unknown', 'contract.kind': 'unknown', regular_workplace: 'unknown' };
  assert.deepEqual(doubts(unknown), []);
  assert.deepEqual(Object.keys(eventOf('paid_work_started', unknown).data), ['job_id']);
  assert.deepEqual(doubts({}, { corrects: EVENT }), [], 'what is corrected was asked about before');
});

test('a day of long ago is asked about', () => {
  const doubts = (day, began, more) => build('contact', { ...day, ...SMALLEST.contact }, { ...context, began, ...more }).doubts;
  assert.deepEqual(doubts(on('31', '12', '1999')), [{ field: 'occurred_on.year', message: dutch.longAgo }]);
  const soon = { today: '2024-02-01' };
  assert.deepEqual(doubts(on('9', '10', '2023'), '2024-01-10', soon), [{ field: 'occurred_on.year', message: dutch.longBeforeStart }]);
  assert.deepEqual(doubts(on('10', '10', '2023'), '2024-01-10', soon), [], '92 days before it');
  assert.deepEqual(doubts(on('30', '1', '2023'), '2023-01-10', soon), [{ field: 'occurred_on.year', message: dutch.longBeforeToday }]);
  assert.deepEqual(doubts(on('31', '1', '2023'), '2023-01-10', soon), [], '366 days before today');
  const intake = build('intake', { ...on('1', '2', '2021'), ...SMALLEST.intake, label: 'S.' }, { ...context, ...soon });
  assert.deepEqual(intake.doubts, [{ field: 'occurred_on.year', message: dutch.longBeforeToday }]);
  // What is corrected was asked about before, unless the day itself is what changes.
  const former = { ...on('30', '1', '2023'), ...SMALLEST.contact };
  const corrected = (values) => build('contact', { ...former, ...values }, { ...context, ...soon, corrects: EVENT, former }).doubts;
  assert.deepEqual(corrected({ minutes: '5' }), []);
  assert.deepEqual(corrected(on('30', '1', '2022')), [{ field: 'occurred_on.year', message: dutch.longBeforeToday }]);
  const contract = { 'contract.kind': 'fixed_term', ...on('1', '8', '1925', 'contract.until') };
  const changed = build('paid_work_changed', { ...DAY, job_id: THING, ...contract }, context);
  assert.deepEqual(changed.doubts, [{ field: 'contract.until.year', message: dutch.longAgo }]);
});

test('a transfer without a colleague names the colleague', () => {
  assert.deepEqual(mistakesOf('trajectory_changed', { coach: '' }), { coach: dutch.colleagueMissing });
  const changed = { coach: 'coach-1', label: '', scheme: '', region: '' };
  assert.deepEqual(mistakesOf('trajectory_changed', { ...changed, coach: '' }), { '': dutch.nothingChanged }, 'a form that asks more');
});

test('a trajectory without a name is asked about, and a name fits a line', () => {
  const of = (values, more) => build('intake', { ...DAY, ...SMALLEST.intake, ...values }, { ...context, ...more });
  assert.deepEqual(of({ label: '  ' }).doubts, [{ field: 'label', message: dutch.noName }]);
  assert.deepEqual(of({ label: 'Noor' }).doubts, []);
  assert.deepEqual(of({}, { corrects: EVENT }).doubts, [], 'what is corrected was asked about before');
  assert.equal(of({ label: '🙂'.repeat(200) }).decision.events[0].data.label.length, 400);
  const long = 'Maak de tekst korter: er kunnen 200 tekens in, dit zijn er 3 te veel.';
  assert.deepEqual(of({ label: 'a'.repeat(203) }).mistakes, [{ field: 'label', message: long }]);
  assert.deepEqual(mistakesOf('trajectory_changed', { label: 'a'.repeat(203) }), { label: long });
  const given = { label: 'b'.repeat(300) };
  assert.deepEqual(of(given, { given }).mistakes, [], 'what another program wrote stays');
  assert.equal(of({ label: 'b'.repeat(301) }, { given }).mistakes.length, 1);
});

test('a contract may run until a later year than this one, which is told when it does not', () => {
  const until = (year) => mistakesOf('paid_work_started', { 'contract.kind': 'fixed_term', ...on('2', '2', year, 'contract.until') })['contract.until.year'];
  assert.equal(until('2101'), 'Vul het jaar in met vier cijfers: van 1900 tot en met 2100.');
});

test('every refusal of the contract has its words in English', () => {
  const codes = readFileSync(new URL('../../shared/domain/src/refusal.rs', import.meta.url), 'utf8').match(/Self::\w+ => "[a-z_]+"/g);
  const said = codes.map((line) => line.split('"')[1]).filter((code) => !['malformed', 'event_id_reused'].includes(code));
  assert.ok(said.length > 20);
  assert.deepEqual(Object.keys(refusals).sort(), said.sort());
});

test('the word unknown in a text is a text', () => {
  assert.equal(eventOf('contact', { ...SMALLEST.contact, note: 'unknown' }).data.note, 'unknown');
  assert.equal(eventOf('paid_work_changed', { job_id: THING, employer: 'unknown' }).data.employer, 'unknown');
});

test('a text has at most 4000 code points and is Unicode', () => {
  const note = (text) => build('contact', { ...DAY, ...SMALLEST.contact, note: text }, context);
  assert.equal(note('🙂'.repeat(4000)).decision.events[0].data.note.length, 8000);
  assert.match(note('🙂'.repeat(4003)).mistakes[0].message, /4000 tekens in, dit zijn er 3 te veel/);
  assert.equal(note('a\ud800b🙂').decision.events[0].data.note, 'a\ufffdb🙂');
});

test('a correction replaces an event and keeps the id of its job', () => {
  const event = eventOf('paid_work_started', { job_id: THING, hours_per_week: '20' }, { corrects: EVENT });
  assert.equal(event.corrects, EVENT);
  assert.equal(event.data.job_id, THING);
  assert.notEqual(event.event_id, EVENT);
});

test('several retractions are one decision', () => {
  const other = EVENT.replace('1e', '2e');
  const { decision } = build('retraction', { event_id: [EVENT, other], reason: 'Verkeerde cliënt' }, context);
  assert.deepEqual(decision.events.map(({ data, occurred_on }) => [data.event_id, occurred_on]), [[EVENT, '2025-03-10'], [other, '2025-03-10']]);
  assert.equal(new Set(decision.events.map(({ event_id }) => event_id)).size, 2);
  assert.deepEqual(Object.keys(body(decision)), ['events', 'expected_revision']);
});

test('a job in the place of another ends that one on the day on which it begins, in one decision', () => {
  const { decision } = build('paid_work_started', { ...DAY, ends_job_id: THING }, context);
  const [started, stopped] = decision.events;
  assert.deepEqual([started.type, stopped.type], ['paid_work_started', 'paid_work_stopped']);
  assert.deepEqual([stopped.data.job_id, stopped.occurred_on], [THING, started.occurred_on]);
  assert.notEqual(started.data.job_id, THING);
});

test('a correction takes the retractions that belong to it into its decision', () => {
  const also = { also_retract: [EVENT], 'also_retract.reason': 'Die baan was er niet' };
  const { decision } = build('contact', { ...DAY, ...SMALLEST.contact, ...also }, { ...context, corrects: THING });
  assert.deepEqual(decision.events.map(({ type, corrects, occurred_on }) => [type, corrects, occurred_on]), [
    ['contact', THING, '2025-02-03'], ['retraction', undefined, '2025-03-10'],
  ]);
  for (const event of decision.events) assert.deepEqual(wrong(event, 'content'), []);
  assert.equal(mistakesOf('contact', { ...SMALLEST.contact, also_retract: EVENT })['also_retract.reason'], dutch.textMissing);
});

test('a new trajectory gets an id, and all events of a decision have it', () => {
  const event = eventOf('intake', SMALLEST.intake, { trajectory: '' });
  assert.match(event.trajectory_id, /^[0-9a-f-]{36}$/);
});

test('an event that is mended keeps its ids', () => {
  const first = build('paid_work_started', { ...DAY, ends_job_id: THING }, { ...context, trajectory: '' }).decision;
  const again = build('paid_work_started', { ...DAY, ends_job_id: THING, hours_per_week: '8' }, { ...context, trajectory: '', keep: first.events }).decision;
  assert.deepEqual(again.events.map(({ event_id }) => event_id), first.events.map(({ event_id }) => event_id));
  assert.equal(again.events[0].data.job_id, first.events[0].data.job_id);
  assert.equal(again.trajectory, first.trajectory);
});

test('the expected revision stands beside one event, and beside a list', () => {
  const one = build('contact', { ...DAY, ...SMALLEST.contact }, { ...context, expectedRevision: 9 }).decision;
  assert.deepEqual(wrong(body(one), 'content'), []);
  assert.equal(body(one).expected_revision, 9);
  assert.ok(!('expected_revision' in JSON.parse(JSON.stringify(body(build('contact', { ...DAY, ...SMALLEST.contact }, context).decision)))));
});

test('the day is that of Amsterdam', () => {
  assert.equal(amsterdamDay(new Date('2025-03-09T23:30:00Z')), '2025-03-10');
  assert.equal(amsterdamDay(new Date('2025-06-30T21:59:00Z')), '2025-06-30');
  assert.equal(daysLater('2024-02-28', 2), '2024-03-01');
  assert.equal(daysLater('2025-03-30', 1), '2025-03-31');
});

test('both languages have the same sentences with the same places in them', () => {
  const places = (strings) => Object.fromEntries(Object.entries(strings).map(([name, text]) => [name, (text.match(/\{\w+\}/g) ?? []).sort()]));
  assert.deepEqual(places(english), places(dutch));
});
