/** The quarterly report in a browser: from the figures and back, on a phone, in dark colours, on paper, and as PDF. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { signInByPage } from './lib/real.mjs';
import { person, startProgram } from './program.mjs';
import { launch } from './site.mjs';

const WHITE = 'rgb(255, 255, 255)';

let served;
let browser;
before(async () => {
  served = await startProgram();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await served?.stop();
});

/** Somebody reads the report that the figures lead to. */
async function read(login, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', serviceWorkers: 'block' });
  try {
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    await person(served, login);
    await signInByPage(page, served.origin, login);
    await page.goto(`${served.origin}/cijfers`);
    await page.getByRole('link', { name: 'Kwartaalverslag', exact: true }).click();
    await page.waitForURL('**/cijfers/verslag?*');
    await use(page);
    assert.deepEqual(said.filter((line) => !line.includes('blocked by Playwright')), [], 'said on the console');
  } finally {
    await context.close();
  }
}

const background = (page, of) => page.evaluate((of) => getComputedStyle(document.querySelector(of)).backgroundColor, of);

test('the figures lead to the report on the same, and it leads back', { timeout: 60_000 }, async () => {
  await read('mia', async (page) => {
    const asked = new URL(page.url()).searchParams;
    assert.match(asked.get('gebied'), /^organisation:/);
    assert.match(await page.innerText('article.report'), /begeleiding naar betaald werk/);
    await page.getByRole('link', { name: 'Terug naar de cijfers' }).click();
    await page.waitForURL('**/cijfers?*');
    assert.deepEqual([...new URL(page.url()).searchParams], [...asked]);
  });
});

test('it is a white sheet in dark colours, and no wider than a phone', { timeout: 60_000 }, async () => {
  await read('lena', async (page) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await background(page, 'html'), WHITE);
    assert.equal(await background(page, '.report-sheet'), WHITE);
    await page.setViewportSize({ width: 375, height: 667 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 375);
    // Lists are lists and paragraphs stand apart, whatever the application does with its own.
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.report section > ul')).listStyleType), 'disc');
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('.report section > p')).marginTop), '0px');
  });
});

test('on paper there is the report alone', { timeout: 60_000 }, async () => {
  await read('lena', async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(await page.locator('header.top:visible, .back:visible, .actions:visible').count(), 0);
    assert.equal(await background(page, 'html'), WHITE);
    const [page1, article] = await page.evaluate(() => ['main', 'article.report'].map((of) => document.querySelector(of).getBoundingClientRect().top));
    assert.ok(article - page1 < 2, 'nothing stands above it');
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.report-sheet')).borderTopStyle), 'none');
  });
});

test('it is taken along as a PDF that is named after what it is of', { timeout: 60_000 }, async (context) => {
  await read('lena', async (page) => {
    const link = page.getByRole('link', { name: 'Download als PDF' });
    if ((await link.count()) === 0) return context.skip('the program writes no PDF');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.match(download.suggestedFilename(), /^werkmonitor-\d{4}Q\d-landelijk\.pdf$/);
    assert.equal((await readFile(await download.path())).subarray(0, 5).toString(), '%PDF-');
  });
});
