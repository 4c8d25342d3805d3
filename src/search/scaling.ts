import { SoundalikeError } from '../errors.ts';
import type { Layout } from './feature-vector.ts';
import { dimensionOf } from './feature-vector.ts';

/** Mean and population standard deviation of each value of the vector, in the layout's order. */
export interface Scaling {
  mean: number[];
  deviation: number[];
}

/**
 * Standard scores are cut to ±CLIP: kurtosis, skew and extremes have tails in which one odd value would
 * outweigh all others of its vector. A normal value lies beyond in 6 of 100,000 cases.
 */
const CLIP = 4;

/** Statistics are float32 (6e-8 of the value apart): a deviation below this share of the mean is rounding. */
const SMALLEST_SPREAD = 1e-6;

/**
 * The scaling of a collection from all its rows: Welford's one pass in float64 (1962), in the order of the rows. So
 * the same rows give the same bits, however a run cut them into partitions.
 *
 * @param raw Float32Array, rows × `dimensionOf(layout)`, row-major, as `rawVector` makes them; at least one row.
 * @throws SoundalikeError SHARD_DAMAGED where a value is no finite number.
 */
export function scalingOf(raw: Float32Array, layout: Layout): Scaling {
  const dimension = dimensionOf(layout);
  const rows = raw.length / dimension;
  const mean = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimension; i++) {
      const value = raw[row * dimension + i];
      const away = value - mean[i];
      mean[i] += away / (row + 1);
      squares[i] += away * (value - mean[i]);
    }
  }
  const bad = squares.findIndex((sum) => !Number.isFinite(sum));
  if (bad >= 0) {
    const columns = layout.flatMap(({ column, bands }) => new Array<string>(bands).fill(column));
    throw new SoundalikeError(
      'SHARD_DAMAGED',
      `a value of ${columns[bad]} is no finite number; run the extraction again`,
    );
  }
  return { mean: Array.from(mean), deviation: Array.from(squares, (sum) => Math.sqrt(sum / rows)) };
}

/**
 * A raw vector as it is searched: standard scores, clipped, times the root of their weights. The weights are
 * normalised over the values that vary at all, so that two random tracks have an expected squared distance
 * of 2, as two random unit vectors have: 1 - distance² / 2 then reads like a cosine.
 *
 * @param raw Float32Array, `dimensionOf(layout)` values, of a row or of a query alike.
 * @returns Float32Array of the same length; a value that never varies gives 0.
 */
export function scaleVector(raw: Float32Array, scaling: Scaling, layout: Layout): Float32Array {
  const weights = bandWeights(scaling, layout);
  return raw.map((value, band) => {
    if (weights[band] === 0) return 0;
    const score = (value - scaling.mean[band]) / scaling.deviation[band];
    return Math.sqrt(weights[band]) * Math.min(CLIP, Math.max(-CLIP, score));
  });
}

/** Weight of each value on the squared distance: sums to 1, and is 0 where the value never varies. */
function bandWeights({ mean, deviation }: Scaling, layout: Layout): Float64Array {
  const weights = new Float64Array(dimensionOf(layout));
  let band = 0;
  let sum = 0;
  for (const { bands, weight } of layout) {
    for (const end = band + bands; band < end; band++) {
      if (!(deviation[band] > SMALLEST_SPREAD * Math.abs(mean[band]))) continue;
      weights[band] = weight / bands;
      sum += weights[band];
    }
  }
  return sum === 0 ? weights : weights.map((weight) => weight / sum);
}
