import { SoundalikeError } from '../errors.ts';
import type { Row } from './cleaning.ts';
import { type Columns, type Field, KNOWN_COLUMNS, selectColumns } from './columns.ts';
import { csvRecords } from './csv-file.ts';
import { groupedNames, isGroupHeader, isIndexName } from './fma.ts';

interface Header {
  columns: Columns;
  /** Records before the first row: one, or the three of FMA's tracks.csv. */
  length: number;
}

/**
 * Opens a CSV file with a header of one line, or of FMA's three.
 *
 * @param needed Fields of which the header must name at least one.
 * @param advice What to do where it names none.
 * @throws SoundalikeError METADATA_COLUMNS_MISSING at once, METADATA_MALFORMED at once or from the rows.
 */
export async function openCsvTable(
  file: string,
  needed: readonly Field[],
  advice: string,
): Promise<AsyncIterable<Row>> {
  const { names, length } = await readHeader(file);
  const columns = selectColumns(names);
  if (needed.every((field) => columns[field].length === 0)) {
    throw columnsMissing(file, needed, names, advice);
  }
  return rowsOf(file, { columns, length });
}

/** @param found Names of the columns that are there. */
export function columnsMissing(
  source: string,
  needed: readonly Field[],
  found: readonly string[],
  advice: string,
): SoundalikeError {
  const known = needed.flatMap((field) => KNOWN_COLUMNS[field]).join(', ');
  const shown = found.length > 0 ? found.slice(0, 20).join(', ') + (found.length > 20 ? ', …' : '') : 'none';
  return new SoundalikeError(
    'METADATA_COLUMNS_MISSING',
    `${source} has none of the columns ${known} (found: ${oneLine(shown)}); ${advice}`,
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 400);
}

async function readHeader(file: string): Promise<{ names: string[]; length: number }> {
  const head: string[][] = [];
  for await (const record of csvRecords(file)) {
    head.push(record);
    if (head.length === 3 || !isGroupHeader(head[0])) break;
  }
  const [first = [], second = [], third] = head;
  if (!isGroupHeader(first)) return { names: first, length: 1 };
  return { names: groupedNames(first, second), length: third && isIndexName(third) ? 3 : 2 };
}

async function* rowsOf(file: string, { columns, length }: Header): AsyncGenerator<Row> {
  let record = 0;
  for await (const cells of csvRecords(file)) {
    if (record++ >= length) yield { cells, columns };
  }
}
