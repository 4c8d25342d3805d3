import { z } from 'zod';
import { SoundalikeError } from '../../errors.ts';

/** A track's id, as far as its form goes; the collection decides whether there is such a track. */
export const trackParameters = z.object({ id: z.string().min(1).max(200) });

/** A run's id names a folder, so nothing that could lead out of one. */
export const runParameters = z.object({
  run: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9][\w.-]*$/, { error: 'is no run id; /api/runs lists them' }),
});

/**
 * Reads the parameters of a path or a query.
 *
 * @throws SoundalikeError USAGE, naming every bad parameter.
 */
export function parse<T extends z.ZodType>(schema: T, parameters: unknown): z.output<T> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(': '));
  throw new SoundalikeError('USAGE', `parameters that cannot be used: ${faults.join('; ')}`);
}
