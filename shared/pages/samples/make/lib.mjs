// The few means by which the samples are written: a template tag that keeps indentation, and the frame of every page.
//
// A function here is a block or a piece of the templates (../../templates); what it is given are the values that the server fills in.

/** Text for HTML, in content and in quoted attributes. */
export const esc = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/** Joins lists, leaves out null and false, and indents what has several lines to where it stands. Takes markup, escapes nothing. */
export function html(parts, ...values) {
  let out = '';
  parts.forEach((part, i) => {
    out += part;
    if (i === values.length) return;
    const value = values[i];
    const text = Array.isArray(value)
      ? value.filter(Boolean).join('\n')
      : value === null || value === undefined || value === false
        ? ''
        : String(value);
    const indent = /(^|\n)([ \t]*)$/.exec(out)?.[2] ?? '';
    out += text.replace(/\n/g, `\n${indent}`);
  });
  // The block's own indentation, and lines on which nothing was put in, go.
  const lines = out
    .replace(/^\n/, '')
    .trimEnd()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const own = Math.min(...lines.map((line) => /^ */.exec(line)[0].length));
  return lines.map((line) => line.slice(Number.isFinite(own) ? own : 0)).join('\n');
}

/** An icon of the sprite. Always beside words, so hidden from who listens. */
export const icon = (name, extra = '') =>
  `<svg class="icon${extra && ` ${extra}`}" aria-hidden="true" focusable="false"><use href="/static/icons.svg#${name}"/></svg>`;

export const hidden = (text) => `<span class="visually-hidden">${text}</span>`;

/** A UUID that stays the same from one making to the next. */
export const uuid = (n) => `5f0c7a52-3b1d-4c8e-8a55-${(0x7a3f5f000000 + n).toString(16)}`;

const MENUS = {
  coach: [
    ['/', 'Mijn trajecten'],
    ['/hulp', 'Hulp'],
  ],
  manager: [
    ['/', 'Trajecten'],
    ['/organisatie', 'Organisatie'],
    ['/cijfers', 'Cijfers'],
    ['/hulp', 'Hulp'],
  ],
  analyst: [
    ['/cijfers', 'Cijfers'],
    ['/hulp', 'Hulp'],
  ],
  auditor: [
    ['/logboek', 'Logboek'],
    ['/cijfers', 'Cijfers'],
    ['/beheer/weergaven', 'Weergaven'],
    ['/hulp', 'Hulp'],
  ],
  analyst: [
    ['/cijfers', 'Cijfers'],
    ['/hulp', 'Hulp'],
  ],
  administrator: [
    ['/beheer/accounts', 'Accounts'],
    ['/beheer/weergaven', 'Weergaven'],
    ['/hulp', 'Hulp'],
  ],
};

const PEOPLE = {
  coach: ['Marieke de Boer', 'Coach bij ggz Voorbeeld'],
  manager: ['Rachid Amrani', 'Manager bij ggz Voorbeeld'],
  analyst: ['Saskia van Dongen', 'Analist'],
  auditor: ['Tjeerd Hoekstra', 'Auditor'],
  administrator: ['Ineke Postma', 'Beheerder'],
};

/** What the outbox says: words that are always shown, and words for which a phone's header has no room. */
const OUTBOX = {
  sent: () => ['check', `<span class="wide">Alles is </span>verzonden`],
  others: (n) => ['cloud', `${n} ${n === 1 ? 'wacht' : 'wachten'}<span class="wide"> van een ander account</span>`],
  waiting: (n) => ['cloud', `${n} ${n === 1 ? 'wacht' : 'wachten'}<span class="wide"> op verbinding</span>`],
  sending: (n) => ['sending', `${n} <span class="wide">${n === 1 ? 'wordt' : 'worden'} nu </span>verzonden`],
  refused: (n) => ['alert', `${n} geweigerd`],
};

function outboxStatus([state, count]) {
  const [name, words] = OUTBOX[state](count);
  return html`
    <div class="outbox" id="outbox-status" role="status" data-state="${state === 'others' ? 'waiting' : state}">
      <a class="outbox-link" href="/wachtrij">${icon(name)}<span>${words}</span></a>
    </div>`;
}

const csrfField = `<input type="hidden" name="csrf" value="c2FtcGxl">`;

function preferences() {
  return html`
    <form class="menu-group" method="post" action="/voorkeuren">
      ${csrfField}
      <p class="menu-title" id="menu-thema">Kleuren</p>
      <div class="segments" role="group" aria-labelledby="menu-thema">
        <button class="segment" name="theme" value="auto" aria-pressed="true">Automatisch</button>
        <button class="segment" name="theme" value="light" aria-pressed="false">Licht</button>
        <button class="segment" name="theme" value="dark" aria-pressed="false">Donker</button>
      </div>
    </form>
    <form class="menu-group" method="post" action="/voorkeuren">
      ${csrfField}
      <p class="menu-title" id="menu-taal">Taal</p>
      <div class="segments" role="group" aria-labelledby="menu-taal">
        <button class="segment" name="lang" value="nl" aria-pressed="true">Nederlands</button>
        <button class="segment" name="lang" value="en" aria-pressed="false" lang="en">English</button>
      </div>
    </form>`;
}

