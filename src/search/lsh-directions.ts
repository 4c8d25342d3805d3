import type { Random } from './random.ts';
import { type Rotation, rowOfRank } from './rotation.ts';

/** Principal components that a table's directions are mixed from, for each of its hashes. */
const COMPONENTS_PER_HASH = 1.5;

/**
 * Unit vectors, at right angles within a table: a random turn of the components along which the rows vary most. Spark
 * draws directions evenly from all, most of which tell little where values are correlated; those at random angles to
 * each other tell the same thing twice (see docs/search.md).
 *
 * @param principal Its rotation without filling: m × dimension.
 * @returns Float32Array, tables × hashes × dimension, row-major.
 */
export function drawDirections(
  { rotation, offsets, kept }: Rotation,
  tables: number,
  hashes: number,
  random: Random,
): Float32Array {
  const m = offsets.length;
  const dimension = rotation.length / m;
  const mixed = Math.max(1, Math.min(kept, m, COMPONENTS_PER_HASH * hashes));
  const directions = new Float32Array(tables * hashes * dimension);
  for (let table = 0; table < tables; table++) {
    drawOrthonormal(hashes, mixed, random).forEach((shares, hash) => {
      const start = (table * hashes + hash) * dimension;
      const direction = new Float64Array(dimension);
      shares.forEach((share, rank) => {
        const component = rowOfRank(rank, m) * dimension;
        for (let i = 0; i < dimension; i++) direction[i] += share * rotation[component + i];
      });
      directions.set(direction, start);
    });
  }
  return directions;
}

/** Random unit vectors, at right angles as far as the dimension lets them be (Gram and Schmidt). */
function drawOrthonormal(count: number, dimension: number, random: Random): Float64Array[] {
  const drawn: Float64Array[] = [];
  while (drawn.length < count) {
    const vector = Float64Array.from({ length: dimension }, () => random.normal());
    const before = drawn.slice(drawn.length - (drawn.length % dimension));
    for (const other of before) {
      const share = vector.reduce((sum, value, i) => sum + value * other[i], 0);
      for (let i = 0; i < dimension; i++) vector[i] -= share * other[i];
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    drawn.push(vector.map((value) => value / norm));
  }
  return drawn;
}
