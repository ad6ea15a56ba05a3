/** Small things that several scripts need to show something. */

/**
 * An element with these properties; `data` are its data attributes.
 * @param {string} tag @param {Record<string, any>} [properties] @param {...(Node | string)} children
 */
export function el(tag, { data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** Puts the parameters into a sentence. @param {string} sentence @param {Record<string, string | number>} [parameters] */
export const fill = (sentence, parameters = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => String(parameters[name] ?? ''));

/**
 * A moment as the pages of the server say it: `20 november 2025 om 9.05 uur`.
 * @param {string} language @param {Record<string, string>} strings @param {string} moment
 */
export function momentIn(language, strings, moment) {
  const when = new Date(moment).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Amsterdam' });
  return when.replace(/0?(\d+):(\d+)$/, strings.clock);
}

/** One sentence for one, and another for any other number. @param {string} one @param {string} many @param {number} count */
export const counted = (one, many, count) => fill(count === 1 ? one : many, { count });
