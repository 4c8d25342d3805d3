import { squaredDistance } from './distance.ts';

/** Added to a step between two of one group, which is worse than any distance: scaled vectors are far nearer. */
const SAME_GROUP = 1e6;

/**
 * The smoothest way through some layers of candidates, one of each: with the least sum of squared squared distances
 * between neighbours on it. The fourth power makes many even steps cheaper than a few small ones and a large one. By
 * dynamic programming (Viterbi 1967); of equal ways the one with the earlier candidates.
 *
 * @param vectors Float32Array, candidates × dimension, row-major, layer after layer.
 * @param sizes Candidates of each layer, 1 or more each.
 * @param groups By candidate: two of one group do not follow each other where that can be; -1 is no group.
 * @returns The place of each layer's candidate among all.
 */
export function smoothestPath(
  vectors: Float32Array,
  dimension: number,
  sizes: readonly number[],
  groups: Int32Array,
): number[] {
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const costs = new Float64Array(count);
  const before = new Int32Array(count).fill(-1);
  let start = 0;
  let end = sizes[0];
  for (const size of sizes.slice(1)) {
    for (let to = end; to < end + size; to++) {
      const vector = vectors.subarray(to * dimension, (to + 1) * dimension);
      costs[to] = Number.POSITIVE_INFINITY;
      for (let from = start; from < end; from++) {
        const square = squaredDistance(vectors, from * dimension, vector);
        const shared = groups[to] >= 0 && groups[to] === groups[from] ? SAME_GROUP : 0;
        const cost = costs[from] + square * square + shared;
        if (cost >= costs[to]) continue;
        costs[to] = cost;
        before[to] = from;
      }
    }
    start = end;
    end += size;
  }
  let best = start;
  for (let place = start; place < end; place++) if (costs[place] < costs[best]) best = place;
  const path = [];
  for (let place = best; place >= 0; place = before[place]) path.push(place);
  return path.reverse();
}
