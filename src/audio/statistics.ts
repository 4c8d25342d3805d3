import {
  DESCRIPTORS,
  type DescriptorName,
  STATISTICS,
  type StatisticName,
  type Statistics,
} from './descriptors.ts';
import { medianInPlace } from './median.ts';
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
  const most = COLUMNS * series.frames;
  if (columns.length < most) columns = new Float32Array(most);
  const { frames: _, ...descriptors } = series;
  const entries = Object.entries<Float32Array>(descriptors).map(([name, values]) => {
    const bands = DESCRIPTORS[name as DescriptorName];
    const frames = values.length / bands;
    const result = emptyStatistics(bands);
    for (let first = 0; first < bands; first += COLUMNS) {
      const count = Math.min(COLUMNS, bands - first);
      takeColumns(values, frames, bands, first, count);
      for (let i = 0; i < count; i++) {
        summariseColumn(columns.subarray(i * frames, (i + 1) * frames), first + i, result);
      }
    }
    return [name, result];
  });
  return Object.fromEntries(entries);
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

function emptyStatistics(bands: number): Record<StatisticName, Float32Array> {
  const entries = STATISTICS.map((name) => [name, new Float32Array(bands)]);
  return Object.fromEntries(entries);
}

/** The order of `column` is lost. */
function summariseColumn(
  column: Float32Array,
  band: number,
  result: Record<StatisticName, Float32Array>,
): void {
  const { length } = column;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = column[i];
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const mean = sum / length;
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < length; i++) {
    const deviation = column[i] - mean;
    const square = deviation * deviation;
    squares += square;
    cubes += square * deviation;
    fourths += square * square;
  }
  const variance = squares / length;
  const spread = variance > (FLOAT32_EPSILON * mean) ** 2;
  result.min[band] = min;
  result.max[band] = max;
  result.mean[band] = mean;
  result.std[band] = Math.sqrt(variance);
  result.skew[band] = spread ? cubes / length / variance ** 1.5 : 0;
  result.kurtosis[band] = spread ? fourths / length / variance ** 2 - 3 : 0;
  result.median[band] = medianInPlace(column);
}
