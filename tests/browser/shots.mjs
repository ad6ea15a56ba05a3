// Pictures of the sample pages, for eyes: node shots.mjs FOLDER [NAME-PART …] [--folds] [--tall]
//
// Light and dark, phone and desktop, the whole page (on a phone cut into screens of two thousand pixels with --tall left out).

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { LOOKS, enableAsScriptsDo, launch, samples, serve } from './site.mjs';

const words = process.argv.slice(2);
const [folder, ...parts] = words.filter((word) => !word.startsWith('--'));
if (folder === undefined) {
  console.error("usage: node shots.mjs FOLDER [PART …] [--folds] [--light] [--menu]: PART is a part of a sample's name");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const site = await serve();
const browser = await launch();
/** Pixels of a picture at most: beyond that nobody sees anything. */
const TALLEST = 2400;
for (const name of samples().filter(
  (name) => parts.length === 0 || parts.some((part) => (part.startsWith('=') ? name === part.slice(1) : name.includes(part))),
)) {
  for (const look of LOOKS.filter((look) => !words.includes('--light') || look.colours === 'light')) {
    const page = await browser.newPage({
      viewport: { width: look.width, height: look.height },
      colorScheme: look.colours,
      deviceScaleFactor: look.width < 400 ? 2 : 1,
    });
    await page.goto(`${site.origin}/${name}`, { waitUntil: 'load' });
    await page.evaluate(enableAsScriptsDo);
    if (words.includes('--folds'))
      await page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => fold.setAttribute('open', '')));
    if (words.includes('--menu')) await page.evaluate(() => document.querySelector('.menu').setAttribute('open', ''));
    const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), TALLEST);
    await page.screenshot({
      path: join(folder, `${name}-${look.name}.png`),
      clip: { x: 0, y: 0, width: look.width, height: Math.max(height, look.height) },
      fullPage: true,
    });
    await page.close();
  }
}
await browser.close();
await site.close();
