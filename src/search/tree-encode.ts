import { nearestCentreFinder } from './nearest-centre.ts';
import { BLOCK, CENTRES, nearestCentre } from './product-quantiser.ts';
import { type Rotation, rotator } from './rotation.ts';
import { BOOK } from './tree-index.ts';

/** The leaf of each row: that of the nearest centre. Block by block, so that no second matrix is held. */
export function assignRows(
  vectors: Float32Array,
  dimension: number,
  rotation: Rotation,
  centres: Float32Array,
): Uint32Array {
  const rows = vectors.length / dimension;
  const m = rotation.offsets.length;
  const rotate = rotator(rotation);
  const finder = nearestCentreFinder(centres, m);
  const most = finder.rows.length / m;
  const assignment = new Uint32Array(rows);
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      finder.rows.set(rotate(vectors.subarray(row * dimension, (row + 1) * dimension)), i * m);
    }
    assignment.set(finder.find().subarray(0, count), first);
  }
  return assignment;
}

/**
 * Codes what is left of a row's components without its leaf's centre.
 *
 * @param codes Where the numbers of the blocks' centres go.
 * @returns Inner product of the row with what its code stands for.
 */
export function encodeRow(
  components: Float32Array,
  leaf: number,
  centres: Float32Array,
  codebooks: Float32Array,
  codes: Uint8Array,
): number {
  let product = 0;
  for (let block = 0; block < codes.length; block++) {
    const [i, j] = [block * BLOCK, leaf * components.length + block * BLOCK];
    const [x, y] = [components[i], components[i + 1]];
    const [centreX, centreY] = [centres[j], centres[j + 1]];
    const code = nearestCentre(codebooks, block * BOOK, x - centreX, y - centreY);
    codes[block] = code;
    const at = block * BOOK + code;
    product += x * (centreX + codebooks[at]) + y * (centreY + codebooks[at + CENTRES]);
  }
  return product;
}
