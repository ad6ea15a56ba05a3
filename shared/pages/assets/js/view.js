/**
 * What is shown of the outbox: in short in the header (`#outbox-status`), in full (`#outbox-list`), at its trajectory (`[data-waiting="ID"]`: a word, or
 * with `data-waiting-view="list"` each entry), trajectories that were begun on this device (`#begun`), and what else there is to know below the header
 * (`#notices`). `button[data-send-now]` is there while something of this account waits.
 */

import { daysLater } from './events.js';
import { counted, el, fill, momentIn } from './page.js';

const NOTHING = { waiting: 0, refused: 0, others: 0, stopped: '' };
const ICONS = { sent: 'check', waiting: 'cloud', refused: 'alert' };
/** Statuses that say that this application is at fault; what is wrong is told to programmers, in the file. */
const FAULTS = [400, 413, 415];
const STOPPED = { 'signed-out': 'signInAgain', 'other-account': 'otherAccount', full: 'storageFull' };

/** @param {import('./outbox.js').Outbox} outbox @param {Record<string, string>} strings @param {string} language */
export function createView(outbox, strings, language) {
  /** What stands in a place now, so that it is left alone (the focus, a screen reader) when there is nothing new. */
  const shown = new WeakMap();
  const notes = new Map();
  const signedOut = [strings.waitsSignedOutOne, strings.waitsSignedOutMany];
  let asked = 0;

  /** Shows everything anew. */
  async function show() {
    const turn = ++asked;
    // Where nothing can be kept there is nothing to show; a form says so when something is to be kept.
    const [state, entries] = await Promise.all([outbox.state(), outbox.list()]).catch(() => [NOTHING, []]);
    // A later look has been asked for in between, and shows more than this one.
    if (turn !== asked) return;
    showStatus(state);
    showNotices(state);
    const list = document.getElementById('outbox-list');
    if (list) replace(list, [entries, state.others], () => inFull(entries, state.others));
    document.querySelectorAll('[data-send-now]').forEach((button) => { button.hidden = state.waiting === 0; });
    const begun = document.getElementById('begun');
    const here = entries.filter(begins);
    if (begun) replace(begun, here, () => parts(here, [['waiting', strings.begunHere], ['refused', strings.partRefused]]));
    for (const place of document.querySelectorAll('[data-waiting]')) {
      const own = entries.filter((entry) => entry.trajectory === place.dataset.waiting);
      replace(place, own, () => (own.length > 0 ? [place.dataset.waitingView === 'list' ? entryList(own) : inShort(own)] : []));
    }
  }

  /** Something to know about this page, besides the outbox; '' takes it away. @param {string} kind @param {string} words */
  function note(kind, words) {
    notes.set(kind, words);
    return show();
  }

  function replace(place, of, children) {
    const now = JSON.stringify(of);
    if (shown.get(place) === now) return;
    shown.set(place, now);
    place.replaceChildren(...children());
  }

  // ---- In short ----

  function showStatus({ waiting, refused, others }) {
    const place = document.getElementById('outbox-status');
    if (!place) return;
    const state = refused ? 'refused' : waiting || others ? 'waiting' : 'sent';
    place.dataset.state = state;
    const link = place.querySelector('a') ?? place.appendChild(el('a', { className: 'outbox-link', href: '/wachtrij' }, el('span')));
    // To nobody it is not another's: it may well be theirs.
    const ofOthers = outbox.account ? [strings.oneOfOthers, strings.someOfOthers] : [strings.oneWaits, strings.someWait];
    const waits = waiting ? counted(strings.oneWaits, strings.someWait, waiting) : counted(...ofOthers, others);
    const beside = waiting ? counted(strings.besideOne, strings.besideMany, waiting) : '';
    const words = { refused: fill(strings.someRefused, { count: refused }) + beside, waiting: waits, sent: strings.allSent }[state];
    replace(link.querySelector('span'), words, () => withWideParts(words));
    const icon = link.querySelector('use');
    icon?.setAttribute('href', icon.getAttribute('href').replace(/#.*/, `#${ICONS[state]}`));
  }

  /** What stands in [brackets] is left out where there is no room. */
  const withWideParts = (words) => words.split(/[[\]]/).map((part, at) => (at % 2 === 1 ? el('span', { className: 'wide', textContent: part }) : part));

  function showNotices({ waiting, refused, others, stopped }) {
    const place = document.getElementById('notices');
    if (!place) return;
    const [one, many] = outbox.account ? [strings.othersOne, strings.othersMany] : signedOut;
    // The outbox itself says so where nothing else is in it.
    const saidInFull = waiting + refused === 0 && document.getElementById('outbox-list');
    const ofOthers = others > 0 && !saidInFull && counted(one, many, others);
    const lines = [...notes, [stopped, strings[STOPPED[stopped]]], ['others', ofOthers]].filter(([, words]) => words);
    replace(place, [lines, waiting + refused], () => lines.map(([kind, words]) => {
      const line = el('span', { textContent: words, data: { kind } });
      if (words === strings.onlineAgain) line.append(' ', el('button', { type: 'button', textContent: strings.refresh, onclick: () => location.reload() }));
      const signIn = `/inloggen?next=${encodeURIComponent(location.pathname)}`;
      if (kind === 'signed-out') line.append(' ', el('a', { href: signIn, textContent: strings.signIn }));
      return line;
    }));
  }

  const wordOf = (refused) => (refused ? strings.stateRefused : strings.stateWaiting);
  const inShort = (entries) => el('span', { textContent: wordOf(entries.some(({ state }) => state === 'refused')) });

  // ---- In full ----

  function inFull(entries, others) {
    const [one, many] = outbox.account ? [strings.onlyOthersOne, strings.onlyOthersMany] : signedOut;
    const words = others > 0 ? counted(one, many, others) : strings.nothingWaits;
    const nothing = el('p', { className: 'utrecht-paragraph', textContent: words });
    if (entries.length === 0) return [el('div', { className: 'empty' }, nothing)];
    return parts(entries, [['refused', strings.partRefused], ['waiting', strings.partWaiting]]);
  }

  function parts(entries, headings) {
    const of = (state) => entries.filter((entry) => entry.state === state);
    return headings.filter(([state]) => of(state).length > 0).map(([state, words]) => el('section', { className: 'section' },
      el('h2', { className: 'utrecht-heading-2', textContent: words }), entryList(of(state), true)));
  }

  const entryList = (entries, named = false) => el('ul', { className: 'outbox-entries' }, ...entries.map((entry) => entryItem(entry, named)));

  function entryItem(entry, named) {
    const words = entry.content ? wordOf(entry.state === 'refused') : strings.stateUnreadable;
    const link = el('a', { href: `/trajecten/${entry.trajectory}`, textContent: title(entry, named) });
    const state = el('span', { className: 'outbox-state', textContent: words });
    const item = el('li', { className: 'outbox-entry', data: { state: entry.state } }, el('p', {}, link, ' ', state));
    item.append(el('p', { className: 'outbox-written', textContent: fill(strings.written, { time: momentIn(language, strings, entry.created_at) }) }));
    if (entry.problem) item.append(...problem(entry));
    item.append(el('p', { className: 'outbox-actions' }, ...actions(entry)));
    return item;
  }

  function title({ content, created_at }, named) {
    const [event] = content?.decision.events ?? [];
    const last = event?.type.endsWith('_stopped') ? daysLater(event.occurred_on, -1) : event?.occurred_on;
    const day = new Date(last ?? created_at.slice(0, 10)).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' });
    const type = strings[event?.type] ?? strings.something;
    const what = event?.corrects ? fill(strings.correctionOf, { what: type }) : type;
    const client = named && content?.form?.client;
    return client ? fill(strings.entryOf, { client, what, day }) : fill(strings.entry, { what, day });
  }

  function problem({ problem: { status, code, detail, conflicts = [] }, trajectory }) {
    const links = conflicts.map((id) => el('p', {}, el('a', { href: `/trajecten/${trajectory}#gebeurtenis-${id}`, textContent: strings.conflict })));
    return [el('p', { className: 'outbox-problem', textContent: wordsOf({ status, code, detail }, strings) }), ...links];
  }

  function actions(entry) {
    const form = entry.content?.form;
    const refused = entry.state === 'refused';
    return [
      refused && form && el('a', { className: BUTTON, href: `${form.address}#herstel=${entry.seq}`, textContent: strings.mend }),
      refused && button(strings.again, () => outbox.retry(entry.seq)),
      entry.content && button(strings.save, () => save(entry.seq)),
      outbox.mayDiscard(entry) && discardButton(entry.seq),
    ].filter(Boolean);
  }

  const BUTTON = 'utrecht-button utrecht-button--subtle';

  function button(words, press) {
    const made = el('button', { type: 'button', className: BUTTON, textContent: words });
    made.addEventListener('click', press);
    return made;
  }

  /** Asks once more before something that exists nowhere else is gone. */
  function discardButton(seq) {
    const made = button(strings.discard, () => {
      if (made.dataset.sure) return void outbox.discard(seq);
      made.dataset.sure = 'yes';
      made.textContent = strings.discardSure;
    });
    return made;
  }

  async function save(seq) {
    const url = URL.createObjectURL(new Blob([await outbox.exported(seq)], { type: 'application/json' }));
    el('a', { href: url, download: strings.fileName }).click();
    URL.revokeObjectURL(url);
  }

  return { show, note };
}

/** Whether a trajectory begins with it. @param {import('./store.js').Entry} entry */
export function begins({ content }) {
  const [event] = content?.decision.events ?? [];
  return event?.type === 'intake' && !event.corrects;
}

/**
 * What a coach can do about a refusal: in the page's language, else the server's own words; but where it must not tell.
 * @param {import('./store.js').Problem} problem
 */
export function wordsOf({ status, code, detail }, strings) {
  if (status === 403 || status === 404) return strings.movedAway;
  if (FAULTS.includes(status)) return strings.ourFault;
  return code === 'event_id_reused' ? strings.idTaken : (strings.refusals?.[code] ?? detail ?? code);
}
