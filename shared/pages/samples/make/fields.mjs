// The fields of forms: label, explanation, input, and the place of an error. Macros of the templates later.

import { esc, hidden, html, icon } from "./lib.mjs";

const described = (id, hint, error) => {
  const by = [hint && `${id}-uitleg`, error && `${id}-fout`].filter(Boolean).join(" ");
  return `${by && ` aria-describedby="${by}"`}${error ? ' aria-invalid="true"' : ""}`;
};
const hintOf = (id, hint) => hint && `<p class="utrecht-form-field-description" id="${id}-uitleg">${hint}</p>`;
const errorOf = (id, error) => error && `<p class="utrecht-form-field-error-message" id="${id}-fout">${icon("alert")}${error}</p>`;
const optionalMark = (optional) => (optional ? ' <span class="optional">niet verplicht</span>' : "");

/** One line of text, or another kind of `<input>`. `size` is "short" (numbers), "medium" or "" (the whole width); `unit` stands after it. */
export function field({ id, name, label, type = "text", value = "", hint = "", error = "", optional = false, size = "", unit = "", attributes = "" }) {
  const input = `<input class="utrecht-textbox utrecht-textbox--html-input${size && ` input-${size}`}" id="${id}" name="${name}" type="${type}"${value !== "" ? ` value="${esc(value)}"` : ""}${described(id, hint, error)}${attributes && ` ${attributes}`}>`;
  return html`
    <div class="field${error && " field-invalid"}">
      <label class="utrecht-form-label" for="${id}">${label}${optionalMark(optional)}</label>
      ${hintOf(id, hint)}
      ${errorOf(id, error)}
      ${unit ? `<div class="with-unit">${input}<span class="unit">${unit}</span></div>` : input}
    </div>`;
}

/** A number with a decimal comma: "16" or "11,5". */
export const decimal = (options) => field({ size: "short", ...options, attributes: `inputmode="decimal" data-kind="decimal" autocomplete="off"${options.attributes ? ` ${options.attributes}` : ""}` });
/** A whole number. */
export const integer = (options) => field({ size: "short", ...options, attributes: 'inputmode="numeric" data-kind="integer" autocomplete="off"' });

/** Text of several lines. */
export function area({ id, name, label, value = "", hint = "", error = "", optional = false, rows = 4 }) {
  return html`
    <div class="field${error && " field-invalid"}">
      <label class="utrecht-form-label" for="${id}">${label}${optionalMark(optional)}</label>
      ${hintOf(id, hint)}
      ${errorOf(id, error)}
      <textarea class="utrecht-textarea utrecht-textarea--html-textarea" id="${id}" name="${name}" rows="${rows}" maxlength="4000"${described(id, hint, error)}>${esc(value)}</textarea>
    </div>`;
}

/** A choice of few: radios that are large enough for a thumb. `choices` are [value, words, explanation?]. */
export function choice({ id, name, legend, choices, checked = null, hint = "", error = "", optional = false, attributes = "", column = false }) {
  return html`
    <fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset field${error && " field-invalid"}" id="${id}"${described(id, hint, error).replace(' aria-invalid="true"', "")}>
      <legend class="utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend">${legend}${optionalMark(optional)}</legend>
      ${hintOf(id, hint)}
      ${errorOf(id, error)}
      <div class="choices${column ? " choices-column" : ""}">
        ${choices.map(([value, words, more]) => html`
          <label class="choice"><input class="utrecht-radio-button utrecht-radio-button--html-input" type="radio" name="${name}" value="${value}"${value === checked ? " checked" : ""}${attributes && ` ${attributes}`}><span>${words}${more ? `<span class="choice-more">${more}</span>` : ""}</span></label>`)}
      </div>
    </fieldset>`;
}

/** A choice of many. `options` are [value, words]. */
export function select({ id, name, label, options, value = "", hint = "", error = "", optional = false, attributes = "" }) {
  return html`
    <div class="field${error && " field-invalid"}">
      <label class="utrecht-form-label" for="${id}">${label}${optionalMark(optional)}</label>
      ${hintOf(id, hint)}
      ${errorOf(id, error)}
      <select class="utrecht-select utrecht-select--html-select" id="${id}" name="${name}"${described(id, hint, error)}${attributes && ` ${attributes}`}>
        ${options.map(([key, words]) => `<option value="${key}"${key === value ? " selected" : ""}>${words}</option>`)}
      </select>
    </div>`;
}

/** A date in three inputs. `value` is [day, month, year]; `today` adds the two buttons that fill it in. */
export function date({ name, legend, value = ["", "", ""], hint = "", error = "", optional = false, today = false, id = name.replace(/[^a-z]/g, "-") }) {
  const part = (key, words, size, text) => html`
    <div class="date-part">
      <label class="date-label" for="${id}-${key}">${words}</label>
      <input class="utrecht-textbox utrecht-textbox--html-input date-${size}" id="${id}-${key}" name="${name}.${key}" inputmode="numeric" autocomplete="off" maxlength="${size === "year" ? 4 : 2}"${text && ` value="${text}"`}${error ? ` aria-invalid="true" aria-describedby="${id}-fout"` : ""}>
    </div>`;
  return html`
    <fieldset class="utrecht-form-fieldset utrecht-form-fieldset--html-fieldset field${error && " field-invalid"}" id="${id}" data-kind="date" data-name="${name}"${described(id, hint, error).replace(' aria-invalid="true"', "")}>
      <legend class="utrecht-form-fieldset__legend utrecht-form-fieldset__legend--html-legend">${legend}${optionalMark(optional)}</legend>
      ${hintOf(id, hint)}
      ${errorOf(id, error)}
      <div class="date">
        ${part("day", "Dag", "day", value[0])}
        ${part("month", "Maand", "month", value[1])}
        ${part("year", "Jaar", "year", value[2])}
        ${today && html`
          <div class="date-presets">
            <button class="preset" type="button" data-days-ago="0">Vandaag</button>
            <button class="preset" type="button" data-days-ago="1">Gisteren</button>
          </div>`}
      </div>
    </fieldset>`;
}

/** What is not asked of everyone: closed until somebody wants it. */
export function more(summary, content, open = false) {
  return html`
    <details class="fold"${open ? " open" : ""}>
      <summary class="fold-title">${icon("next", "fold-arrow")}${summary}</summary>
      <div class="fold-body">
        ${content}
      </div>
    </details>`;
}

/** The errors of a form together; takes the focus when the page comes back with them. `errors` are [id, words]. */
export function errorSummary(errors) {
  return html`
    <div class="utrecht-alert utrecht-alert--error" id="fouten" role="alert" tabindex="-1">
      <div class="utrecht-alert__icon">${icon("alert")}</div>
      <div class="utrecht-alert__content">
        <h2 class="alert-title">${errors.length === 1 ? "Pas nog 1 ding aan" : `Pas nog ${errors.length} dingen aan`}</h2>
        <ul class="utrecht-unordered-list">
          ${errors.map(([id, words]) => `<li class="utrecht-unordered-list__item"><a class="utrecht-link utrecht-link--html-a" href="#${id}">${words}</a></li>`)}
        </ul>
      </div>
    </div>`;
}

export { hidden };
