/**
 * The service worker: the application's shell, and copies of the pages of the one account that is signed in, for where there is no connection.
 *
 * The server puts one line before this file and serves both as /sw.js:
 *
 *     self.SHELL = {"version":"9f2c…","files":["/offline","/static/app-1a2b.css","/static/js-3c4d/app.js",…]};
 *
 * `version` changes whenever a file does; `files` are all static files and the offline page, which names nobody.
 *
 * - A page is asked of the server first; its copy is taken when no answer comes in time.
 * - A copy is kept only of an answer 200 that names its account (`X-Account`). Copies of one account exist at a time: another one's are removed
 *   when the first page of the other comes. Nothing of /api and of other origins is ever kept.
 * - Of a trajectory that the account may not see any more (an answer says so, or the whole caseload is without it) no page stays, forms neither.
 * - Signing out removes the copies; an answer that is still under way is not put back (`epoch`). Unsent events are not in reach of this file.
 * - The last version's files stay beside those of this one, because pages and copies that were made with them may still be open.
 */

const { version, files } = self.SHELL;
const SHELL = `shell-${version}`;
const PAGES = `pages-${version}`;
const KEPT = /^\/(?:$|trajecten(?:\/|$)|vastleggen\/|wachtrij$|hulp$)/;
const TRAJECTORY = /^\/trajecten\/[0-9a-f-]{36}/;
const FORM = /^\/trajecten\/[^/]+(\/vastleggen\/[^/]+)$/;
/** So long a page may take before its copy is shown. */
const ANSWER_WITHIN = 3_000;
/** An older copy is not shown: what it says is too old to work with, and a lost device should not tell for ever. */
const OLDEST_COPY = 7 * 24 * 3_600_000;
/** A copy younger than this is not made again ahead of need. */
const FRESH_COPY = 10 * 60_000;
const MOST_AHEAD = 150;

let epoch = 0;
/** Which windows show a copy, and of when. */
const copies = new Map();

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event, url));
  else if (url.pathname.startsWith('/static/') || files.includes(url.pathname)) event.respondWith(fromShell(event.request));
});
addEventListener('message', (event) => {
  const { type, urls, whole } = event.data;
  // A copy of the caseload is of before: it says of no trajectory that it is gone.
  if (type === 'prefetch') event.waitUntil(prefetch(urls, whole && !copies.has(event.source.id)));
  if (type === 'wipe') event.waitUntil(wipe().then(() => event.ports[0]?.postMessage('wiped')));
  if (type === 'copy?' && copies.has(event.source.id)) event.source.postMessage({ type: 'copy', of: copies.get(event.source.id) });
});

async function install() {
  const shell = await caches.open(SHELL);
  await shell.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const shells = names.filter((name) => name.startsWith('shell-') && name !== SHELL);
  const versions = [version, shells.pop()?.slice('shell-'.length)];
  const old = names.filter((name) => /^(?:shell|pages)-/.test(name) && !versions.some((one) => name.endsWith(`-${one}`)));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** Files have their content's hash in their name, so a kept one is never stale. */
async function fromShell(request) {
  for (const name of await newestFirst('shell-')) {
    const kept = await caches.match(request, { cacheName: name });
    if (kept) return kept;
  }
  return fetch(request);
}

async function newestFirst(prefix) {
  const mine = prefix + version;
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== mine);
  return [mine, ...others.reverse()];
}

// ---- Pages ----

async function page(event, url) {
  if (!(await signOutFinished())) return offlinePage();
  const started = epoch;
  const network = fetch(event.request);
  // Also an answer that comes after its copy was shown is kept.
  event.waitUntil(network.then((response) => keep(url, response.clone(), started)).catch(() => {}));
  const early = await Promise.race([network.catch(() => undefined), new Promise((late) => setTimeout(late, ANSWER_WITHIN))]);
  if (early && early.status < 500) return early;
  // With a question behind it another page may be meant, and only of the caseload the whole one does: of those that run.
  const does = url.search === '' || (url.pathname === '/' && !url.searchParams.has('afgesloten'));
  const copy = does ? await copyOf(url.pathname) : undefined;
  if (copy) {
    copies.set(event.resultingClientId, copy.headers.get('Date'));
    return copy;
  }
  return early ?? network.catch(offlinePage);
}

