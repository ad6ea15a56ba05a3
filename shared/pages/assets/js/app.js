/**
 * Wires a page: forms, the outbox and what it shows, the copies for offline use, signing out.
 *
 * Places in a page: `#outbox-status` (in short, every page), `#outbox-list` (in full, /wachtrij and the offline page), `[data-waiting="TRAJECTORY"]`
 * (what waits of one trajectory: its number, or with `data-waiting-view="list"` each of them), `a[data-offline]` (a copy is kept for offline use),
 * `form[action="/uitloggen"]`.
 */

import { daysLater, fill } from './events.js';
import { el, takeOverForms } from './forms.js';
import { createOutbox } from './outbox.js';
import * as store from './store.js';

const language = document.documentElement.lang === 'en' ? 'en' : 'nl';
/** So long a sign-out waits for what can still be sent. */
const LAST_SENDING = 3_000;
const worker = navigator.serviceWorker;

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? '';
const count = (one, many, number) => (number === 1 ? one : fill(many, { count: number }));
const signInAddress = () => `/inloggen?verder=${encodeURIComponent(location.pathname)}`;

/** The offline page is the same for everybody; whose copies are on this device the service worker knows. */
async function accountOfPage() {
  if (!document.documentElement.hasAttribute('data-offline-page')) return meta('account');
  return (await (await caches.match('/__account', { cacheName: 'state' }))?.text()) ?? '';
}

const { default: strings } = await import(language === 'en' ? './strings.en.js' : './strings.nl.js');
const outbox = createOutbox({ account: await accountOfPage(), csrf: meta('csrf') });
const tabs = new BroadcastChannel('trajectlog-account');

// ---- What is shown of the outbox ----

const shown = new WeakMap();
let copyOf = '';
let flash = sessionStorage.getItem('flash');
sessionStorage.removeItem('flash');

async function show() {
  const [state, entries] = await Promise.all([outbox.state(), outbox.list()]);
  showStatus(state);
  const list = document.getElementById('outbox-list');
  if (list) replace(list, entries.length > 0 ? [entryList(entries), sendNow()] : [el('p', { textContent: strings.nothingWaits })], entries);
  for (const place of document.querySelectorAll('[data-waiting]')) {
    const own = entries.filter((entry) => entry.trajectory === place.dataset.waiting);
    const inFull = place.dataset.waitingView === 'list';
    replace(place, own.length === 0 ? [] : inFull ? [entryList(own)] : [el('span', { textContent: inShort(own) })], own);
  }
}

