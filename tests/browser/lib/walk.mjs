/** A walk over the application as somebody sees it: every page that a link of it leads to, some of each kind. */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const LOGIN = /^(\/beheer\/accounts\/)(?!nieuw$)[^/]+/;
/** Trajectories are of ten kinds (see people.mjs), and every type of event is corrected by its own form; of any other page one is enough. */
const MOST_OF = { '/trajecten/ID': 6, '/trajecten/ID/aanpassen/ID': 8 };
const MOST = 1;
/** Pages that no link leads to, or only sometimes one. */
const BEGIN = ['/', '/wachtrij', '/hulp', '/account', '/wachtwoord', '/offline', '/?zoek=umit', '/?zoek=niemand', '/?afgesloten=1',
  '/trajecten/00000000-0000-4000-8000-000000000000', '/geen-pagina'];
/** What is no page. */
const NOT = /^\/(api|static)\/|^\/manifest|^\/sw\.js/;

/** The kind of page that an address leads to. @param {string} path */
export function kindOf(path) {
  const url = new URL(path, 'http://localhost');
  const keys = [...url.searchParams.keys()].sort().join('&');
  return url.pathname.replace(UUID, 'ID').replace(LOGIN, '$1LOGIN') + (keys && `?${keys}`);
}

/** A name for a file or a test. @param {string} path */
export const nameOfPage = (path) => kindOf(path).replace(/[^\w]+/g, '-').replace(/^-|-$/g, '') || 'begin';

/**
 * Opens page after page and hands each over; answers how many of each kind there were.
 * @param {import('playwright-core').Page} page @param {string} origin
 * @param {(path: string, answer: import('playwright-core').Response) => Promise<void>} look
 */
export async function walk(page, origin, look) {
  const kinds = new Map();
  const asked = new Set();
  const waiting = [];
  const add = (path) => {
    const kind = kindOf(path);
    const so = kinds.get(kind) ?? 0;
    if (asked.has(path) || NOT.test(path) || so >= (MOST_OF[kind] ?? MOST)) return;
    asked.add(path);
    kinds.set(kind, so + 1);
    waiting.push(path);
  };
  BEGIN.forEach(add);
  while (waiting.length > 0) {
    const path = waiting.shift();
    const answer = await page.goto(origin + path, { waitUntil: 'load' });
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href], link[data-offline]')]
      // A link in a picture has its address in the attribute only.
      .filter((link) => !link.hasAttribute('download'))
      .map((link) => new URL(link.getAttribute('href'), location.href)).filter(({ origin }) => origin === location.origin).map(({ pathname, search }) => pathname + search));
    await look(path, answer);
    links.forEach(add);
  }
  return kinds;
}
