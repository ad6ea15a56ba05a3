// A server for the sample pages on a loopback port, with the headers that the gateway sends, and the browser that looks at them.

import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { newProfile, openBrowser } from './lib/browser.mjs';

const PAGES = join(dirname(fileURLToPath(import.meta.url)), '../../shared/pages');
export const SAMPLES = join(PAGES, 'samples');
const ASSETS = join(PAGES, 'assets');
/** Assets that lie deeper than their address says. */
const ELSEWHERE = { 'nl-design-system.css': 'vendor/nl-design-system/nl-design-system.css' };

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** The names of the sample pages, without `.html`. */
export const samples = () =>
  readdirSync(SAMPLES)
    .filter((name) => name.endsWith('.html'))
    .map((name) => name.slice(0, -5))
    .sort();

/** Serves `/NAME` as the sample NAME, and `/static/NAME` as that asset. Answers {origin, close}. */
export async function serve() {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const name = path.slice(1);
    const file = path.startsWith('/static/') ? join(ASSETS, ELSEWHERE[path.slice(8)] ?? path.slice(8)) : join(SAMPLES, `${name}.html`);
    const inside = file.startsWith(PAGES + sep);
    if (!inside || !existsSync(file)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) };
}

/** Debian's Chromium, or what CHROMIUM names, on a profile that is thrown away: closed, nothing of it is left. */
export async function launch() {
  const profile = await newProfile();
  const { context, close } = await openBrowser(profile);
  const browser = context.browser();
  return {
    newContext: (options) => browser.newContext(options),
    newPage: (options) => browser.newPage(options),
    async close() {
      await close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What each page is looked at with. */
export const LOOKS = ['light', 'dark']
  .flatMap((colours) => [
    [colours, 320, 640],
    [colours, 1280, 900],
  ])
  .map(([colours, width, height]) => ({
    name: `${colours}-${width}`,
    colours,
    width,
    height,
  }));

/** In the browser: what assets/js/forms.js does to a form before anybody can use it. */
export function enableAsScriptsDo() {
  for (const form of document.querySelectorAll('form.log')) {
    form.querySelectorAll('[type=submit]').forEach((button) => button.removeAttribute('disabled'));
    for (const part of form.querySelectorAll('[data-when]')) {
      const [field, wanted] = part.dataset.when.split('=');
      part.hidden = new FormData(form).get(field) !== wanted;
    }
  }
}