function showStatus({ waiting, refused, others, stopped }) {
  const place = document.getElementById('outbox-status');
  if (!place) return;
  const lines = [];
  if (copyOf) lines.push(fill(strings.offlineCopy, { time: new Date(copyOf).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' }) }));
  if (flash) lines.push(flash === 'recorded' ? strings.recorded : strings.kept);
  if (waiting) lines.push(count(strings.waitingOne, strings.waitingMany, waiting));
  if (refused) lines.push(count(strings.refusedOne, strings.refusedMany, refused));
  if (others && outbox.account) lines.push(count(strings.othersOne, strings.othersMany, others));
  if (others && !outbox.account) lines.push(count(strings.waitsSignedOutOne, strings.waitsSignedOutMany, others));
  if (stopped) lines.push({ 'signed-out': strings.signInAgain, 'other-account': strings.otherAccount, full: strings.storageFull }[stopped]);
  const content = lines.map((line) => el('p', { textContent: line }));
  if (stopped === 'signed-out') content.push(el('a', { href: signInAddress(), textContent: strings.signIn }));
  if (waiting + refused > 0) content.push(el('a', { href: '/wachtrij', textContent: strings.showAll }));
  place.setAttribute('role', 'status');
  place.dataset.state = refused ? 'refused' : waiting || stopped ? 'waiting' : '';
  replace(place, content, lines);
}

/** Only when there is something new, so that a screen reader does not repeat it and the focus stays. */
function replace(place, children, of) {
  const now = JSON.stringify(of);
  if (shown.get(place) === now) return;
  shown.set(place, now);
  place.replaceChildren(...children);
}

const inShort = (entries) => (entries.some((entry) => entry.state === 'refused') ? strings.stateRefused : strings.stateWaiting);

const entryList = (entries) => el('ul', { className: 'outbox-entries' }, ...entries.map(entryItem));

function entryItem(entry) {
  const state = !entry.content ? strings.stateUnreadable : entry.state === 'refused' ? strings.stateRefused : strings.stateWaiting;
  const item = el('li', { className: 'outbox-entry', data: { state: entry.state } },
    el('p', {}, el('a', { href: `/trajecten/${entry.trajectory}`, textContent: title(entry) }), ' ', el('span', { className: 'outbox-state', textContent: state })));
  if (entry.problem) item.append(...problem(entry));
  else if (entry.tries > 1) item.append(el('p', { textContent: fill(strings.tried, { count: entry.tries }) }));
  item.append(el('p', { className: 'outbox-actions' }, ...actions(entry)));
  return item;
}

function title({ content, created_at }) {
  const [event] = content?.decision.events ?? [];
  const day = event ? (event.type.endsWith('_stopped') ? daysLater(event.occurred_on, -1) : event.occurred_on) : created_at.slice(0, 10);
  const type = strings[event?.type] ?? '…';
  const what = event?.corrects ? fill(strings.correctionOf, { what: type }) : type;
  return fill(strings.entry, { what, day: new Date(day).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' }) });
}

function problem({ problem: { status, code, detail, conflicts = [] }, trajectory }) {
  const words = status === 403 || status === 404 ? strings.movedAway : code === 'event_id_reused' ? strings.idTaken : (detail ?? code);
  const links = conflicts.map((id) => el('p', {}, el('a', { href: `/trajecten/${trajectory}#gebeurtenis-${id}`, textContent: strings.conflict })));
  return [el('p', { className: 'outbox-problem', textContent: words }), ...links];
}

function actions(entry) {
  const parts = [];
  const form = entry.content?.form;
  if (entry.state === 'refused' && form) parts.push(el('a', { href: `${form.address}#herstel=${entry.seq}`, textContent: strings.mend }));
  if (entry.state === 'refused') parts.push(button(strings.again, () => outbox.retry(entry.seq)));
  if (entry.content) parts.push(button(strings.save, () => save(entry.seq)));
  if (outbox.mayDiscard(entry)) parts.push(discardButton(entry.seq));
  return parts.flatMap((part) => [part, ' ']);
}

function button(words, press) {
  const made = el('button', { type: 'button', className: 'utrecht-button utrecht-button--subtle', textContent: words });
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

const sendNow = () => el('p', {}, button(strings.sendNow, () => outbox.flush()));

async function save(seq) {
  const url = URL.createObjectURL(new Blob([await outbox.exported(seq)], { type: 'application/json' }));
  el('a', { href: url, download: strings.fileName }).click();
  URL.revokeObjectURL(url);
}

// ---- Copies for offline use ----

function startWorker() {
  if (!worker) return;
  worker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {});
  worker.addEventListener('message', ({ data }) => {
    if (data.type !== 'copy') return;
    copyOf = data.of;
    show();
  });
  worker.controller?.postMessage({ type: 'copy?' });
  const urls = [...document.querySelectorAll('a[data-offline], link[data-offline]')].map((link) => new URL(link.href).pathname);
  if (outbox.account && urls.length > 0 && !navigator.connection?.saveData) {
    worker.ready.then(({ active }) => active.postMessage({ type: 'prefetch', urls: [location.pathname, ...urls] }));
  }
}

// ---- Signing out ----

/**
 * Everything of the account goes but what was not sent. The wish to sign out is written down first, so that the service worker finishes it when
 * there is no connection or this page does not live to do it.
 */
async function signOut() {
  if ((await outbox.state()).waiting > 0) await Promise.race([outbox.flush(), new Promise((late) => setTimeout(late, LAST_SENDING))]);
  const state = await caches.open('state');
  if (worker?.controller) await state.put('/__sign-out', new Response(outbox.csrf()));
  await wipe();
  tabs.postMessage('signed-out');
  const headers = { 'X-CSRF-Token': outbox.csrf(), 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ csrf: outbox.csrf() });
  const answered = await fetch('/uitloggen', { method: 'POST', headers, body, redirect: 'manual' }).catch(() => undefined);
  if (answered && answered.status < 500) await state.delete('/__sign-out');
  location.replace('/inloggen');
}

async function wipe() {
  store.close();
  await store.wipeDrafts();
  sessionStorage.clear();
  for (const name of await caches.keys()) if (name.startsWith('pages-')) await caches.delete(name);
  await (await caches.open('state')).delete('/__account');
  if (worker?.controller) await toldWorker();
}

/** The worker forgets what it has under way, so that nothing is put back. */
function toldWorker() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    setTimeout(resolve, 2_000);
    worker.controller.postMessage({ type: 'wipe' }, [port2]);
  });
}

tabs.onmessage = () => {
  if (!outbox.account) return;
  store.close();
  location.replace('/inloggen');
};
document.addEventListener('submit', (event) => {
  if (event.target.getAttribute('action') !== '/uitloggen') return;
  event.preventDefault();
  signOut();
});

// ---- Start ----

outbox.onChange(show);
await takeOverForms(outbox, strings);
await show();
startWorker();
outbox.start();
