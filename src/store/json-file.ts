import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, SoundalikeError } from '../errors.ts';
import { hasCode } from './atomic-file.ts';

/**
 * JSON whose bytes depend on the value alone: the keys of objects in the order of their code units, no spaces.
 *
 * @throws TypeError at a number that JSON has no form for: it would silently become null.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) {
      throw new TypeError(`JSON has no form for the number ${part}`);
    }
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * Reads a JSON text of the data folder.
 *
 * @param path Named in the error.
 * @throws SoundalikeError DATA_DIR_UNUSABLE where it is not of the form of `schema`.
 */
export function parseJson<Value>(text: string, schema: z.ZodType<Value>, path: string): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const fault =
      error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : messageOf(error);
    throw new SoundalikeError(
      'DATA_DIR_UNUSABLE',
      `${path} is damaged or of another version (${fault}): delete it and start the run again`,
      { cause: error },
    );
  }
}

/**
 * Reads a JSON file of the data folder; null where there is none.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE where it is not of the form of `schema`.
 */
export async function readJsonFile<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  return parseJson(text, schema, path);
}
