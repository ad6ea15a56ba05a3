/**
 * Figures that follow the log: `[data-live]` names the stream that tells of a change, `data-live-position` the log position that the page shows.
 * Then the page of now is fetched, and each of its `[data-live-part]` takes the place of the one with the same name; `data-live-said="… {time} …"` of
 * `#live` (a status) says when. Nothing else changes, so that what is chosen, open or focused stays. Without this module the page is that of then.
 */

import { fill } from './page.js';

/** The page is not fetched more often: an import changes figures all the time. */
const CALM = 5_000;

const page = document.querySelector('[data-live]');
const status = document.getElementById('live');
let shown = Number(page.dataset.livePosition);
let newest = shown;
let fetching = false;

const stream = new EventSource(page.dataset.live);
stream.addEventListener('figures', ({ lastEventId }) => {
  newest = Math.max(newest, Number(lastEventId));
  follow();
});
addEventListener('pagehide', () => stream.close());
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
document.addEventListener('visibilitychange', follow);

/** Once at a time, and only while somebody looks. */
async function follow() {
  if (fetching || document.hidden || newest <= shown) return;
  fetching = true;
  await fetch(location.href).then(takeOver).catch(() => {});
  setTimeout(() => { fetching = false; follow(); }, CALM);
}

async function takeOver(answer) {
  // Signed out, or not to be had now: the page stays as it is, and the next change is another try.
  if (!answer.ok || answer.redirected) return;
  const now = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const position = Number(now.querySelector('[data-live]')?.dataset.livePosition);
  if (!(position > shown)) return;
  for (const part of document.querySelectorAll('[data-live-part]')) {
    const next = now.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
    if (!next) continue;
    const focused = part.contains(document.activeElement) && document.activeElement.getAttribute('href');
    part.replaceWith(document.adoptNode(next));
    if (focused) [...next.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus();
  }
  shown = position;
  const time = new Date().toLocaleTimeString('nl', { hour: 'numeric', minute: '2-digit', timeZone: 'Europe/Amsterdam' });
  status.textContent = fill(status.dataset.liveSaid, { time: time.replace(':', document.documentElement.lang === 'en' ? ':' : '.') });
}
