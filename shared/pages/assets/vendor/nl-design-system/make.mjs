// Makes nl-design-system.css: what our pages use of the NL Design System, and nothing else.
//
//     npm ci && npm run make        (writes; `node make.mjs --check` only says whether the file is up to date)
//
//   component-library-css ──► rules whose classes our pages carry ──┐
//                                                                   ├──► without what nothing defines ──► minified
//   voorbeeld-design-tokens ──► tokens that those rules ask for ────┘
//
// The tokens stand on :root, one level under those of app.css: app.css gives the colours (light and dark) by setting the same
// `--basis-…` tokens, and is loaded after this file. A `var(--x, fallback)` whose `--x` nobody sets is replaced by its fallback,
// for the published CSS has a dozen levels of them per button.

import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transform } from 'lightningcss';
import postcss from 'postcss';

const HERE = dirname(fileURLToPath(import.meta.url));
const PAGES = join(HERE, '../../..');
const require = createRequire(import.meta.url);
const COMPONENTS = require.resolve('@utrecht/component-library-css/dist/index.css');
const TOKENS = require.resolve('@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css');
/** Where classes are looked for: templates, samples and our own modules. */
const LOOKED_AT = ['templates', 'samples', 'assets'];
/** The oldest browsers that the pages are made for: an old phone that is still updated, or was until 2022. */
const TARGETS = { chrome: 105 << 16, firefox: 102 << 16, safari: (15 << 16) | (4 << 8) };

function files(folder) {
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return []; // the templates come later than the samples
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (name === 'vendor' || name === 'node_modules') return [];
    if (statSync(path).isDirectory()) return files(path);
    return /\.(html|js)$/.test(name) ? [path] : [];
  });
}

const used = new Set(
  LOOKED_AT.flatMap((folder) => files(join(PAGES, folder))).flatMap((path) => readFileSync(path, 'utf8').match(/utrecht-[a-z0-9_-]+/g) ?? []),
);

// 1. The rules.
const sheet = postcss.parse(readFileSync(COMPONENTS, 'utf8'));
sheet.walkComments((comment) => comment.remove());
sheet.walkAtRules(/^(charset|font-face|keyframes)$/, (rule) => rule.remove());
sheet.walkRules((rule) => {
  const kept = rule.selectors.filter((selector) => {
    const classes = selector.match(/\.[a-zA-Z_][\w-]*/g) ?? [];
    return classes.length > 0 && classes.every((name) => used.has(name.slice(1)));
  });
  if (kept.length === 0) rule.remove();
  else rule.selectors = kept;
});
sheet.walkAtRules((rule) => {
  if (rule.nodes?.length === 0) rule.remove();
});

// 2. The tokens, as far as the rules, or tokens that the rules ask for, name them. app.css may name them too.
const tokens = new Map();
postcss.parse(readFileSync(TOKENS, 'utf8')).walkDecls(/^--/, (token) => tokens.set(token.prop, token.value));
const named = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((found) => found[1]);
const own = readFileSync(join(PAGES, 'assets/app.css'), 'utf8');
const setByUs = new Set(own.match(/--[\w-]+(?=\s*:)/g) ?? []);
const kept = new Set();
const asked = [...named(sheet.toString()), ...named(own)];
while (asked.length > 0) {
  const name = asked.pop();
  if (kept.has(name) || setByUs.has(name) || !tokens.has(name)) continue;
  kept.add(name);
  asked.push(...named(tokens.get(name)));
}

// 3. What nothing defines, and tokens of components, which stand for one basis token each: those are written out.
const defined = new Set([...kept, ...setByUs]);
const setByRules = new Set();
sheet.walkDecls(/^--/, (declaration) => defined.add(declaration.prop) && setByRules.add(declaration.prop));
const writtenOut = (name) => tokens.has(name) && !name.startsWith('--basis-') && !setByUs.has(name) && !setByRules.has(name);

/** `value` with each `var(--x, fallback)` of an undefined `--x` replaced by its fallback; null where there is no fallback. */
function resolved(value) {
  let from = 0;
  for (;;) {
    const start = value.indexOf('var(', from);
    if (start < 0) return value;
    let depth = 0;
    let end = start + 3;
    let comma = -1;
    for (; end < value.length; end += 1) {
      if (value[end] === '(') depth += 1;
      else if (value[end] === ')' && --depth === 0) break;
      else if (value[end] === ',' && depth === 1 && comma < 0) comma = end;
    }
    const name = value.slice(start + 4, comma < 0 ? end : comma).trim();
    if (writtenOut(name)) {
      value = value.slice(0, start) + tokens.get(name) + value.slice(end + 1);
      from = start;
      continue;
    }
    if (defined.has(name)) {
      const fallback = comma < 0 ? null : resolved(value.slice(comma + 1, end).trim());
      const text = fallback === null || tokens.has(name) || setByUs.has(name) ? `var(${name})` : `var(${name}, ${fallback})`;
      value = value.slice(0, start) + text + value.slice(end + 1);
      from = start + text.length;
      continue;
    }
    if (comma < 0) return null;
    value = value.slice(0, start) + value.slice(comma + 1, end).trim() + value.slice(end + 1);
    from = start;
  }
}

// A property that loses its value may be one that another `var()` asks for: until nothing changes.
for (let changed = true; changed;) {
  changed = false;
  sheet.walkDecls((declaration) => {
    const value = resolved(declaration.value);
    if (value === declaration.value) return;
    changed = true;
    if (value !== null) declaration.value = value;
    else {
      if (declaration.prop.startsWith('--')) defined.delete(declaration.prop);
      declaration.remove();
    }
  });
}
sheet.walkRules((rule) => {
  if (rule.nodes.length === 0) rule.remove();
});

const needed = [...kept].filter((name) => !writtenOut(name));
const root = `:root{${needed.map((name) => `${name}:${resolved(tokens.get(name))};`).join('')}}`;
const { code } = transform({ filename: 'nl-design-system.css', code: Buffer.from(root + sheet.toString()), minify: true, targets: TARGETS });
const text = `/*! NL Design System: @utrecht/component-library-css 9.0.4 (Gemeente Utrecht, Frameless B.V.) and
@nl-design-system-unstable/voorbeeld-design-tokens 7.4.1 (NL Design System Community). EUPL-1.2: see LICENSE.md. Made by make.mjs. */
${code}\n`;
const out = join(HERE, 'nl-design-system.css');
if (process.argv.includes('--check')) {
  if (readFileSync(out, 'utf8') !== text) {
    console.error('nl-design-system.css is not what make.mjs makes of these pages: run `npm run make` here');
    process.exit(1);
  }
} else writeFileSync(out, text);
console.log(`${used.size} class names in the pages, ${needed.length} tokens, ${text.length} bytes`);
