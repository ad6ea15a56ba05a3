/**
 * The first view of a caseload of sixty trajectories: what goes over the wire, and how long it takes on a slow line (Lighthouse's "slow 4G": 150 ms round
 * trip, 1.6 Mbit/s down, 750 kbit/s up). Bytes are a promise; times are told, for a machine that does other things besides cannot promise them.
 */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { RUNNING } from './lib/people.mjs';
import { signInByPage, until } from './lib/real.mjs';
import { strip } from './lib/strip.mjs';
import { person, startProgram } from './program.mjs';
import { launch } from './site.mjs';

const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const MOST_BYTES = 100_000;

/** Opens the caseload in this context on the slow line; answers what came over it until it could be used. */
async function view(context, origin) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const urls = new Map();
  const files = [];
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url.slice(origin.length)));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => files.push([urls.get(requestId), encodedDataLength]));
  const began = performance.now();
  await page.goto(`${origin}/`, { waitUntil: 'load' });
  // The sentences are what the scripts ask for last.
  await until('the scripts have run', () => page.evaluate(() => performance.getEntriesByType('resource').some(({ name, responseEnd }) => (
    /strings\.nl\.js$/.test(name) && responseEnd > 0))));
  const usable = performance.now() - began;
  const [paint] = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint').map(({ startTime }) => startTime));
  const rows = await page.locator('main li a[href^="/trajecten/"]:not([href*="vastleggen"])').count();
  const bytes = files.reduce((sum, [, size]) => sum + size, 0);
  await page.close();
  return { bytes, files, rows, paint: Math.round(paint), usable: Math.round(usable) };
}

test('scripts are sent without comments and indentation, and nothing else is taken out', async () => {
  const served = await startProgram();
  try {
    const ask = async (path) => (await fetch(served.origin + path)).text();
    const source = (name) => readFileSync(new URL(`../../shared/pages/assets/${name}`, import.meta.url), 'utf8');
    const worker = await ask('/sw.js');
    const folder = /"(\/static\/[0-9a-f]+)\//.exec(worker)[1];
    const scripts = readdirSync(new URL('../../shared/pages/assets/js', import.meta.url)).map((name) => `js/${name}`);
    assert.ok(scripts.length >= 10, `${scripts}`);
    for (const name of scripts) assert.equal(await ask(`${folder}/${name}`), strip(source(name)), name);
    assert.equal(worker.slice(worker.indexOf('\n') + 1), strip(source('sw.js')));
  } finally {
    await served.stop();
  }
});

test('a caseload of sixty trajectories is at most 100 KB over the wire, and told how fast', { timeout: 120_000 }, async () => {
  const served = await startProgram();
  const browser = await launch();
  try {
    await person(served, 'noor');
    // The session comes from one context into a new one, which has nothing of the application yet.
    const before = await browser.newContext();
    await signInByPage(await before.newPage(), served.origin, 'noor');
    const context = await browser.newContext({ storageState: { cookies: (await before.storageState()).cookies, origins: [] }, serviceWorkers: 'block' });
    await before.close();
    const cold = await view(context, served.origin);
    const again = await view(context, served.origin);
    for (const [name, { bytes, files, paint, usable }] of Object.entries({ cold, again })) {
      console.log(`${name}: ${bytes} bytes in ${files.length} files; painted after ${paint} ms, usable after ${usable} ms (slow 4G)`);
    }
    console.log(cold.files.map(([url, size]) => `  ${String(size).padStart(6)} ${url}`).join('\n'));
    assert.ok(cold.rows >= RUNNING && RUNNING >= 60, `${cold.rows} trajectories of ${RUNNING}`);
    assert.ok(cold.bytes > 5_000, `${cold.bytes} bytes were counted`);
    assert.ok(cold.bytes < MOST_BYTES, `${cold.bytes} bytes`);
    assert.ok(again.bytes < cold.bytes, 'files are kept by the browser');
    await context.close();
  } finally {
    await browser.close();
    await served.stop();
  }
});
