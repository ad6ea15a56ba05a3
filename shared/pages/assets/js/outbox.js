/**
 * The outbox: what was written down and not recorded yet, and its sending.
 *
 *     add ─▶ waiting ─▶ POST ─┬▶ 200, 201, and the answer was read ─▶ removed
 *              ▲              ├▶ refused (400 403 404 409 410 413 415 422) ─▶ kept; mend or again ─▶ waiting
 *              └──────────────┼─ no answer, 429, 5xx: later, the same again; 403 about the session: at once with a new token, else later
 *                             └▶ 401: stops until there is a session of this account again
 *
 * - An entry is one decision: one event, or several with one fate. Its ids were chosen when it was made, so sending twice records once.
 * - Entries of one trajectory are sent in the order in which they were made. A refused one does not hold back those after it: each is judged by the
 *   server. When it has been mended and is taken, the refused ones after it are judged once more.
 * - One tab sends at a time (a Web Lock); every tab notices when another one changed something.
 * - An entry is sent in the name of its own account only. A page may be older than the session: the request names the account and carries a token of
 *   its session, and the server takes it only if both are of the session that is signed in.
 * - Only an answer of this service refuses: a hotel's sign-in page or a proxy's 404 is no answer.
 */

import { body } from './events.js';
import * as store from './store.js';

/** After this long without an answer the request is given up and made again later, so that a hanging connection does not keep the lock. */
const ANSWER_WITHIN = 30_000;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 5 * 60_000;
/** A server that asks for a longer pause is asked again after this one. */
const LONGEST_ASKED_PAUSE = 15 * 60_000;
/** Until when the server asked for a pause, for all tabs and for the next page. */
const NOT_BEFORE = 'trajectlog-not-before';
const REFUSALS = [400, 403, 404, 409, 410, 413, 415, 422];
/** Answers about the server as a whole: the other trajectories would hear the same. */
const ALL_LATER = [408, 425, 429, 502, 503, 504, 507];
/** `code` of a 403 that is about the session or the page and not about the entry: it is asked whose session it is, and sent again. */
const STALE = ['csrf', 'other_account', 'foreign_origin', 'password_change_required'];

/**
 * @typedef {{ waiting: number, refused: number, others: number, stopped: '' | 'signed-out' | 'other-account' | 'full' }} State
 * @typedef {ReturnType<typeof createOutbox>} Outbox
 */

