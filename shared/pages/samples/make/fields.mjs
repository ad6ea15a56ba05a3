// The fields of forms: label, explanation, input, and the place of an error. Those that are sent are in ../../templates/parts.

import { esc, hidden, html, icon } from './lib.mjs';

// Errors look and are named as those that assets/js/forms.js puts in, so that a page is the same whoever found the mistake.
const described = (id, hint, name, error) => {
  const by = [hint && `${id}-uitleg`, error && `fout-${name}`].filter(Boolean).join(' ');
  return `${by && ` aria-describedby="${by}"`}`;
};
// `data-mistaken` is how the script finds again what it is to take away.
const invalid = (error) => (error ? ' aria-invalid="true" data-mistaken="yes"' : '');
const mistaken = (error) => (error ? ' data-mistaken="yes"' : '');
const hintOf = (id, hint) => hint && `<p class="utrecht-form-field-description" id="${id}-uitleg">${hint}</p>`;
const errorOf = (name, error) => error && `<p class="form-error utrecht-form-field-error-message" id="fout-${name}">${error}</p>`;
const optionalMark = (optional) => (optional ? ' <span class="optional">niet verplicht</span>' : '');

/** One line of text, or another kind of `<input>`. `size` is "short" (numbers), "medium" or "" (the whole width); `unit` stands after it. */
export function field({
  id,
  name,
  label,
  type = 'text',
  value = '',
  hint = '',
  error = '',
  optional = false,
  size = '',
  unit = '',
  attributes = '',
}) {
  const input = `<input class="utrecht-textbox utrecht-textbox--html-input${size && ` input-${size}`}" id="${id}" name="${name}" type="${type}"${value !== '' ? ` value="${esc(value)}"` : ''}${described(id, hint, name, error)}${invalid(error)}${attributes && ` ${attributes}`}>`;
  return html`
    <div class="field">
      <label class="utrecht-form-label" for="${id}">${label}${optionalMark(optional)}</label>
      ${hintOf(id, hint)}
      ${errorOf(name, error)}
      ${unit ? `<div class="with-unit">${input}<span class="unit">${unit}</span></div>` : input}
    </div>`;
}

/** A number with a decimal comma: "16" or "11,5". */
export const decimal = (options) =>
  field({
    size: 'short',
    ...options,
    attributes: `inputmode="decimal" data-kind="decimal" autocomplete="off"${options.attributes ? ` ${options.attributes}` : ''}`,
  });
/** A whole number. */
export const integer = (options) => field({ size: 'short', ...options, attributes: 'inputmode="numeric" data-kind="integer" autocomplete="off"' });

/** Text of several lines. */
export function area({ id, name, label, value = '', hint = '', error = '', optional = false, rows = 4 }) {
  return html`
    <div class="field">
      <label class="utrecht-form-label" for="${id}">${label}${optionalMark(optional)}</label>
      ${hintOf(id, hint)}
      ${errorOf(name, error)}
      <textarea class="utrecht-textarea utrecht-textarea--html-textarea" id="${id}" name="${name}" rows="${rows}" data-most="4000"${described(id, hint, name, error)}${invalid(error)}>${esc(value)}</textarea>
    </div>`;
}

/** A choice of few: radios that are large enough for a thumb. `choices` are [value, words, explanation?]. */
export function choice({ id, name, legend, choices, checked = null, hint = '', error = '', optional = false, attributes = '', column = false }) {
  return html`
    <fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset field" id="${id}"${described(id, hint, name, error)}${mistaken(error)}>
      <legend class="utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend">${legend}${optionalMark(optional)}</legend>
      ${hintOf(id, hint)}
      ${errorOf(name, error)}
      <div class="choices${column ? ' choices-column' : ''}">
        ${choices.map(
          ([value, words, more], n) => html`
          <label class="choice"><input class="utrecht-radio-button utrecht-radio-button--html-input" type="radio" name="${name}" value="${value}"${value === checked ? ' checked' : ''}${error && n === 0 ? ` id="veld-${name}"` : ''}${invalid(error)}${attributes && ` ${attributes}`}><span>${words}${more ? `<span class="choice-more">${more}</span>` : ''}</span></label>`,
        )}
      </div>
    </fieldset>`;
}

