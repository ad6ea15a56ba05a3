/** Invented people, and what happened in their trajectories: two organisations, every state that a page can show, texts in all of them. */

import { createHash } from 'node:crypto';

const OURS = 'ggz-voorbeeld';
const THEIRS = 'ggz-elders';
export const PASSWORD = 'drie vlinders op zolder';

/** Whoever has an account. Sanne's trajectories are for tests to write in; nobody else's are written in. */
export const PEOPLE = {
  noor: { name: 'Noor de Vries', role: 'coach', organisation: OURS, coach: 'coach-1' },
  sanne: { name: 'Sanne Bakker', role: 'coach', organisation: OURS, coach: 'coach-2' },
  bram: { name: 'Bram Jansen', role: 'coach', organisation: OURS, coach: 'coach-3' },
  mia: { name: 'Mia van den Berg', role: 'manager', organisation: OURS },
  piet: { name: 'Piet Elders', role: 'coach', organisation: THEIRS, coach: 'coach-1' },
  lena: { name: 'Lena Smit', role: 'analyst' },
  otto: { name: 'Otto Visser', role: 'auditor' },
  root: { name: 'Rob Beheerder', role: 'administrator' },
};

const FIRST = ['Ümit', 'Renée', 'Anna', 'Bas', 'Carlijn', 'Daan', 'Esra', 'Fatima', 'Gijs', 'Hanneke', 'Ivo', 'Jolien', 'Karim', 'Lotte', 'Mees',
  'Nadia', 'Olaf', 'Petra', 'Quinten', 'Rosa'];
const LAST = ['Çelik', 'de Wit', 'van der Meer', 'Mulder', 'Bos', 'El Amrani', 'Visser'];
const DAY = 86_400_000;

/** A UUID that is the same in every run. */
export const uuid = (...of) => {
  const hex = createHash('sha256').update(of.join('/')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
};

/** The trajectory with this number of this person. */
export const trajectoryOf = (person, number) => uuid('trajectory', person, number);
export const nameOf = (number) => `${FIRST[number % FIRST.length]} ${LAST[number % LAST.length]}`;

const daysAgo = (days) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date(Date.now() - days * DAY));

/** What happened in one trajectory; `number` chooses which of the states it is in. */
function story(person, number) {
  const { organisation, coach } = PEOPLE[person];
  const id = trajectoryOf(person, number);
  const events = [];
  const tell = (type, days, data, more = {}) => {
    const event_id = uuid(id, events.length);
    events.push({ event_id, trajectory_id: id, organisation, type, occurred_on: daysAgo(days), data, ...more });
    return event_id;
  };
  const job = uuid(id, 'job');
  const work = (days, hours, more = {}) => tell('paid_work_started', days, {
    job_id: job, regular_workplace: true, hours_per_week: hours, wage_value_percent: 100, contract: { kind: 'permanent' }, sector: 'horeca',
    employer: 'Bakkerij De Korenaar', ...more,
  });
  tell('intake', 400 - number, {
    client_id: uuid(id, 'client'), method: 'ips', variant: 'epa', funding: 'municipality', region: 'AM18', coach, target_group: 'cmd', benefit: 'wia',
    in_care: true, label: nameOf(number),
  });
  const state = number % 10;
  if (state >= 1) tell('engagement', 380, { wish: 'paid_work', goals: 'Weer onder de mensen zijn, en een vast ritme' });
  if (state >= 2) tell('assessment', 350, { sectors: ['horeca', 'groen'], max_hours_per_week: 20, profile: 'Rustige plek met vaste collega’s' });
  if (state >= 3) tell('placement_started', 300, { placement_id: uuid(id, 'place'), kind: 'trial_placement' });
  if (state === 3) tell('education_started', 200, { education_id: uuid(id, 'education'), level: 'mbo-2' });
  if (state >= 4) tell('placement_stopped', 250, { placement_id: uuid(id, 'place'), reason: 'Door naar een baan' });
  if (state === 4) work(240, 16);
  if (state === 5) work(120, 10.5);
  if (state === 6) work(150, 24, { contract: { kind: 'fixed_term', until: daysAgo(-20) } });
  if (state === 7) {
    work(200, 32);
    tell('paid_work_changed', 60, { job_id: job, hours_per_week: 12 });
    const wrong = tell('contact', 50, { with: 'employer', channel: 'phone', minutes: 10, note: 'Over de uren gebeld' });
    const mended = tell('contact', 48, { with: 'employer', channel: 'video', minutes: 25, note: 'Over de uren gesproken' }, { corrects: wrong });
    if (mended) tell('contact', 40, { with: 'family', channel: 'message', note: 'Dit was een ander' });
    tell('retraction', 39, { event_id: uuid(id, events.length - 1), reason: 'Verkeerde cliënt' });
  }
  if (state === 8) {
    work(220, 20);
    tell('paid_work_stopped', 90, { job_id: job, reason: 'Het contract liep af' });
  }
  tell('contact', state === 2 ? 60 : 9, { with: 'client', channel: 'in_person', minutes: 45, note: 'Rondleiding op de nieuwe werkplek gehad' });
  if (state === 9) {
    work(220, 28);
    tell('outflow', 5, { reason: 'goal-reached', work_ready: true });
  }
  return events;
}

const HOW_MANY = { noor: 67, sanne: 14, bram: 4, piet: 5 };
/** Of Noor's, those that run: every tenth has ended. */
export const RUNNING = Array.from({ length: HOW_MANY.noor }, (_, number) => number).filter((number) => number % 10 !== 9).length;

/** The log, as JSON Lines. */
export const log = () => Object.entries(HOW_MANY)
  .flatMap(([person, many]) => Array.from({ length: many }, (_, number) => story(person, number)))
  .flat().map((event) => JSON.stringify(event)).join('\n');
