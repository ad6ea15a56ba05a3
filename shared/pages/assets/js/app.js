/**
 * Wires a page: forms, the outbox and what is shown of it, the copies for offline use, what follows when there is a connection again, signing out.
 *
 * In a page: `<meta name="account">` and `<meta name="csrf">`; `a[data-offline]` and `link[data-offline]` (of these a copy is kept for offline use),
 * `button[data-send-now]`, `form[action="/uitloggen"]`, on the offline page `<html data-offline-page>` and `template[data-at="ADDRESS"]`, which takes
 * the place of what stands first beside it at that address. The places for the outbox are in view.js.
 */

import { takeOverForms } from './forms.js';
import { createOutbox } from './outbox.js';
import { fill, momentIn } from './page.js';
import * as store from './store.js';
import { begins, createView } from './view.js';

/** So long a page that is about to be left waits for what can still be sent. */
const LAST_SENDING = 3_000;
const WORKER_ANSWERS_WITHIN = 2_000;
/** So often a page of before looks whether the service answers again: the browser does not always notice. */
const LOOK_EVERY = 15_000;
/** A page that was fetched anew by itself is not so again within this time: where a server stays slow it would go on and on. */
const CALM = 60_000;
/** When this tab did so last. */
const FETCHED = 'fetched';
const english = document.documentElement.lang === 'en';
const language = english ? 'en-GB' : 'nl';
const worker = navigator.serviceWorker;
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? '';

const offlinePage = document.documentElement.hasAttribute('data-offline-page');

/** The offline page is the same for everybody; whose copies are on this device the service worker knows. */
async function accountOfPage() {
  if (!offlinePage) return meta('account');
  return (await (await caches.match('/__account', { cacheName: 'state' }))?.text()) ?? '';
}

const { default: words } = await import(english ? './strings.en.js' : './strings.nl.js');
// The server says in Dutch what can be done about a refusal.
const strings = english ? { ...words, refusals: (await import('./strings.en.refusals.js')).default } : words;
const outbox = createOutbox({ account: await accountOfPage(), csrf: meta('csrf') });
const view = createView(outbox, strings, language);
const tabs = new BroadcastChannel('trajectlog-account');

// ---- Copies for offline use ----

function startWorker() {
  if (!worker) return;
  worker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {});
  worker.addEventListener('message', ({ data }) => {
    // What the queue shows is of this device, and never of before.
    if (data.type !== 'copy' || location.pathname === '/wachtrij') return;
    ofBefore(fill(strings.offlineCopy, { time: momentIn(language, strings, data.of) }));
  });
  worker.controller?.postMessage({ type: 'copy?' });
  const urls = [...document.querySelectorAll('a[data-offline], link[data-offline]')].map((link) => new URL(link.href).pathname);
  if (outbox.account && urls.length > 0 && !navigator.connection?.saveData) {
    const whole = location.pathname === '/' && location.search === '';
    worker.ready.then(({ active }) => active.postMessage({ type: 'prefetch', whole, urls: [location.pathname, '/wachtrij', ...urls] }));
  }
}

const sendFirst = () => Promise.race([outbox.flush(), new Promise((late) => setTimeout(late, LAST_SENDING))]);

// ---- A connection again ----

/** Whether somebody is at work on this page: then it is not taken away. */
let touched = document.querySelector('form.log') !== null;
for (const type of ['pointerdown', 'keydown', 'input']) addEventListener(type, () => { touched = true; }, true);