/** @param {{ account: string, csrf: string }} session of the page; account '' when nobody is signed in */
export function createOutbox({ account, csrf }) {
  const channel = new BroadcastChannel('trajectlog-outbox');
  const listeners = new Set();
  let stopped = '';
  let failures = 0;
  let timer = 0;
  let running = null;
  let again = false;
  let paused = false;

  const tellHere = () => listeners.forEach((listener) => listener());
  channel.onmessage = tellHere;
  function tell() {
    channel.postMessage('changed');
    tellHere();
  }

  // ---- What is there ----

  /** @returns {Promise<State>} */
  async function state() {
    const own = account ? await store.entriesOf(account) : [];
    const refused = own.filter((entry) => entry.state === 'refused').length;
    const waiting = own.length - refused;
    // Another tab may have sent what stopped here.
    if (waiting === 0) stopped = '';
    return { waiting, refused, others: (await store.countEntries()) - own.length, stopped };
  }

  /** Entries of this account with their content. */
  async function list() {
    const own = account ? await store.entriesOf(account) : [];
    return Promise.all(own.map(async (entry) => ({ ...entry, content: await store.contentOf(entry) })));
  }

  /** @param {number} seq */
  const read = async (seq) => (await list()).find((entry) => entry.seq === seq);

  // ---- What coaches do ----

  /** Rejects when it could not be written: then nothing is kept. @param {store.Content} content @param {string} [draft] */
  async function add(content, draft) {
    const seq = await store.addEntry(account, content, draft);
    navigator.storage?.persist?.().catch(() => {});
    tell();
    flush();
    return seq;
  }

  /** False when it does not wait to be mended any more. @param {number} seq @param {store.Content} content @param {string} [draft] */
  async function mend(seq, content, draft) {
    const mended = await store.mendEntry(account, seq, content, draft);
    tell();
    flush();
    return mended;
  }

  /** Sends a refused entry again as it is. @param {number} seq */
  async function retry(seq) {
    await store.changeEntry(seq, (entry) => (entry.account === account && entry.state === 'refused' ? awaken(entry) : undefined));
    tell();
    return flush();
  }

  const awaken = (entry) => ({ ...entry, state: 'waiting', problem: null });

  /** Only what was refused, or was certainly never sent: of anything else nobody knows whether it is recorded. */
  const mayDiscard = (entry) => entry.account === account && (entry.state === 'refused' || entry.tries === 0);

  /** @param {number} seq */
  async function discard(seq) {
    const removed = await store.removeEntry(seq, mayDiscard);
    tell();
    return removed;
  }

  /** For handing over: the entries (all, or this one) as JSON; `request` is what would be posted. @param {number} [seq] */
  async function exported(seq) {
    const entries = (await list()).filter((entry) => seq === undefined || entry.seq === seq);
    const lines = entries.map(({ trajectory, created_at, state, problem, content }) => (
      { trajectory, created_at, state, problem, request: content && body(content.decision) }
    ));
    return JSON.stringify({ outbox: 1, account, exported_at: new Date().toISOString(), entries: lines }, null, 2);
  }

  /** What became of an entry, waited for no longer than so many milliseconds. @param {number} seq @param {number} within */
  function settled(seq, within) {
    return new Promise((resolve) => {
      const done = (fate) => { listeners.delete(look); clearTimeout(late); resolve(fate); };
      const look = async () => {
        const entry = (await store.entriesOf(account)).find((one) => one.seq === seq);
        if (!entry) done('recorded');
        else if (entry.state === 'refused') done('refused');
        else if (stopped || paused) done('waiting');
      };
      const late = setTimeout(() => done('waiting'), within);
      listeners.add(look);
      look();
    });
  }

  // ---- Sending ----

  /** Sends what waits, unless the server asked for a pause. Resolves when this tab has nothing under way. */
  function flush() {
    again = true;
    paused = false;
    running ??= passes();
    return running;
  }

  async function passes() {
    try {
      while (again) {
        again = false;
        if ((await state()).waiting === 0) return;
        const asked = Number(localStorage.getItem(NOT_BEFORE)) - Date.now();
        // A longer one was never asked for: the device's clock was set back.
        if (asked > 0 && asked < 2 * LONGEST_ASKED_PAUSE) return schedule(asked);
        await navigator.locks.request('trajectlog-outbox', pass);
      }
    } catch {
      // The device's own store failed: what is in it stays there, and is tried again.
      pause({});
    } finally {
      running = null;
    }
  }

  async function pass() {
    const late = new Set();
    for (const entry of await store.entriesOf(account)) {
      if (entry.state !== 'waiting' || late.has(entry.trajectory)) continue;
      const outcome = await send(entry);
      if (outcome.fate === 'gone') continue;
      if (outcome.fate === 'stopped') return stop(outcome.why);
      if (outcome.fate === 'later') late.add(entry.trajectory);
      else failures = 0;
      stopped = '';
      if (outcome.fate === 'later' && outcome.all) return pause(outcome);
      tell();
    }
    if (late.size > 0) pause({});
  }

  function stop(why) {
    stopped = why;
    tell();
  }

  /** @param {{ seconds?: number, full?: boolean }} asked by the server */
  function pause({ seconds, full }) {
    if (full) stopped = 'full';
    const grown = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures++);
    const asked = Math.min(LONGEST_ASKED_PAUSE, (seconds ?? 0) * 1000);
    // Spread, so that all phones of a floor do not come back at the same moment.
    const wait = asked > 0 ? asked * (1 + Math.random() / 5) : grown * (0.5 + Math.random() / 2);
    if (asked > 0) localStorage.setItem(NOT_BEFORE, String(Date.now() + wait));
    schedule(wait);
    tell();
  }

  function schedule(wait) {
    paused = true;
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
    tellHere();
  }

  /** @param {store.Entry} entry */
  async function send(entry) {
    const content = await store.contentOf(entry);
    if (!content) return { fate: 'later' };
    // Written before the request leaves: after a crash it is known that the server may have it.
    const mine = await store.changeEntry(entry.seq, (now) => (now.state === 'waiting' ? { ...now, tries: now.tries + 1 } : undefined));
    if (!mine) return { fate: 'gone' };
    // The page without a connection has no token; a copy may have the one of an earlier session.
    let outcome = csrf ? await post(content.decision) : { fate: 'stale' };
    if (outcome.fate === 'stale') outcome = (await renewSession()) ?? (await post(content.decision));
    if (outcome.fate === 'stale') return { fate: 'later', all: true };
    if (outcome.fate === 'recorded') await recorded(entry);
    if (outcome.fate === 'refused') await store.changeEntry(entry.seq, (now) => ({ ...now, state: 'refused', problem: outcome.problem }));
    return outcome;
  }

  async function recorded(entry) {
    const later = (await store.entriesOf(account)).filter((other) => other.trajectory === entry.trajectory && other.seq > entry.seq);
    await store.removeEntry(entry.seq);
    if (!entry.mended) return;
    for (const { seq } of later) {
      const judgedAgain = await store.changeEntry(seq, (now) => (now.problem?.status === 422 ? awaken(now) : undefined));
      again ||= judgedAgain;
    }
  }

  /** @param {import('./events.js').Decision} decision */
  async function post(decision) {
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'X-Account': account };
    const url = `/api/v1/trajectories/${decision.trajectory}/events`;
    try {
      const response = await ask(url, { method: 'POST', headers, body: JSON.stringify(body(decision)) });
      return judge(response, await response.json().catch(() => undefined), decision);
    } catch {
      return { fate: 'later', all: true };
    }
  }

  /** Fate of a request that there is no use in making, or undefined: there is a token of this account's session now. */
  async function renewSession() {
    try {
      const response = await ask('/api/v1/session', {});
      if (response.status === 401) return { fate: 'stopped', why: 'signed-out' };
      const session = await response.json();
      // A server in trouble has not said whose session it is.
      if (!session.csrf) return { fate: 'later', all: true };
      if (session.account !== account) return { fate: 'stopped', why: 'other-account' };
      csrf = session.csrf;
      return undefined;
    } catch {
      return { fate: 'later', all: true };
    }
  }

  const ask = (url, options) => (
    fetch(url, { ...options, credentials: 'same-origin', redirect: 'error', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN) })
  );

  /** Sends when there is a reason to think that it may work: on load, when a connection or the page comes back, and by the timer. */
  function start() {
    addEventListener('online', flush);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && flush());
    flush();
  }

  return {
    account, state, list, read, add, mend, retry, discard, mayDiscard, exported, settled, flush, renewSession, start,
    csrf: () => csrf,
    onChange: (listener) => { listeners.add(listener); },
  };
}

/** What an answer means for the entry. @param {Response} response @param {any} answer @param {import('./events.js').Decision} decision */
export function judge(response, answer, decision) {
  const { status } = response;
  if (status === 200 || status === 201) return names(answer, decision) ? { fate: 'recorded' } : { fate: 'later', all: true };
  if (status === 401) return { fate: 'stopped', why: 'signed-out' };
  const problem = typeof answer?.code === 'string' && answer.status === status ? answer : undefined;
  if (problem && status === 403 && STALE.includes(problem.code)) return { fate: 'stale' };
  if (problem && REFUSALS.includes(status)) return { fate: 'refused', problem };
  return { fate: 'later', all: !problem || ALL_LATER.includes(status), seconds: retryAfter(response), full: status === 507 };
}

/** Does the answer hold every event that was sent? */
function names(answer, { events }) {
  const recorded = new Set([answer?.events ?? answer ?? []].flat().map((event) => event?.event_id?.toLowerCase?.()));
  return events.every(({ event_id }) => recorded.has(event_id));
}

function retryAfter(response) {
  const header = response.headers.get('Retry-After');
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds > 0 ? seconds : undefined;
}
