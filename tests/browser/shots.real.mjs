// Pictures of every page of every role as the real program sends it, for eyes: node shots.real.mjs FOLDER [LOGIN …] [--light] [--only=PART]
//
// A phone (390 × 844) and a desktop (1280 × 900), light and dark, the whole page up to a height beyond which nobody sees anything.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROLES, signInByPage } from './lib/real.mjs';
import { nameOfPage, walk } from './lib/walk.mjs';
import { person, startProgram } from './program.mjs';
import { launch } from './site.mjs';

const words = process.argv.slice(2);
const [folder, ...logins] = words.filter((word) => !word.startsWith('--'));
if (folder === undefined) {
  console.error('usage: node shots.real.mjs FOLDER [LOGIN …] [--light] [--only=PART]: logins are those of lib/people.mjs, PART is a part of a name');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const only = words.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? '';
const colours = words.includes('--light') ? ['light'] : ['light', 'dark'];
const SIZES = [['phone', 390, 844], ['desktop', 1280, 900]];
const TALLEST = 2400;
const served = await startProgram();
const browser = await launch();

async function shoot(page, name) {
  for (const [size, width, height] of SIZES) {
    for (const colorScheme of colours) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      const whole = await page.evaluate(() => document.documentElement.scrollHeight);
      const clip = { x: 0, y: 0, width, height: Math.min(Math.max(whole, height), TALLEST) };
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), clip, fullPage: true });
    }
  }
}

try {
  const before = await browser.newPage();
  await before.goto(`${served.origin}/inloggen`);
  await shoot(before, 'nobody-inloggen');
  await before.goto(`${served.origin}/inloggen?fout=onjuist`);
  await shoot(before, 'nobody-inloggen-onjuist');
  await before.close();
  for (const login of logins.length > 0 ? logins : ['sanne', 'mia', 'lena', 'otto', 'root']) {
    if (!ROLES.includes(login)) throw new Error(`there is nobody called ${login}`);
    const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
    const page = await context.newPage();
    await signInByPage(page, served.origin, login, served.made[login].oneTime);
    await shoot(page, `${login}-first-password`);
    await person(served, login);
    await signInByPage(page, served.origin, login);
    const many = new Map();
    await walk(page, served.origin, async (path) => {
      const name = nameOfPage(path);
      many.set(name, (many.get(name) ?? 0) + 1);
      if (name.includes(only)) await shoot(page, `${login}-${name}${many.get(name) > 1 ? `-${many.get(name)}` : ''}`);
    });
    await context.close();
  }
} finally {
  await browser.close();
  await served.stop();
}
