/**
 * Every page of every role, as the real program sends it: nothing that axe finds, light and dark, on a phone of 320 px and on a desktop (two of these four
 * by turns, page after page; all four of each with LOOKS=all, which takes twice as long); nothing on the console, no breach of the content security policy, no link that leads nowhere; and whatever can be pressed is reached with the Tab key, and seen there.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';

import { PEOPLE } from './lib/people.mjs';
import { ROLES, signInByPage } from './lib/real.mjs';
import { kindOf, walk } from './lib/walk.mjs';
import { person, startProgram } from './program.mjs';
import { LOOKS, launch } from './site.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Noor has Sanne's role and more rows, Piet and Bram have it too: once is enough. */
const LOOKED_AT = ROLES.filter((login) => !['noor', 'piet', 'bram'].includes(login));
/** By turns, or all of them. */
const looksAt = (place) => (process.env.LOOKS === 'all' ? LOOKS : LOOKS.filter((_, look) => (place % 2 === 0 ? [0, 3] : [1, 2]).includes(look)));
/** What the browser says of an answer that is meant to be one. */
const MEANT = /Failed to load resource: the server responded with a status of 40[34]|Service Worker registration blocked by Playwright/;
/** Addresses that are there to see what an error looks like. */
const MEANT_TO_FAIL = /^\/(geen-pagina|trajecten\/0{8}-)/;

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

/** axe by the debugger, not by a script element: the page's policy stays as it is. */
async function violations(page, { colours }) {
  // What the other colours change is only what can be told from what.
  const only = colours === 'light' ? { type: 'tag', values: RULES } : { type: 'rule', values: ['color-contrast'] };
  const found = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), only);
  return found.violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(' ')}: ${
    node.failureSummary.replace(/\s+/g, ' ').slice(0, 200)}`));
}

/** Presses Tab until the page is over; answers what was never reached, and where the focus could not be seen. */
async function byKeyboard(page) {
  const many = await page.evaluate(() => {
    const shown = (element, pseudo) => {
      const style = getComputedStyle(element, pseudo);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    const words = (element) => `${element.tagName} ${element.className} ${element.id} ${element.textContent.trim().slice(0, 30)}`;
    const groups = new Set();
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((element) => {
      if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ checkVisibilityCSS: true })) return false;
      if (element.type !== 'radio') return element.type !== 'hidden';
      const group = `${element.name} ${[...document.forms].indexOf(element.form)}`;
      return !groups.has(group) && groups.add(group);
    });
    const report = { reached: new Set(), unseen: [] };
    document.addEventListener('focusin', ({ target }) => {
      report.reached.add(target.type === 'radio' ? target.name : target);
      const around = [target, target.parentElement, target.closest('.choice')].filter(Boolean);
      if (!around.some((element) => shown(element)) && !shown(target, '::after')) report.unseen.push(words(target));
    });
    window.keyboardReport = () => ({
      unreached: all.filter((one) => !report.reached.has(one.type === 'radio' ? one.name : one)).map(words), unseen: [...new Set(report.unseen)],
    });
    document.activeElement?.blur();
    return all.length;
  });
  for (let press = 0; press < many + 3; press += 1) await page.keyboard.press('Tab');
  return page.evaluate(() => window.keyboardReport());
}

describe('every page of every role', { concurrency: 2 }, () => {
  for (const login of LOOKED_AT) {
    test(`${login}, ${PEOPLE[login].role}`, { timeout: 900_000 }, async () => {
      await person(served, login);
      const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
      const page = await context.newPage();
      const said = [];
      let at = '/inloggen';
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(`${at}: ${message.text()}`));
      page.on('pageerror', (error) => said.push(`${at}: ${error}`));
      const found = [];
      let place = 0;
      const note = (what, list) => list.forEach((one) => found.push(`${kindOf(at)}: ${what}: ${one}`));
      await signInByPage(page, served.origin, login);
      const kinds = await walk(page, served.origin, async (path, answer) => {
        at = path;
        // The report is the same page for whoever sees it, and long: the analyst's is looked at.
        if (path.startsWith('/cijfers/verslag') && login !== 'lena') return;
        if (answer.status() >= 400 && !MEANT_TO_FAIL.test(path)) note('answer', [String(answer.status())]);
        await page.evaluate(AXE);
        await page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => fold.setAttribute('open', '')));
        for (const look of looksAt(place++)) {
          await page.setViewportSize({ width: look.width, height: look.height });
          await page.emulateMedia({ colorScheme: look.colours });
          note(`axe, ${look.name}`, await violations(page, look));
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          if (wide > look.width) note('width', [`${wide} px on a screen of ${look.width}`]);
        }
        const { unreached, unseen } = await byKeyboard(page);
        note('not reached by Tab', unreached);
        note('focus not seen', unseen);
      });
      console.log(`${login}: ${[...kinds.values()].reduce((sum, many) => sum + many, 0)} pages of ${kinds.size} kinds`);
      await context.close();
      assert.deepEqual([...new Set(found)], []);
      assert.deepEqual(said.filter((line) => !MEANT.test(line)), [], 'said on the console');
      assert.ok(kinds.size >= 8, [...kinds.keys()].join());
    });
  }
});