function accountMenu(role) {
  const [name, what] = PEOPLE[role];
  return html`
    <details class="menu">
      <summary class="menu-button">${icon('person')}<span class="wide">${name}</span>${icon('down', 'menu-arrow')}</summary>
      <div class="menu-panel">
        <p class="menu-who"><strong>${name}</strong><br>${what}</p>
        ${preferences()}
        <div class="menu-group"><a class="menu-action" href="/account">${icon('lock')}Mijn account</a></div>
        <form class="menu-group" method="post" action="/uitloggen">
          ${csrfField}
          <button class="menu-action">${icon('exit')}Uitloggen</button>
        </form>
      </div>
    </details>`;
}

/**
 * A whole page; `offline` is the one that is the same for everybody. `role` chooses the navigation (null: nobody is signed in), `at` is the address of the navigation that this page
 * belongs to, `strip` is a message below the header (the state of a copy, a session that is over), `outbox` is [state, count], `width` is "narrow" for what is read or filled in, "" for lists, "wide" for two columns.
 */
export function page({ title, role = 'coach', at = '/', outbox = ['sent', 0], width = '', body, theme = '', strip = '', attributes = '', offline = false }) {
  const signedIn = role !== null;
  const menu = offline
    ? outboxStatus(outbox)
    : signedIn
    ? html`
        <nav class="nav" aria-label="Hoofdmenu">
          <ul class="nav-list">
            ${MENUS[role].map(([to, name]) => `<li><a class="nav-link" href="${to}"${to === at ? ' aria-current="page"' : ''}>${name}</a></li>`)}
          </ul>
        </nav>
        ${['coach', 'manager'].includes(role) ? outboxStatus(outbox) : ''}
        ${accountMenu(role)}`
    : html`
        <details class="menu">
          <summary class="menu-button">${icon('settings')}<span>Instellingen</span>${icon('down', 'menu-arrow')}</summary>
          <div class="menu-panel">
            ${preferences()}
          </div>
        </details>`;
  return `${html`
    <!DOCTYPE html>
    <html lang="nl"${theme && ` data-theme="${theme}"`}${attributes && ` ${attributes}`}>
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>${title} – Trajectlog</title>
      <meta name="color-scheme" content="light dark">
      ${signedIn && `<meta name="csrf" content="c2FtcGxl">\n<meta name="account" content="${role}-1">`}
      <link rel="stylesheet" href="/static/nl-design-system.css">
      <link rel="stylesheet" href="/static/app.css">
      <script type="module" src="/static/js/look.js"></script>
      <link rel="icon" href="/static/mark.svg" type="image/svg+xml">
    </head>
    <body class="utrecht-document">
      <a class="utrecht-skip-link utrecht-skip-link--visible-on-focus" href="#inhoud">Naar de inhoud</a>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="/"><img class="brand-mark" src="/static/mark.svg" alt="" width="28" height="28">Trajectlog</a>
          ${menu}
        </div>
      </header>
      <div class="strip" id="notices" role="status">${strip}</div>
      <main class="page${width && ` page-${width}`}" id="inhoud" tabindex="-1">
        ${body}
      </main>
    </body>
    </html>`}\n`;
}

// ---- Pieces that many pages use ------------------------------------------------------------------------------------------------

export const h1 = (text) => `<h1 class="utrecht-heading-1">${text}</h1>`;
export const p = (text, extra = '') => `<p class="utrecht-paragraph${extra && ` ${extra}`}">${text}</p>`;
export const link = (href, text) => `<a class="utrecht-link utrecht-link--html-a" href="${href}">${text}</a>`;
export const back = (href, text) => `<a class="back" href="${href}">${icon('back')}${text}</a>`;

/** A link that looks like a button, or a button: kind is "primary-action", "secondary-action" or "subtle". */
export const buttonLink = (href, kind, text, name = '', attributes = '') =>
  `<a class="utrecht-button utrecht-button--${kind}" href="${href}"${attributes && ` ${attributes}`}>${name && icon(name)}${text}</a>`;
export const button = (kind, text, attributes = '', name = '') =>
  `<button class="utrecht-button utrecht-button--${kind}"${attributes && ` ${attributes}`}>${name && icon(name)}${text}</button>`;

/** A message of its own weight: kind is "info", "ok", "warning" or "error". */
export function alert(kind, title, content, attributes = '') {
  const name = { info: 'info', ok: 'check', warning: 'alert', error: 'alert' }[kind];
  return html`
    <div class="utrecht-alert utrecht-alert--${kind}"${attributes && ` ${attributes}`}>
      <div class="utrecht-alert__icon">${icon(name)}</div>
      <div class="utrecht-alert__content">
        <h2 class="alert-title">${title}</h2>
        ${content}
      </div>
    </div>`;
}

/** A short word with a colour that is not needed to understand it: kind is "good", "warn", "bad", "info" or "plain". */
export const tag = (kind, text, name = '') => `<span class="tag tag-${kind}">${name && icon(name)}${text}</span>`;

export { csrfField };
