// Every sample page, by turns light on a phone of 320 px and dark on a desktop (all in all four looks with LOOKS=all, four times as long; the pages of
// the real program are looked at in all four by axe.real.test.mjs): nothing that axe finds, nothing on the console (so no breach
// of the content security policy), nothing wider than the screen, and the focus can be seen wherever the Tab key brings it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';

import { LOOKS, enableAsScriptsDo, launch, samples, serve } from './site.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Tab stops that are looked at on a page: enough for the header and the first of everything, not all sixty rows. */
const STOPS = 40;
/** By turns, or all of them. */
const lookedAt = (place) => (process.env.LOOKS === 'all' ? LOOKS : [place % 2 === 0 ? LOOKS[0] : LOOKS[3]]);
/** Pages on which the menu is opened for axe too: it is the same on all others. */
const WITH_MENU = ['caseload-empty', 'sign-in', 'form-contact'];

let site;
let browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(name, look, use) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.colours,
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('requestfailed', (request) => said.push(`failed: ${request.url()}`));
    await page.goto(`${site.origin}/${name}`, { waitUntil: 'load' });
    await page.evaluate(enableAsScriptsDo);
    await use(page);
    assert.deepEqual(said, [], 'said on the console');
  } finally {
    await context.close();
  }
}

/** axe by the debugger, not by a script element: the page's policy stays as it is. */
async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: { type: 'tag', values: rules } }), RULES);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`),
  );
}

/** Opens every fold, so that what is in it is looked at too. */
const unfold = (page) => page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => fold.setAttribute('open', '')));

async function unseenFocus(page) {
  const unseen = [];
  for (let n = 0; n < STOPS; n += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return null;
      const shown = (element, pseudo) => {
        const style = getComputedStyle(element, pseudo);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      };
      const around = [at, at.parentElement, at.closest('.choice')].filter(Boolean);
      return { what: `${at.tagName} ${at.className} ${at.id}`, seen: around.some((element) => shown(element)) || shown(at, '::after') };
    });
    if (stop === null) break;
    if (!stop.seen) unseen.push(stop.what);
  }
  return unseen;
}

/** Whatever is tapped is at least 44 px high, but for links within sentences and small print. */
const tooSmall = (page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, .utrecht-button, .quick, .nav-link, .menu-button, .choice, .back, .fold-title, select, input:not([type=radio], [type=hidden], [type=checkbox]), textarea',
      ),
    ]
      .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.classList.contains('row-button'))
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => `${element.tagName} ${element.className}: ${element.getBoundingClientRect().height}`),
  );

describe('every page', { concurrency: 3 }, () => {
  for (const [place, name] of samples().entries()) {
    for (const look of lookedAt(place)) {
      test(`${name}, ${look.name}: clean for axe, for the console, in width and in focus`, async () => {
        await open(name, look, async (page) => {
          assert.deepEqual(await unseenFocus(page), [], 'focus that cannot be seen');
          await unfold(page);
          assert.deepEqual(await violations(page), [], 'axe, all folds open');
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= look.width, `the page is ${wide} px wide on a screen of ${look.width}`);
          assert.deepEqual(await tooSmall(page), [], 'too small for a thumb');
          await page.evaluate(() => document.querySelector('.menu')?.setAttribute('open', ''));
          if (WITH_MENU.includes(name)) assert.deepEqual(await violations(page), [], 'axe, the menu open');
          const menu = await page.evaluate(() => document.querySelector('.menu-panel')?.getBoundingClientRect().toJSON());
          assert.ok(!menu || (menu.left >= 0 && menu.right <= look.width), 'the menu stays on the screen');
        });
      });
    }
  }
});

test("the theme that was chosen wins over the device's", async () => {
  await open('caseload', LOOKS[0], async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
    const dark = await ground();
    assert.notEqual(light, dark);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
    assert.equal(await ground(), light);
    await page.evaluate(() => document.documentElement.removeAttribute('data-theme'));
    assert.equal(await ground(), dark);
  });
});

test('the search field finds in the list without the server, and says how many', async () => {
  await open('caseload', LOOKS[0], async (page) => {
    const shown = () => page.locator('.row:visible .row-link').allTextContents();
    const field = page.getByRole('searchbox');
    await field.fill('umit');
    assert.deepEqual(await shown(), ['Ümit']);
    assert.equal(await page.locator('.search-found').textContent(), '1 gevonden');
    assert.equal(await page.locator('.group:visible').count(), 0);
    await field.fill('nobody');
    assert.equal(await page.locator('.search-found').textContent(), 'Niets gevonden in deze lijst');
    await field.fill('');
    assert.equal((await shown()).length, 61);
  });
});

test('the menu opens by keyboard, closes with Escape and with a press beside it, and changes the theme at once', async () => {
  await open('caseload-empty', LOOKS[0], async (page) => {
    const summary = page.locator('.menu > summary');
    await page.route('**/voorkeuren', (route) => route.fulfill({ status: 204 }));
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Donker' }).click();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.equal(await page.getByRole('button', { name: 'Donker' }).getAttribute('aria-pressed'), 'true');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.menu[open]').count(), 0);
    assert.ok(await summary.evaluate((element) => element === document.activeElement), 'the focus is back');
    await summary.click();
    await page.mouse.click(160, 620);
    assert.equal(await page.locator('.menu[open]').count(), 0);
  });
});

test('on paper a page is dark on white, with nothing to press', async () => {
  await open('trajectory', LOOKS[2], async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(255, 255, 255)');
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('h1')).color), 'rgb(0, 0, 0)');
    assert.equal(await page.locator('header:visible, .quick-actions:visible, .event-edit:visible').count(), 0);
  });
});

test('from the caseload a contact is saved by a press on the row, one on the way, and one on the button', async () => {
  await open('form-contact', LOOKS[0], async (page) => {
    await page.getByText('Telefoon', { exact: true }).click();
    const ready = await page.evaluate(() => {
      const form = document.querySelector('form.log');
      const values = Object.fromEntries(new FormData(form));
      return {
        with: values.with,
        channel: values.channel,
        day: values['occurred_on.day'],
        month: values['occurred_on.month'],
        year: values['occurred_on.year'],
      };
    });
    assert.deepEqual(ready, { with: 'client', channel: 'phone', day: '20', month: '11', year: '2025' });
  });
});
