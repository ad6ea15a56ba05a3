/** The scripts stay small, and readable. */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { strip } from './lib/strip.mjs';

const ASSETS = new URL('../../shared/pages/assets/', import.meta.url);
const FILES = ['sw.js', ...readdirSync(new URL('js/', ASSETS)).filter((name) => name.endsWith('.js')).map((name) => `js/${name}`)];
const source = (name) => readFileSync(new URL(name, ASSETS), 'utf8');
/** Of the budget of a first view, for an old phone on a slow line; a page loads one language. */
const MOST_COMPRESSED = 22 * 1024;
const MOST_LINES = 400;
const LONGEST_LINE = 160;

test('what a page loads is at most 22 KB compressed', () => {
  // The page of figures alone loads what makes it live, and no coach does.
  const loaded = FILES.filter((name) => !name.includes('strings.en') && name !== 'js/live.js');
  const sizes = loaded.map((name) => [name, brotliCompressSync(strip(source(name))).length]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(total <= MOST_COMPRESSED, `${total} bytes: ${JSON.stringify(sizes)}`);
});

test('scripts are not long, and neither are their lines', () => {
  for (const name of FILES) {
    const lines = source(name).split('\n');
    assert.ok(lines.length <= MOST_LINES, `${name} has ${lines.length} lines`);
    lines.forEach((line, at) => assert.ok(line.length <= LONGEST_LINE, `${name}:${at + 1} has ${line.length} characters`));
    assert.ok(strip(source(name)).length > 500 || name === 'js/page.js', name);
  }
});

test('scripts use nothing that the content security policy refuses', () => {
  for (const name of FILES) assert.doesNotMatch(strip(source(name)), /innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function|\.style\b|setAttribute\('style/, name);
});
