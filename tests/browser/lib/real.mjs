/** The program with a proxy before it, and a browser on a new profile; everything is ended, and complaints of the browser are failures. */

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';

import { newProfile, openBrowser, until } from './browser.mjs';
import { PASSWORD, PEOPLE, trajectoryOf } from './people.mjs';
import { kept } from './world.mjs';
import { person, startProgram, startProxy } from '../program.mjs';

/** The trajectory that most tests write in, and another one. */
export const OURS = trajectoryOf('sanne', 4);
export const OTHER = trajectoryOf('sanne', 5);
/** What a browser says of its own about answers that a test has made; never about a page. */
const EXPECTED = /net::ERR_|Failed to load resource: the server responded with a status of (4\d\d|5\d\d)/;

/** @param {string} name a sentence @param {(world: Awaited<ReturnType<typeof makeWorld>>) => Promise<void>} play */
export function scene(name, play) {
  test(name, { timeout: 120_000 }, async () => {
    const world = await makeWorld();
    try {
      await play(world);
      assert.deepEqual(world.complaints.filter((said) => !EXPECTED.test(said)), []);
    } finally {
      await world.end();
    }
  });
}

async function makeWorld() {
  const served = await startProgram();
  const proxy = await startProxy(served.port);
  const profile = await newProfile();
  const complaints = [];
  const open = async () => {
    const browser = await openBrowser(profile);
    browser.context.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    browser.context.on('weberror', (error) => complaints.push(String(error.error())));
    return browser;
  };
  const world = {
    served, proxy, profile, complaints, browser: await open(), page: undefined,
    url: (path) => proxy.origin + path,
    /** Somebody who asks the program itself, without a browser and without the proxy. */
    person: (login) => person(served, login),
    /** Signs in by the page. The first time of an account is somebody else's matter: `firstTime`. */
    async signIn(login = 'sanne', page = undefined) {
      await person(served, login);
      world.page = page ?? world.page ?? (await world.browser.page());
      await signInByPage(world.page, proxy.origin, login);
      return world.page;
    },
    /** Signs in, and waits until everything is on the device that is needed without a connection. */
    async ready(login = 'sanne') {
      const page = await world.signIn(login);
      for (const path of ['/', `/trajecten/${OURS}`, `/trajecten/${OTHER}`, '/vastleggen/contact']) {
        await until(`a copy of ${path} is kept`, () => kept(page, path), 60_000);
      }
      return page;
    },
    /** The browser process dies without warning, and is opened again on the same profile. */
    async killAndReopen() {
      await world.browser.kill();
      world.browser = await open();
      world.page = await world.browser.page();
    },
    /** What the log holds of a trajectory, asked of the program. */
    async recorded(trajectory = OURS, type = 'contact') {
      const mia = await person(served, 'mia');
      const events = await mia.get(`/api/v1/trajectories/${trajectory}/events`);
      return events.filter((event) => event.type === type && event.actor !== 'import');
    },
    async end() {
      await world.browser.close();
      await proxy.close();
      await served.stop();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return world;
}

/** Through the page, with the keyboard. */
export async function signInByPage(page, origin, login, password = PASSWORD) {
  await page.goto(`${origin}/inloggen`);
  await page.locator('input[name=login]').focus();
  await page.keyboard.type(login);
  await page.keyboard.press('Tab');
  while (!(await page.evaluate(() => document.activeElement.matches('input[name=password]')))) await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/inloggen');
}

export const formOf = (kind, trajectory = OURS) => `/trajecten/${trajectory}/vastleggen/${kind}`;

/** Fills in the contact form that is open. */
export async function fillContact(page, note) {
  await page.waitForFunction(() => document.querySelector('form.log [type=submit]')?.disabled === false);
  await page.getByText('Telefoon', { exact: true }).click();
  await page.fill('textarea[name=note]', note);
}

/** Opens the form, logs a contact and waits until the form was left. */
export async function logContact(world, note, { page = world.page, trajectory = OURS } = {}) {
  await page.goto(world.url(formOf('contact', trajectory)));
  await fillContact(page, note);
  await page.click('form.log button[type=submit]');
  await page.waitForURL((url) => !url.pathname.includes('vastleggen'));
}

/** What the header (a page for signing in has none) and the line below it say. */
export const status = (page) => page.evaluate(() => ['#outbox-status', '#notices'].map((place) => document.querySelector(place)?.innerText ?? '').join(' | '));

export const ROLES = Object.keys(PEOPLE);
export { until };