async function offlinePage() {
  return (await fromShell(new Request('/offline')).catch(() => undefined)) ?? Response.error();
}

async function keep(url, response, started) {
  const account = response.headers.get('X-Account');
  // What is no longer there for this account is not kept either.
  if ([403, 404, 410].includes(response.status)) return forget(url.pathname);
  const wanted = response.status === 200 && !response.redirected && account && KEPT.test(url.pathname) && url.search === '';
  if (!wanted) return;
  const state = await caches.open('state');
  const before = await (await state.match('/__account'))?.text();
  if (before && before !== account) {
    await removePages();
    started = started === epoch ? ++epoch : -1;
  }
  const pages = await caches.open(PAGES);
  if (started !== epoch) return;
  await Promise.all([state.put('/__account', new Response(account)), pages.put(url.pathname, response)]);
}

/** The page; of a trajectory all of its pages. */
function forget(path) {
  const [all] = TRAJECTORY.exec(path) ?? [];
  return forgetWhere((kept) => (all ? kept.startsWith(all) : kept === path));
}

async function forgetWhere(gone) {
  for (const name of await newestFirst('pages-')) {
    const pages = await caches.open(name);
    for (const { url } of await pages.keys()) if (gone(new URL(url).pathname)) await pages.delete(url, { ignoreVary: true });
  }
}

/** Of a form that was never opened, the blank one of its kind does. */
async function copyOf(path) {
  const [, blank] = FORM.exec(path) ?? [];
  for (const wanted of blank ? [path, blank] : [path]) {
    for (const name of await newestFirst('pages-')) {
      const copy = await caches.match(wanted, { cacheName: name, ignoreVary: true });
      if (copy && age(copy) < OLDEST_COPY) return copy;
    }
  }
  return undefined;
}

const age = (copy) => Date.now() - Date.parse(copy.headers.get('Date') ?? '');

/** One after the other, so that it is in nobody's way; ends at the first that fails. `whole`: these are all trajectories that there are. */
async function prefetch(urls, whole) {
  const started = epoch;
  if (whole) await forgetWhere((kept) => TRAJECTORY.test(kept) && !urls.some((path) => path === TRAJECTORY.exec(kept)[0]));
  for (const path of urls.slice(0, MOST_AHEAD)) {
    const kept = await caches.match(path, { cacheName: PAGES, ignoreVary: true });
    if (kept && age(kept) < FRESH_COPY) continue;
    const response = await fetch(path, { headers: { 'X-Prefetch': '1' } }).catch(() => undefined);
    if (!response || response.status >= 500 || started !== epoch) return;
    await keep(new URL(path, location.origin), response, started);
  }
}

// ---- Signing out ----

async function wipe() {
  epoch += 1;
  await removePages();
  await (await caches.open('state')).delete('/__account');
  copies.clear();
}

async function removePages() {
  for (const name of await caches.keys()) if (name.startsWith('pages-')) await caches.delete(name);
}

/** A sign-out without a connection ends the session as soon as there is one, before any page is asked for. */
async function signOutFinished() {
  const state = await caches.open('state');
  const wish = await state.match('/__sign-out');
  if (!wish) return true;
  await wipe();
  // The page that wished it may be older than the session: its token counts where that of now cannot be had.
  const { csrf = await wish.text() } = await fetch('/api/v1/session').then((session) => session.json()).catch(() => ({}));
  const headers = { 'X-CSRF-Token': csrf };
  const answer = await fetch('/uitloggen', { method: 'POST', headers, body: new URLSearchParams({ csrf }), redirect: 'manual' }).catch(() => undefined);
  if (!answer || answer.status >= 500) return false;
  return state.delete('/__sign-out');
}
