// Jobs, placements and educations as bars over time: SVG with percentages across and pixels down, so that it fits a phone and a
// desktop without a script and its words keep their size. Geometry stands in presentation attributes; colours come from app.css.

import { esc, html } from './lib.mjs';

const DAY = 86_400_000;
const day = (text) => Date.parse(text) / DAY;

const ROW = 52;
const BAR = 14;

/**
 * `rows` are {label, parts: [{from, until, kind}], ends?}: kind is "sustainable", "work" or "other"; `ends` is the last day of a
 * contract that has not passed. `contacts` are days. `ticks` are [day, words].
 */
export function bars({ id, first, last, today, rows, contacts, ticks, title }) {
  const at = (date) => `${(((day(date) - day(first)) / (day(last) - day(first))) * 100).toFixed(2)}%`;
  const wide = (from, until) => `${Math.max(((day(until) - day(from)) / (day(last) - day(first))) * 100, 0.6).toFixed(2)}%`;
  const height = 36 + rows.length * ROW + 26;
  const bottom = height - 26;
  return html`
    <svg class="bars" width="100%" height="${height}" role="img" aria-labelledby="${id}-titel" focusable="false">
      <title id="${id}-titel">${esc(title)}</title>
      ${ticks.map(([date]) => `<line class="bars-grid" x1="${at(date)}" x2="${at(date)}" y1="0" y2="${bottom}"/>`)}
      <line class="bars-today" x1="${at(today)}" x2="${at(today)}" y1="0" y2="${bottom}"/>
      <text class="bars-label" x="0" y="13">Contact</text>
      ${contacts.map((date) => `<circle class="bars-contact" cx="${at(date)}" cy="24" r="3.5"/>`)}
      ${rows.map(({ label, parts, ends }, n) => {
        const y = 36 + n * ROW;
        return html`
          <text class="bars-label" x="0" y="${y + 22}">${esc(label)}</text>
          ${ends && `<rect class="bars-until" x="${at(today)}" y="${y + 29.5}" width="${wide(today, ends)}" height="${BAR - 1}"/>`}
          ${parts.map(({ from, until, kind }) => `<rect class="bars-${kind}" x="${at(from)}" y="${y + 29}" width="${wide(from, until)}" height="${BAR}"/>`)}`;
      })}
      ${ticks.map(([date, words]) => `<text class="bars-tick" x="${at(date)}" y="${height - 6}">${words}</text>`)}
      <text class="bars-tick bars-tick-today" x="${at(today)}" y="${height - 6}" text-anchor="middle">nu</text>
    </svg>`;
}

/** What the colours mean. Only the kinds that occur. */
export const legend = (kinds) => html`
  <ul class="legend">
    ${kinds.map(([kind, words]) => `<li class="legend-item"><svg class="legend-mark" width="22" height="12" aria-hidden="true" focusable="false"><rect class="bars-${kind}" x="0.5" y="0.5" width="21" height="11"/></svg>${words}</li>`)}
  </ul>`;
