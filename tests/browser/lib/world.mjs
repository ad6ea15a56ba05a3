/** A server, a browser on a new profile and a coach who has signed in; everything is ended, and complaints of the browser are failures. */

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';

import { newProfile, openBrowser, until } from './browser.mjs';
import { TRAJECTORY, useVersion } from './pages.mjs';
import { startServer } from './server.mjs';

/** @param {string} name a sentence @param {(world: Awaited<ReturnType<typeof makeWorld>>) => Promise<void>} play */
export function scene(name, play) {
  test(name, { timeout: 120_000 }, async () => {
    const world = await makeWorld();
    try {
      await play(world);
      assert.deepEqual(world.browser.complaints, []);
      assert.deepEqual(world.server.violations, []);
    } finally {
      await world.end();
    }
  });
}

async function makeWorld() {
  useVersion('one');
  const server = await startServer();
  const profile = await newProfile();
  const world = {
    server, profile, browser: await openBrowser(profile), page: undefined,
    url: (path) => server.url + path,
    /** Opens the application as this account, with the shell and the copies of the caseload's pages kept. */
    async signIn(account = 'noor') {
      world.page ??= await world.browser.page();
      await world.page.goto(world.url(`/test/sign-in?account=${account}`));
      await until('the service worker keeps the pages', () => kept(world.page, `/trajecten/${TRAJECTORY}`));
      return world.page;
    },
    /** The browser process dies without warning, and is opened again on the same profile. */
    async killAndReopen() {
      await world.browser.kill();
      await world.reopen();
    },
    async reopen() {
      world.browser = await openBrowser(profile);
      world.page = await world.browser.page();
    },
    async end() {
      await world.browser.close();
      await server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return world;
}

/** Is there a copy of this page in the browser? */
export const kept = (page, path) => page.evaluate(async (path) => {
  for (const name of await caches.keys()) if (await caches.match(path, { cacheName: name })) return true;
  return false;
}, path);

/** The year of the latest such day that was: a day of longer ago is asked about. @param {number} day @param {number} month */
export function yearOf(day, month) {
  const now = new Date();
  return now.getFullYear() - (new Date(now.getFullYear(), month - 1, day) > now ? 1 : 0);
}

export const formOf = (type, trajectory = TRAJECTORY) => `/trajecten/${trajectory}/vastleggen/${type}`;

/** Fills in a contact (the form is open already) and presses the button. */
export async function fillContact(page, note) {
  await page.check('input[name=with][value=client]');
  await page.check('input[name=channel][value=phone]');
  await page.fill('textarea[name=note]', note);
}

/** Opens the form, logs a contact and waits until the form was left. */
export async function logContact(world, note, page = world.page) {
  await page.goto(world.url(formOf('contact')));
  await fillContact(page, note);
  await page.click('form.log button[type=submit]');
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
}

/** Everything that lies in the database, with sealed bytes as text, so that a search for a name finds it when it is there. */
export const database = (page) => page.evaluate(async () => {
  const opened = await new Promise((resolve, reject) => {
    const request = indexedDB.open('trajectlog');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const all = {};
  for (const store of opened.objectStoreNames) {
    const rows = await new Promise((resolve) => {
      const request = opened.transaction(store).objectStore(store).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    all[store] = rows.map((row) => ({ ...row, key: typeof row.key === 'string' ? row.key : row.key && { extractable: row.key.extractable },
      sealed: row.sealed && new TextDecoder('latin1').decode(row.sealed.bytes) }));
  }
  opened.close();
  return all;
});

/** What the header and the line below it say. */
export const status = async (page) => `${await page.innerText('#outbox-status')} | ${await page.innerText('#notices')}`;
export { until };