/** A choice of many. `options` are [value, words]. */
export function select({ id, name, label, options, value = '', hint = '', error = '', optional = false, attributes = '' }) {
  return html`
    <div class="field">
      <label class="utrecht-form-label" for="${id}">${label}${optionalMark(optional)}</label>
      ${hintOf(id, hint)}
      ${errorOf(name, error)}
      <select class="utrecht-select utrecht-select--html-select" id="${id}" name="${name}"${described(id, hint, name, error)}${invalid(error)}${attributes && ` ${attributes}`}>
        ${options.map(([key, words]) => `<option value="${key}"${key === value ? ' selected' : ''}>${words}</option>`)}
      </select>
    </div>`;
}

/** A date in three inputs. `value` is [day, month, year]; `today` adds the two buttons that fill in a day; unless it is 'kept' the script
 * fills in today. */
export function date({
  name,
  legend,
  value = ['', '', ''],
  hint = '',
  error = '',
  optional = false,
  today = false,
  id = name.replace(/[^a-z]/g, '-'),
}) {
  const part = (key, words, text) => html`
    <div class="date-part">
      <label class="date-label" for="${id}-${key}">${words}</label>
      <input class="utrecht-textbox utrecht-textbox--html-input date-${key}" id="${id}-${key}" name="${name}.${key}" inputmode="numeric" autocomplete="off" maxlength="${key === 'year' ? 4 : 2}"${text && ` value="${text}"`}${error && key === 'day' ? ` aria-invalid="true" aria-describedby="fout-${name}.day" data-mistaken="yes"` : ''}>
    </div>`;
  return html`
    <fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset field" id="${id}" data-kind="date"${today === true ? ' data-default="today"' : ''}${hint && ` aria-describedby="${id}-uitleg"`}>
      <legend class="utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend">${legend}${optionalMark(optional)}</legend>
      ${hintOf(id, hint)}
      ${errorOf(`${name}.day`, error)}
      <div class="date">
        ${part('day', 'Dag', value[0])}
        ${part('month', 'Maand', value[1])}
        ${part('year', 'Jaar', value[2])}
        ${
          today &&
          html`
          <div class="date-presets">
            <button class="preset" type="button" data-day="0">Vandaag</button>
            <button class="preset" type="button" data-day="-1">Gisteren</button>
          </div>`
        }
      </div>
    </fieldset>`;
}

/** Several of a list: boxes to tick. `choices` are [value, words, explanation?]. */
export function several({ id, name, legend, choices, checked = [], hint = '', error = '' }) {
  return html`
    <fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset field" id="${id}"${described(id, hint, name, error)}${mistaken(error)}>
      <legend class="utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend">${legend}</legend>
      ${hintOf(id, hint)}
      ${errorOf(name, error)}
      <div class="choices choices-column">
        ${choices.map(
          ([value, words, more]) => html`
          <label class="choice"><input class="choice-box" type="checkbox" name="${name}" value="${value}"${checked.includes(value) ? ' checked' : ''}${invalid(error)}><span>${words}${more ? `<span class="choice-more">${more}</span>` : ''}</span></label>`,
        )}
      </div>
    </fieldset>`;
}

/** One box to tick. */
export const tick = ({ name, value = 'yes', label }) =>
  `<label class="tick"><input class="choice-box" type="checkbox" name="${name}" value="${value}"><span>${label}</span></label>`;

/** Shown only while the field has that value; assets/js/forms.js keeps it so. */
export const when = (field, value, content) => html`
  <div class="when" data-when="${field}=${value}">
    ${content}
  </div>`;

/** What is not asked of everyone: closed until somebody wants it. */
export function more(summary, content, open = false) {
  return html`
    <details class="fold"${open ? ' open' : ''}>
      <summary class="fold-title">${icon('next', 'fold-arrow')}${summary}</summary>
      <div class="fold-body">
        ${content}
      </div>
    </details>`;
}

/** The errors of a form together, first in the form; takes the focus. `errors` are [id, words]; without an id it is of the whole form. */
export function errorSummary(errors, title = 'Er klopt nog iets niet') {
  return html`
    <div class="error-summary utrecht-alert utrecht-alert--error" tabindex="-1" role="alert">
      <h2 class="utrecht-heading-3">${title}</h2>
      <ul>
        ${errors.map(([id, words, after]) => `<li>${id ? `<a href="#${id}">${words}</a>` : `<span>${words}</span>`}${after ? ` ${after}` : ''}</li>`)}
      </ul>
    </div>`;
}

export { hidden };
