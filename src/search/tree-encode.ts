import { nearestCentreFinder } from './nearest-centre.ts';
import { BLOCK, CENTRES, nearestCentre } from './product-quantiser.ts';
import { type Rotation, rotator } from './rotation.ts';
import { BOOK } from './tree-index.ts';

interface EncodedRows {
  /** The leaf of each row. */
  assignment: Uint32Array;
  /** rows × blocks: numbers of the blocks' centres. */
  codes: Uint8Array;
  /** Inner product of each row with what its code stands for. */
  biases: Float32Array;
}

/**
 * Finds the leaf of each row and codes what is left of the row's components without the leaf's centre. Block by block,
 * so that no second matrix is held.
 */
export function encodeRows(
  vectors: Float32Array,
  dimension: number,
  rotation: Rotation,
  centres: Float32Array,
  codebooks: Float32Array,
): EncodedRows {
  const rows = vectors.length / dimension;
  const m = rotation.offsets.length;
  const blocks = m / BLOCK;
  const rotate = rotator(rotation);
  const finder = nearestCentreFinder(centres, m);
  const most = finder.rows.length / m;
  const assignment = new Uint32Array(rows);
  const codes = new Uint8Array(rows * blocks);
  const biases = new Float32Array(rows);
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      finder.rows.set(rotate(vectors.subarray(row * dimension, (row + 1) * dimension)), i * m);
    }
    assignment.set(finder.find().subarray(0, count), first);
    for (let i = 0; i < count; i++) encode(first + i, finder.rows.subarray(i * m, (i + 1) * m));
  }
  return { assignment, codes, biases };

  function encode(row: number, components: Float32Array): void {
    const leaf = assignment[row];
    let product = 0;
    for (let block = 0; block < blocks; block++) {
      const [i, j] = [block * BLOCK, leaf * m + block * BLOCK];
      const [x, y] = [components[i], components[i + 1]];
      const [centreX, centreY] = [centres[j], centres[j + 1]];
      const code = nearestCentre(codebooks, block * BOOK, x - centreX, y - centreY);
      codes[row * blocks + block] = code;
      const at = block * BOOK + code;
      product += x * (centreX + codebooks[at]) + y * (centreY + codebooks[at + CENTRES]);
    }
    biases[row] = product;
  }
}