/** The offline page at an address of which it can say more than that it is not here; of a trajectory that was begun on this device what waits of it. */
async function beOwnPage() {
  const entries = await outbox.list().catch(() => []);
  const begun = entries.find((entry) => begins(entry) && location.pathname === `/trajecten/${entry.trajectory}`);
  const own = document.querySelector(`template[data-at="${begun ? '/trajecten/nieuw' : location.pathname}"]`);
  if (!own) return;
  if (begun) {
    own.content.querySelector('h1').textContent = begun.content.form?.client || strings.begunHere;
    own.content.querySelector('[data-waiting]').dataset.waiting = begun.trajectory;
    own.content.querySelectorAll('a[data-form]').forEach((link) => { link.href = `${location.pathname}/vastleggen/${link.dataset.form}`; });
    document.getElementById('outbox-list').remove();
  }
  own.parentElement.firstElementChild.replaceWith(own.content);
  document.title = `${document.querySelector('h1').textContent} – Trajectlog`;
}

/** What stands here is of before, as `words` say, until the service answers. Then the page of now is fetched, or offered to who is at work on it. */
function ofBefore(words) {
  let timer;
  function wait() {
    clearInterval(timer);
    timer = setInterval(look, LOOK_EVERY);
    view.note('copy', words);
  }
  async function look() {
    if (document.hidden || !timer) return;
    const other = await outbox.renewSession();
    if (other?.fate === 'later' || !timer) return;
    timer = clearInterval(timer);
    // So that the page that comes has what waits.
    await sendFirst();
    // Of a copy, whoever is at work on it decides, or would have to sign in first, or has something that the service does not take just now.
    const decides = !offlinePage && (touched || other || (await outbox.state()).waiting);
    if (decides || Date.now() - Number(sessionStorage.getItem(FETCHED)) < CALM) return view.note('copy', strings.onlineAgain);
    sessionStorage.setItem(FETCHED, Date.now());
    location.reload();
  }
  addEventListener('online', look);
  addEventListener('offline', wait);
  document.addEventListener('visibilitychange', look);
  wait();
}

// ---- Signing out ----

/** Whoever has something that is not finished is asked once more, at the button itself: it goes with the sign-out. */
async function askOrSignOut(button) {
  const lost = outbox.account && !button?.dataset.sure && (await store.hasDrafts(outbox.account).catch(() => false));
  if (!lost || !button) return signOut();
  button.dataset.sure = 'yes';
  button.lastChild.textContent = strings.signOutSure;
}

/**
 * Everything of the account goes but what was not sent. The wish to sign out is written down first, so that the service worker finishes it when
 * there is no connection or this page does not live to do it.
 */
async function signOut() {
  await sendFirst();
  const csrf = outbox.csrf();
  const state = await caches.open('state');
  if (worker?.controller) await state.put('/__sign-out', new Response(csrf));
  await wipe(state);
  tabs.postMessage('signed-out');
  const headers = { 'X-CSRF-Token': csrf };
  const answered = await fetch('/uitloggen', { method: 'POST', headers, body: new URLSearchParams({ csrf }), redirect: 'manual' }).catch(() => undefined);
  // 403: this page is older than the session; the service worker ends it with a token of now.
  if (answered && answered.status < 500 && answered.status !== 403) await state.delete('/__sign-out');
  location.replace('/inloggen');
}

async function wipe(state) {
  store.close();
  sessionStorage.clear();
  await store.wipeDrafts();
  for (const name of await caches.keys()) if (name.startsWith('pages-')) await caches.delete(name);
  await state.delete('/__account');
  if (worker?.controller) await workerWiped();
}

/** The worker forgets what it has under way, so that nothing is put back. */
function workerWiped() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    setTimeout(resolve, WORKER_ANSWERS_WITHIN);
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
  askOrSignOut(event.submitter ?? event.target.querySelector('button'));
});
document.addEventListener('click', ({ target }) => target.closest('[data-send-now]') && outbox.flush());

// ---- Start ----

outbox.onChange(view.show);
if (offlinePage) {
  await beOwnPage();
  ofBefore('');
}
await takeOverForms(outbox, strings);
// What waits on the device is not recorded yet, and does not look so.
const flash = sessionStorage.getItem('flash');
await view.note(flash === 'kept' ? flash : 'recorded', strings[flash]);
sessionStorage.removeItem('flash');
startWorker();
outbox.start();
