// Every page as it is sent, in both languages, with its real scripts: nothing on the console (so no breach of the content security policy),
// nothing wider than a phone, and in English too nothing that axe finds (on one page of each kind, all of them with LOOKS=all: what it finds is hardly of
// the language). The tests of the crate `pages` write them to target/tmp/pages:
//
//     cargo nextest run -p pages && (cd tests/browser && node --test served.test.mjs)

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { CSP, launch } from './site.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const PAGES = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'tmp/pages');
const ASSETS = join(ROOT, 'shared/pages/assets');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.js': 'text/javascript' };
const names = existsSync(PAGES) ? readdirSync(PAGES).filter((name) => name.endsWith('.html')).map((name) => name.slice(0, -5)) : [];

const kindOf = (name) => name.split(/[-.]/)[0];
/** The English pages that axe looks at. */
const english = names.filter((name) => name.endsWith('.en'));
const byAxe = process.env.LOOKS === 'all' ? english : english.filter((name, place) => english.findIndex((one) => kindOf(one) === kindOf(name)) === place);

let server;
let browser;
let origin;

/** The file of an address; assets lie below a folder whose name is the hash of their version. */
function fileOf(path) {
  if (path === '/sw.js') return join(ASSETS, 'sw.js');
  const [first, , ...rest] = path.slice(1).split('/');
  return first === 'static' ? join(ASSETS, ...rest) : join(PAGES, `${path.slice(1)}.html`);
}

before(async () => {
  server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    if (path === '/manifest.webmanifest') return void response.writeHead(200, { 'content-type': 'application/manifest+json' }).end('{}');
    if (path.startsWith('/trajecten/')) return void response.writeHead(200, { 'content-type': TYPES['.html'] }).end('<!doctype html><title>Noor</title>');
    // No answer of the service: the entry stays in the outbox.
    if (path.startsWith('/api/')) return void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    const file = fileOf(path);
    if (![ROOT, PAGES].some((folder) => file.startsWith(folder + sep)) || !existsSync(file)) return void response.writeHead(404).end();
    const head = path === '/sw.js' ? 'self.SHELL = {"version":"one","files":[]};\n' : '';
    const headers = { 'content-type': TYPES[extname(file)], 'content-security-policy': CSP, 'x-content-type-options': 'nosniff' };
    response.writeHead(200, headers).end(head + readFileSync(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function open(name, use) {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(String(error)));
    await page.goto(`${origin}/${name}`, { waitUntil: 'networkidle' });
    await use(page);
    assert.deepEqual(said, [], 'said on the console');
  } finally {
    await context.close();
  }
}

test('there are pages in both languages', () => {
  assert.ok(names.length > 100, `${names.length} pages in ${PAGES}: run the tests of the crate pages first`);
  assert.equal(english.length * 2, names.length);
  assert.ok(byAxe.length >= 10, byAxe.join());
});

describe('every page as it is sent', { concurrency: 2 }, () => {
  for (const name of names) {
    test(`${name}: quiet, as wide as a phone, its forms ready`, async () => {
      await open(name, async (page) => {
        await page.waitForFunction(() => [...document.querySelectorAll('form.log [type=submit]')].every((button) => !button.disabled));
        await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => fold.setAttribute('open', '')));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 320, `the page is ${wide} px wide`);
        if (!byAxe.includes(name)) return;
        await page.evaluate(() => document.querySelector('.menu')?.removeAttribute('open'));
        await page.evaluate(AXE);
        const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: { type: 'tag', values: rules } }), RULES);
        assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`), []);
      });
    });
  }
});

test('what the server found wrong goes away when it is mended, and the form is done', async () => {
  await open('form-contact-errors', async (page) => {
    assert.equal(await page.locator('[name="occurred_on.day"]').inputValue(), '21', 'what was typed stands there');
    await page.getByText('Telefoon', { exact: true }).click();
    await page.locator('[name="occurred_on.year"]').fill('2024');
    await page.getByRole('button', { name: 'Vastleggen' }).click();
    // So long ago is asked about, whatever day it is when this is read.
    await page.getByRole('button', { name: 'Het klopt: zo vastleggen' }).click();
    await page.waitForURL('**/trajecten/*');
  });
});
