import { SoundalikeError } from '../errors.ts';
import type { Layout } from './feature-vector.ts';
import { dimensionOf } from './feature-vector.ts';

/** Count, mean and sum of squared deviations of each band of a column. */
export interface Moments {
  count: number;
  mean: number[];
  m2: number[];
}

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
 * Moments of the union of disjoint sets (Chan, Golub and LeVeque 1979, pairwise formula), folded from left to
 * right: the same list gives the same bits, another order may differ in the last.
 */
export function mergeMoments(list: readonly Moments[]): Moments {
  let count = 0;
  let mean: number[] = [];
  let m2: number[] = [];
  for (const next of list) {
    if (next.count === 0) continue;
    if (count === 0) {
      ({ count, mean, m2 } = { count: next.count, mean: [...next.mean], m2: [...next.m2] });
      continue;
    }
    const total = count + next.count;
    for (let band = 0; band < mean.length; band++) {
      const delta = next.mean[band] - mean[band];
      mean[band] += (delta * next.count) / total;
      m2[band] += next.m2[band] + (delta * delta * count * next.count) / total;
    }
    count = total;
  }
  return { count, mean, m2 };
}

/**
 * The scaling of a collection from the merged moments of its columns.
 *
 * @param moments By shard column.
 * @throws SoundalikeError SHARD_DAMAGED where a column lacks, has another number of bands or is not finite.
 */
export function scalingOf(moments: Record<string, Moments>, layout: Layout): Scaling {
  const scaling: Scaling = { mean: [], deviation: [] };
  for (const { column, bands } of layout) {
    const { count, mean, m2 } = moments[column] ?? { count: 0, mean: [], m2: [] };
    const isUsable = mean.length === bands && m2.length === bands && [...mean, ...m2].every(Number.isFinite);
    if (!isUsable) {
      throw new SoundalikeError(
        'SHARD_DAMAGED',
        `the moments of ${column} are not ${bands} finite numbers as the search vector needs; run the extraction again`,
      );
    }
    scaling.mean.push(...mean);
    scaling.deviation.push(...m2.map((sum) => Math.sqrt(sum / count)));
  }
  return scaling;
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
