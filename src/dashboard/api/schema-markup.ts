import { z } from 'zod';
import { escapeMarkup } from '../markup.ts';

/** The parts of JSON Schema that our schemas become. */
const shape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(),
  items: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.union([z.boolean(), z.record(z.string(), z.unknown())]).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** A value of an enum as long as the errors' is not shown whole. */
const SHOWN = 12;

/** A JSON Schema as HTML in the manner of a TypeScript type; references are links. */
export function schemaMarkup(schema: Record<string, unknown>, indent = ''): string {
  const { type, items, properties, required = [], additionalProperties, ...rest } = shape.parse(schema);
  if (rest.$ref !== undefined) {
    const name = escapeMarkup(rest.$ref.split('/').at(-1)!);
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (rest.const !== undefined) return escapeMarkup(JSON.stringify(rest.const));
  if (rest.enum) {
    const values = rest.enum.slice(0, SHOWN).map((value) => escapeMarkup(JSON.stringify(value)));
    return [...values, ...(rest.enum.length > SHOWN ? ['…'] : [])].join(' | ');
  }
  if (rest.anyOf) return rest.anyOf.map((one) => schemaMarkup(one, indent)).join(' | ');
  if (items) return `${schemaMarkup(items, indent)}[]`;
  if (properties) return objectMarkup(properties, required, indent);
  if (typeof additionalProperties === 'object')
    return `{ [name]: ${schemaMarkup(additionalProperties, indent)} }`;
  const { minimum, maximum } = rest;
  // JSON Schema's way to say that an integer is exact in JavaScript tells a reader nothing.
  const bounds = [minimum, maximum].map((bound) =>
    bound !== undefined && Math.abs(bound) < 2 ** 31 - 1 ? bound : '',
  );
  const range = bounds.join('') === '' ? '' : ` ${bounds.join('…')}`;
  const fallback = rest.default === undefined ? '' : ` = ${escapeMarkup(JSON.stringify(rest.default))}`;
  return `${[type ?? 'any'].flat().join(' | ')}${range}${fallback}`;
}

function objectMarkup(
  properties: Record<string, Record<string, unknown>>,
  required: readonly string[],
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const { description } = shape.parse(property);
    const comment = description === undefined ? '' : `  <i>${escapeMarkup(description)}</i>`;
    const optional = required.includes(name) ? '' : '?';
    return `${inner}${escapeMarkup(name)}${optional}: ${schemaMarkup(property, inner)}${comment}\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}
