/** The application by the keyboard alone: from signing in to what was recorded, and every form from its first field to its button. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PASSWORD, trajectoryOf } from './lib/people.mjs';
import { signInByPage, until } from './lib/real.mjs';
import { person, startProgram } from './program.mjs';
import { launch } from './site.mjs';

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

async function open(login, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Presses Tab until the focus is on what `is` (a function in the page) says. */
async function tabTo(page, what, is, argument) {
  for (let press = 0; press < 400; press += 1) {
    if (await page.evaluate(is, argument)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key never comes to ${what} on ${page.url()}`);
}
const toLink = (page, address) => tabTo(page, address, (address) => document.activeElement?.getAttribute('href') === address, address);
const toButton = (page, words) => tabTo(page, words, (words) => {
  const at = document.activeElement;
  return ['BUTTON', 'SUMMARY'].includes(at?.tagName) && at.textContent.trim().startsWith(words);
}, words);
const toField = (page, name) => tabTo(page, name, (name) => document.activeElement?.name === name, name);
const ready = (page) => page.waitForFunction(() => document.querySelector('form.log [type=submit]')?.disabled === false);

test('the first sign-in: a password of one’s own is chosen, and then the application is there', { timeout: 60_000 }, async () => {
  await open('bram', async (page) => {
    await signInByPage(page, served.origin, 'bram', served.made.bram.oneTime);
    assert.equal(new URL(page.url()).pathname, '/wachtwoord');
    await toField(page, 'old');
    await page.keyboard.type(served.made.bram.oneTime);
    await toField(page, 'new');
    await page.keyboard.type('kort');
    await toField(page, 'again');
    await page.keyboard.type('kort');
    await page.keyboard.press('Enter');
    await until('it is said what is wrong', async () => /minstens \d+ tekens: een paar woorden/.test(await page.innerText('main')));
    for (const [field, words] of [['old', served.made.bram.oneTime], ['new', PASSWORD], ['again', PASSWORD]]) {
      await toField(page, field);
      await page.keyboard.type(words);
    }
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/wachtwoord'));
    served.made.bram.chosen = true;
    await page.goto(`${served.origin}/`);
    assert.match(await page.title(), /Mijn trajecten/);
    await page.locator('body').press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#inhoud', 'the first stop is the way past the menu');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'inhoud');
    await toButton(page, 'Bram Jansen');
    await page.keyboard.press('Enter');
    await toButton(page, 'Uitloggen');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/inloggen');
  });
});

test('from the caseload to a recorded contact', { timeout: 60_000 }, async () => {
  const mia = await person(served, 'mia');
  await person(served, 'sanne');
  const id = trajectoryOf('sanne', 4);
  await open('sanne', async (page) => {
    await signInByPage(page, served.origin, 'sanne');
    await toLink(page, `/trajecten/${id}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/trajecten/${id}`);
    await toLink(page, `/trajecten/${id}/vastleggen/contact`);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/contact');
    await ready(page);
    await toField(page, 'channel');
    await page.keyboard.press('ArrowDown');
    await toField(page, 'note');
    await page.keyboard.type('Met de toetsen alleen');
    await toButton(page, 'Vastleggen');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/trajecten/${id}`);
    await until('it is told', async () => /Vastgelegd/.test(await page.innerText('#notices')));
    const events = await mia.get(`/api/v1/trajectories/${id}/events`);
    assert.ok(events.some(({ data }) => data.note === 'Met de toetsen alleen'));
  });
});

/** Fills in every field that the Tab key comes to, as a hand would: the next of a choice, a word, a number; dates stay where they stand, or are yesterday. */
async function fillAll(page) {
  const done = new Set();
  const past = new Date(Date.now() - 2 * 86_400_000);
  const part = { day: past.getDate(), month: past.getMonth() + 1, year: past.getFullYear() };
  for (let press = 0; press < 150; press += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const at = document.activeElement;
      const form = at?.closest('form.log');
      const { name, type, tagName, value, inputMode } = at ?? {};
      return { inside: Boolean(form), name, type, tag: tagName, value, inputMode, folded: tagName === 'SUMMARY' && !at.parentElement.open };
    });
    if (at.tag === 'BUTTON' && at.type === 'submit' && at.inside) return;
    if (!at.inside || done.has(`${at.name}`)) continue;
    if (at.folded) await page.keyboard.press('Enter');
    if (!at.name) continue;
    done.add(at.name);
    const [, piece] = /\.(day|month|year)$/.exec(at.name) ?? [];
    if (at.type === 'radio') await page.keyboard.press('Space');
    else if (at.tag === 'SELECT') await page.keyboard.press('ArrowDown');
    else if (at.type === 'checkbox' || at.value) continue;
    else if (piece) await page.keyboard.type(String(part[piece]));
    else if (at.inputMode === 'numeric' || at.inputMode === 'decimal') await page.keyboard.type('12');
    else await page.keyboard.type('woord');
  }
  throw new Error(`the Tab key never comes to the button on ${page.url()}`);
}

describe('every form of a trajectory, from its first field to its button', { concurrency: 2 }, () => {
  for (const number of [3, 4, 7]) {
    test(`the forms of trajectory ${number}`, { timeout: 300_000 }, async () => {
      await person(served, 'sanne');
      const mia = await person(served, 'mia');
      const id = trajectoryOf('sanne', number);
      const written = async () => (await mia.get(`/api/v1/trajectories/${id}/events`)).filter(({ actor }) => actor !== 'import');
      await open('sanne', async (page) => {
        await signInByPage(page, served.origin, 'sanne');
        await page.goto(`${served.origin}/trajecten/${id}`);
        const forms = await page.evaluate(() => [...new Set([...document.querySelectorAll('.quick-actions a')].map((link) => link.pathname))]);
        // What ends the trajectory, or takes it away, comes last.
        const last = (path) => (/outflow|overdragen/.test(path) ? 1 : 0);
        const told = [];
        for (const path of forms.sort((a, b) => last(a) - last(b))) {
          const before = (await written()).length;
          await page.goto(served.origin + path);
          if ((await page.locator('form.log').count()) === 0) { told.push(`${path}: no form`); continue; }
          await ready(page);
          await page.locator('main').focus();
          await fillAll(page);
          await page.keyboard.press('Enter');
          const left = page.waitForURL((url) => url.pathname !== path, { timeout: 15_000 }).then(() => 'left');
          const said = page.waitForSelector('.error-summary', { timeout: 15_000 }).then((summary) => summary.innerText());
          const fate = await Promise.any([left, said]);
          if (fate !== 'left') told.push(`${path.split('/').slice(3).join('/')}: ${fate.replace(/\s+/g, ' ')}`);
          else if ((await written()).length <= before) told.push(`${path}: nothing was recorded`);
        }
        console.log(`trajectory ${number}: ${forms.length} forms, ${(await written()).length} events`);
        assert.deepEqual(told, []);
        assert.ok(forms.length >= 5, forms.join());
      });
    });
  }
});
