import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { type CleanRow, cleanRows, type Row } from './cleaning.ts';
import { columnName, KNOWN_COLUMNS, selectColumns } from './columns.ts';
import { namesNoAudio } from './csv-source.ts';
import { columnsMissing } from './csv-table.ts';
import type { FoundFiles } from './found-files.ts';
import { findNamedFiles } from './named-files.ts';
import type { CleaningReport } from './track.ts';

/** Reads the documents of `mongodb://host/database/collection`, in any order. */
export type ReadCollection = (uri: string) => AsyncIterable<Record<string, unknown>>;

const NAMES = Object.values(KNOWN_COLUMNS).flat();
const COLUMNS = selectColumns(NAMES);

export function isMongoDbUri(source: string): boolean {
  return /^mongodb(\+srv)?:\/\//.test(source);
}

/**
 * The audio files that the documents of a collection name. Fields are known by the names of the columns of a
 * CSV, at the top or one level below (`{ track: { title } }` is `track.title`).
 *
 * @param uri With the folder that relative paths start from as the parameter `root`, which `readCollection`
 * is not given; without it the paths must be absolute.
 * @throws SoundalikeError USAGE, SOURCE_EMPTY, SOURCE_WITHOUT_AUDIO or METADATA_COLUMNS_MISSING.
 */
export async function findInMongoDb(
  uri: string,
  readCollection: ReadCollection,
  report: CleaningReport,
  onRows: (read: number) => void,
): Promise<FoundFiles> {
  const { collection, root, shown } = parseUri(uri);
  const names = new Set<string>();
  const rows: CleanRow[] = [];
  for await (const row of cleanRows(rowsOf(readCollection(collection), names), new Map(), report)) {
    rows.push(row);
    onRows(rows.length);
  }
  if (report.rows === 0) {
    throw new SoundalikeError('SOURCE_EMPTY', `the collection ${shown} holds no documents; check its name`);
  }
  if (rows.every(({ path }) => path === null)) {
    const advice = 'add the path of the audio file to the documents';
    throw columnsMissing(`the collection ${shown}`, ['path'], [...names], advice);
  }
  const relative = root === null && rows.find(({ path }) => path !== null && !isAbsolute(path));
  if (relative) {
    const advice = 'add the folder they start from to the source, as ?root=/folder';
    throw new SoundalikeError(
      'USAGE',
      `the collection ${shown} has relative paths, such as ${relative.path}; ${advice}`,
    );
  }

  // A server gives documents in any order; which of two with one path counts must not hang on it.
  const ordered = rows.map((row) => ({ row, text: JSON.stringify(row) })).sort(byText);
  const content = createHash('sha256');
  for (const { text } of ordered) content.update(`${text}\n`);
  const found = await findNamedFiles(
    root ?? '/',
    ordered.map(({ row }) => row),
    report,
  );
  if (found.files.length === 0) throw namesNoAudio(shown, root ?? '/', rows);
  return { ...found, contentDigest: content.digest('hex') };
}

function byText(a: { text: string }, b: { text: string }): number {
  return a.text < b.text ? -1 : 1;
}

/** Splits the parameter `root` off, and gives the address without user and password as `shown`. */
function parseUri(uri: string): { collection: string; root: string | null; shown: string } {
  const parts = /^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?([^/?]+\/[^/?]+\/[^/?]+)(?:\?(.*))?$/.exec(uri);
  if (!parts) {
    throw new SoundalikeError(
      'USAGE',
      'a MongoDB source must name the collection: mongodb://host/database/collection',
    );
  }
  const [, scheme, place, query = ''] = parts;
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  const given = parameters.find((parameter) => parameter.startsWith('root='));
  const root = given === undefined ? null : decodeURIComponent(given.slice('root='.length));
  if (root !== null && !isAbsolute(root)) {
    throw new SoundalikeError('USAGE', `the parameter root=${root} of the source must be an absolute path`);
  }
  const others = parameters.filter((parameter) => parameter !== given).join('&');
  const [address] = uri.split('?');
  return { collection: others ? `${address}?${others}` : address, root, shown: `${scheme}${place}` };
}

/** @param names Takes up the names of all fields. */
async function* rowsOf(
  documents: AsyncIterable<Record<string, unknown>>,
  names: Set<string>,
): AsyncGenerator<Row> {
  for await (const document of documents) {
    const values = new Map<string, unknown>();
    for (const [name, value] of flatten(document)) {
      names.add(name);
      values.set(columnName(name), value);
    }
    yield { cells: NAMES.map((name) => values.get(name)), columns: COLUMNS };
  }
}

function flatten(document: Record<string, unknown>): [string, unknown][] {
  return Object.entries(document).flatMap(([name, value]): [string, unknown][] => {
    if (Object.getPrototypeOf(value ?? 0) !== Object.prototype) return [[name, value]];
    return Object.entries(value as object).map(([field, inner]) => [`${name}.${field}`, inner]);
  });
}
