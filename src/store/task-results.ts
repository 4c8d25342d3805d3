import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import { messageOf, SoundalikeError } from '../errors.ts';
import { arrayColumn, encodeTable, type Numbers, numbersOf } from '../search/segment-arrow.ts';
import { sha256 } from '../sha256.ts';
import { publishOnce } from './atomic-file.ts';
import { namesIn } from './names-in.ts';

/**
 * What jobs hand to later jobs: arrays, as an Arrow file (one row of lists) with the sha256 of its bytes behind it. The
 * file is its own manifest: it is created once with its whole content, so that of any number of attempts one wins, and
 * all of them would have written the same.
 */
const HASH_LENGTH = 64;

/** Whether this attempt or another came first makes no difference. @throws SoundalikeError DATA_DIR_UNUSABLE */
export async function commitResult(
  folder: string,
  name: string,
  arrays: Record<string, Numbers>,
): Promise<void> {
  const columns = Object.entries(arrays).map(([column, values]) => [column, arrayColumn(values)]);
  const bytes = encodeTable(Object.fromEntries(columns));
  await publishOnce(join(folder, name), Buffer.concat([bytes, Buffer.from(sha256(bytes))]));
}

/** Reads arrays of a result by name, without copying. */
export type ResultReader = <Kind extends Numbers>(
  array: string,
  kind: { new (length: number): Kind; name: string },
) => Kind;

/** @throws SoundalikeError DATA_DIR_UNUSABLE where it is gone or its content another. */
export async function readResult(folder: string, name: string): Promise<ResultReader> {
  const path = join(folder, name);
  let table: Table;
  try {
    const bytes = await readFile(path);
    const end = bytes.length - HASH_LENGTH;
    const arrow = bytes.subarray(0, end);
    if (end < 0 || sha256(arrow) !== bytes.toString('latin1', end)) throw new Error('its sha256 is another');
    table = tableFromIPC(arrow);
  } catch (error) {
    const message = `${path} cannot be read (${messageOf(error)}): delete it and resume the run`;
    throw new SoundalikeError('DATA_DIR_UNUSABLE', message, { cause: error });
  }
  return (array, kind) => numbersOf(table, array, kind);
}

/** Names of the results that are committed. */
export async function listResults(folder: string): Promise<Set<string>> {
  // Temporary files of commits under way begin with a dot.
  return new Set((await namesIn(folder)).filter((name) => !name.startsWith('.')));
}
