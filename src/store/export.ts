import type { RunTable } from './run-table.ts';
import { encodeRows, identityOf } from './shard.ts';
import { featureColumns, IDENTITY_COLUMNS } from './shard-columns.ts';

/** Names of the columns of one feature, FMA's way: `mfcc_mean_01` … `mfcc_mean_20`, `mel_mean_001` …. */
function bandNames(name: string, bands: number): string[] {
  const digits = Math.max(2, String(bands).length);
  return Array.from({ length: bands }, (_, band) => `${name}_${String(band + 1).padStart(digits, '0')}`);
}

/** RFC 4180: a field with a comma, quote or line break is quoted, and its quotes are doubled. */
function field(value: string | number | boolean | string[] | null): string {
  if (value === null) return '';
  const text = Array.isArray(value) ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Nine significant digits give every float32 back exactly (IEEE 754-2019 §5.12.2). */
const decimal = (value: number) => String(Number(value.toPrecision(9)));

const record = (fields: string[]) => `${fields.join(',')}\r\n`;

/**
 * A table as CSV: identity and metadata as the shards name them (lists as JSON arrays, what is missing as
 * an empty field), then one column a band of each feature. The first record names the columns.
 *
 * @throws SoundalikeError SHARD_DAMAGED
 */
export async function* exportCsv({ descriptors, rows }: RunTable): AsyncGenerator<string> {
  const columns = featureColumns(descriptors);
  const features = columns.flatMap(({ name, bands }) => bandNames(name, bands));
  yield record([...Object.keys(IDENTITY_COLUMNS), ...features]);
  for await (const row of rows) {
    const fields = Object.values(identityOf(row)).map(field);
    for (const { descriptor, statistic } of columns) {
      for (const value of row.features.statistics[descriptor]![statistic]) fields.push(decimal(value));
    }
    yield record(fields);
  }
}

/**
 * A table as the bytes of one Parquet file, with the columns of the shards.
 *
 * @throws SoundalikeError SHARD_DAMAGED
 */
export async function* exportParquet({ descriptors, rows }: RunTable): AsyncGenerator<Uint8Array> {
  yield* encodeRows(rows, descriptors);
}
