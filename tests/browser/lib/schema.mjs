/** As much of JSON Schema as docs/contracts/events.schema.json needs, so that the forms are held against the contract itself. */

import { readFileSync } from 'node:fs';

const DEFINITIONS = JSON.parse(readFileSync(new URL('../../../docs/contracts/events.schema.json', import.meta.url))).$defs;

/** What is wrong with the value by this definition, as paths. @returns {string[]} */
export const wrong = (value, definition) => faults(value, { $ref: `#/$defs/${definition}` }, '');

function faults(value, schema, at) {
  const found = [];
  if (schema.$ref) found.push(...faults(value, DEFINITIONS[schema.$ref.split('/').pop()], at));
  if (schema.type && ![schema.type].flat().some((type) => isOf(type, value))) return [...found, `${at} is no ${schema.type}`];
  if ('const' in schema && value !== schema.const) found.push(`${at} is not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) found.push(`${at} is not one of ${schema.enum}`);
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) found.push(`${at} does not look like ${schema.pattern}`);
  for (const part of schema.allOf ?? []) found.push(...faults(value, part, at));
  if (schema.if) found.push(...faults(value, (faults(value, schema.if, at).length === 0 ? schema.then : schema.else) ?? {}, at));
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches && !branches.some((branch) => faults(value, branch, at).length === 0)) found.push(`${at} is none of the possible forms`);
  if (schema.not && faults(value, schema.not, at).length === 0) found.push(`${at} is what it may not be`);
  if (schema.items && Array.isArray(value)) value.forEach((item, place) => found.push(...faults(item, schema.items, `${at}/${place}`)));
  if (isOf('object', value)) found.push(...ofObject(value, schema, at));
  return found;
}

function ofObject(value, schema, at) {
  const found = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
  for (const [name, part] of Object.entries(value)) {
    const known = schema.properties?.[name];
    if (known) found.push(...faults(part, known, `${at}/${name}`));
    else if (schema.additionalProperties === false) found.push(`${at}/${name} is unknown`);
    else if (schema.additionalProperties) found.push(...faults(part, schema.additionalProperties, `${at}/${name}`));
  }
  return found;
}

function isOf(type, value) {
  switch (type) {
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array': return Array.isArray(value);
    case 'integer': return Number.isInteger(value);
    case 'null': return value === null;
    default: return typeof value === type;
  }
}
