import {
  DESCRIPTORS,
  type DescriptorName,
  STATISTICS,
  type StatisticName,
  type Statistics,
} from './descriptors.ts';
import { medianInPlace } from './median.ts';
import { type Moments, momentsOf } from './moments.ts';
import type { ClipSeries } from './series.ts';

/** Relative step of a float32: a spread below it is rounding. */
const FLOAT32_EPSILON = 2 ** -23;

/** Bands that are taken out of a series at once: neighbours, so that each line of the cache is read once. */
const COLUMNS = 16;
/** Their values, one band after the other. */
let columns = new Float32Array(1 << 15);

/**
 * FMA's seven statistics over frames, of each band of each descriptor, as numpy and scipy have them: standard
 * deviation with ddof 0, skewness and excess kurtosis biased, median of the two middle values. For a constant
 * series, where scipy gives NaN, skewness and kurtosis are 0.
 */
export function summarise<Name extends DescriptorName>(series: ClipSeries<Name>): Statistics<Name> {
  const { frames: _, ...descriptors } = series;
  const entries = Object.entries<Float32Array>(descriptors).map(([name, values]) => [
    name,
    rowStatistics(values, DESCRIPTORS[name as DescriptorName]),
  ]);
  return Object.fromEntries(entries);
}

/** @param rows frames × bands, row-major. */
export function rowStatistics(rows: Float32Array, bands: number): BandStatistics {
  const result = emptyStatistics(bands);
  forEachColumn(rows, bands, (column, band) => {
    writeStatistics(momentsOf(column), medianInPlace(column), band, result);
  });
  return result;
}

/**
 * @param rows frames × bands, row-major.
 * @param visit Called with the values of one band at a time, in an array that may be changed and is good until it
 *   returns.
 */
export function forEachColumn(
  rows: Float32Array,
  bands: number,
  visit: (column: Float32Array, band: number) => void,
): void {
  const frames = rows.length / bands;
  if (columns.length < COLUMNS * frames) columns = new Float32Array(COLUMNS * frames);
  for (let first = 0; first < bands; first += COLUMNS) {
    const count = Math.min(COLUMNS, bands - first);
    takeColumns(rows, frames, bands, first, count);
    for (let i = 0; i < count; i++) visit(columns.subarray(i * frames, (i + 1) * frames), first + i);
  }
}

function takeColumns(
  values: Float32Array,
  frames: number,
  bands: number,
  first: number,
  count: number,
): void {
  for (let frame = 0; frame < frames; frame++) {
    const row = frame * bands + first;
    for (let i = 0; i < count; i++) columns[i * frames + frame] = values[row + i];
  }
}

/** The statistics of one descriptor, one value a band. */
export type BandStatistics = Record<StatisticName, Float32Array>;

export function emptyStatistics(bands: number): BandStatistics {
  const entries = STATISTICS.map((name) => [name, new Float32Array(bands)]);
  return Object.fromEntries(entries);
}

export function writeStatistics(
  moments: Moments,
  median: number,
  band: number,
  result: BandStatistics,
): void {
  const { count, min, max, mean, squares, cubes, fourths } = moments;
  const variance = squares / count;
  const spread = variance > (FLOAT32_EPSILON * mean) ** 2;
  result.min[band] = min;
  result.max[band] = max;
  result.mean[band] = mean;
  result.std[band] = Math.sqrt(variance);
  result.skew[band] = spread ? cubes / count / variance ** 1.5 : 0;
  result.kurtosis[band] = spread ? fourths / count / variance ** 2 - 3 : 0;
  result.median[band] = median;
}
