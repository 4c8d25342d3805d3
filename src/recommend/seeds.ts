import { squaredDistance } from '../search/distance.ts';

/** The middle of some vectors. */
export interface Centroid {
  centre: Float32Array;
  /** Mean of the squared distances from the vectors to it. */
  spread: number;
}

/**
 * What to search for where several tracks are to be sounded like. The mean of a row's squared distances to all of them
 * is its squared distance to their centroid, plus the spread, which is the same for all rows: so one search for the
 * centroid ranks rows by that mean.
 *
 * @param vectors Float32Arrays of one length, at least one; their order does not change a bit of the result.
 */
export function centroidOf(vectors: readonly Float32Array[]): Centroid {
  const mean = (values: number[]) =>
    values.sort((a, b) => a - b).reduce((sum, value) => sum + value, 0) / values.length;
  const centre = vectors[0]!.map((_, i) => mean(vectors.map((vector) => vector[i]!)));
  return { centre, spread: mean(vectors.map((vector) => squaredDistance(vector, 0, centre))) };
}

/** Root of the mean squared distance to the vectors, of a row at some distance from their centroid. */
export const distanceToAll = (distance: number, spread: number): number =>
  Math.sqrt(distance * distance + spread);
