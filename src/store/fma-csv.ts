import { DESCRIPTORS, type DescriptorName, PRESETS, STATISTICS } from '../audio/descriptors.ts';
import { SoundalikeError } from '../errors.ts';
import type { RunTable } from './run-table.ts';
import type { ShardRow } from './shard.ts';

/** FMA's names of descriptors, where they are not ours. */
const FMA_NAMES: Partial<Record<DescriptorName, string>> = { rms: 'rmse', tonnetz_cens: 'tonnetz' };

/** FMA's columns, sorted by their three names. The statistics are in that order already. */
const COLUMNS = PRESETS.fma
  .map((descriptor) => ({ descriptor, feature: FMA_NAMES[descriptor] ?? descriptor }))
  .sort((a, b) => (a.feature < b.feature ? -1 : 1))
  .flatMap(({ descriptor, feature }) =>
    STATISTICS.flatMap((statistic) =>
      Array.from({ length: DESCRIPTORS[descriptor] }, (_, band) => ({
        descriptor,
        feature,
        statistic,
        band,
      })),
    ),
  );

/** The rows that come before the data in features.csv: the columns' three names, and that of the index. */
const HEADER = [
  ['feature', ...COLUMNS.map(({ feature }) => feature)],
  ['statistics', ...COLUMNS.map(({ statistic }) => statistic)],
  ['number', ...COLUMNS.map(({ band }) => String(band + 1).padStart(2, '0'))],
  ['track_id', ...COLUMNS.map(() => '')],
];

const line = (fields: string[]) => `${fields.join(',')}\n`;

/** C's `%.10e`: the exponent has two digits at least. (Halfway between two, C takes the even one, this the greater.) */
const decimal = (value: number) => value.toExponential(10).replace(/(?<=e[+-])(?=\d$)/, '0');

/** `000002` is FMA's track 2; an id that is no number stays as it is. */
const trackNumber = (id: string) => id.replace(/^0+(?=\d+$)/, '');

/**
 * A table's features as the file features.csv of fma_metadata: what reads that one reads this one too, with the
 * tracks sorted by their number. The values of all tracks are held at once, 2 kB each.
 *
 * @throws SoundalikeError SHARD_DAMAGED; USAGE where the run lacks descriptors of the
 *   preset fma.
 */
export async function* exportFmaCsv({ descriptors, rows }: RunTable): AsyncGenerator<string> {
  const missing = PRESETS.fma.filter((name) => !descriptors.includes(name));
  if (missing.length > 0) {
    throw new SoundalikeError('USAGE', `the run has no ${missing.join(', ')}: analyse with --preset fma`);
  }
  const tracks: { id: string; values: Float32Array }[] = [];
  for await (const row of rows) tracks.push({ id: trackNumber(row.id), values: valuesOf(row) });
  // Of two numbers without leading zeros the longer one is the greater.
  tracks.sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  for (const fields of HEADER) yield line(fields);
  for (const { id, values } of tracks) yield line([id, ...Array.from(values, decimal)]);
}

function valuesOf({ features: { statistics } }: ShardRow): Float32Array {
  return Float32Array.from(
    COLUMNS,
    ({ descriptor, statistic, band }) => statistics[descriptor]![statistic][band],
  );
}
