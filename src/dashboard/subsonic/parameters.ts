import type { Request } from 'express';
import { z } from 'zod';
import { SubsonicError } from './errors.ts';

/** As texts, of one that is there several times all. */
export type Parameters = Record<string, unknown>;

/** Of the address, and of the body where the client sends a form (the extension `formPost`). */
export function parametersOf(request: Request): Parameters {
  return { ...request.query, ...(request.method === 'POST' ? (request.body as Parameters) : {}) };
}

/** A whole number within bounds; what lies beyond them is taken for the bound, as other servers do. */
export const count = (fallback: number, most = 500) =>
  z.coerce
    .number()
    .int()
    .default(fallback)
    .transform((value) => Math.max(0, Math.min(most, value)));

/** @throws SubsonicError parameterMissing, generic */
export function readParameters<Schema extends z.ZodType>(
  schema: Schema,
  parameters: Parameters,
): z.output<Schema> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.find(({ path }) => parameters[String(path[0])] === undefined);
  if (missing)
    throw new SubsonicError('parameterMissing', `the parameter ${missing.path.join('.')} is missing`);
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SubsonicError('generic', `parameters that cannot be used: ${faults.join('; ')}`);
}
