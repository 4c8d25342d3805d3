import { allocateShared } from '../wasm/shared-memory.ts';
import { GROUP, nibbleOf } from './code-kernel.ts';
import { kmeans } from './kmeans.ts';
import type { Clustering } from './lloyd.ts';
import { BLOCK, CENTRES, nearestCentre, trainCodebooks } from './product-quantiser.ts';
import { rotateRows, rotationOf } from './rotation.ts';
import { type AsQuery, sampleQueries } from './sample-queries.ts';
import { calibrateTree } from './tree-calibrate.ts';
import type { TreeIndex, TreeParameters } from './tree-index.ts';
import { BOOK, groupBytes } from './tree-index.ts';

/** Recall on the sample. Above the 0.95 that is meant, for other queries do a little better or worse. */
const RECALL = 0.96;

/** Of K-Means: more make the build longer, and leaves hardly better. */
const ITERATIONS = 10;

/**
 * Parts the rows into leaves and codes them.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param given What to use in place of the defaults. These are: 2 √rows leaves; as many leaves searched and rows
 * re-ranked as find `recall` (0.96) of the ten nearest neighbours of a sample of the rows (`sampleQueries`); seed 1.
 */
export function buildTree(
  vectors: Float32Array,
  dimension: number,
  given: Partial<TreeParameters> & { recall?: number; asQuery?: AsQuery; seed?: number } = {},
): TreeIndex {
  const rows = vectors.length / dimension;
  const rotation = rotationOf(vectors, dimension);
  const m = rotation.offsets.length;
  const components = rotateRows(vectors, dimension, rotation);
  const { leaves: k = Math.round(2 * Math.sqrt(rows)), recall = RECALL, seed = 1 } = given;
  const clustering = rows > 0 ? kmeans(components, m, { k, seed, iterations: ITERATIONS }) : NOTHING;
  const { centres, assignment } = clustering;
  const residuals = components.map(
    (value, i) => value - centres[assignment[Math.floor(i / m)] * m + (i % m)],
  );
  const codebooks = trainCodebooks(residuals, m);

  const leaves = centres.length / m;
  const leafStarts = startsOf(assignment, leaves);
  const groups = leafStarts[leaves];
  const placed = allocate(rotation.rotation, centres, groups * groupBytes(m), groups * GROUP);
  const leafRows = new Uint32Array(groups * GROUP);
  const ends = leafStarts.map((start) => start * GROUP);
  for (let row = 0; row < rows; row++) {
    const place = ends[assignment[row]]++;
    leafRows[place] = row;
    const codes = placed.codes.subarray(Math.floor(place / GROUP) * groupBytes(m));
    placed.biases[place] = encode(codes, place % GROUP, row);
  }

  /** Writes a row's code. Returns the inner product of the row with what the code stands for. */
  function encode(codes: Uint8Array, place: number, row: number): number {
    const { byte, shift } = nibbleOf(place);
    let product = 0;
    for (let block = 0; block < m / BLOCK; block++) {
      const at = row * m + block * BLOCK;
      const [x, y] = [residuals[at], residuals[at + 1]];
      const centre = block * BOOK + nearestCentre(codebooks, block * BOOK, x, y);
      codes[(block * GROUP) / 2 + byte] |= (centre % CENTRES) << shift;
      product += components[at] * (components[at] - x + codebooks[centre]);
      product += components[at + 1] * (components[at + 1] - y + codebooks[centre + CENTRES]);
    }
    return product;
  }

  const parameters = { leaves, leavesSearched: given.leavesSearched ?? 1, reRank: given.reRank ?? 1 };
  const { offsets } = rotation;
  const index = { dimension, vectors, parameters, offsets, codebooks, leafStarts, leafRows, ...placed };
  if (given.leavesSearched !== undefined && given.reRank !== undefined) return index;
  const { leavesSearched, reRank } = calibrateTree(
    index,
    sampleQueries(vectors, dimension, given.asQuery),
    recall,
    given.leavesSearched,
  );
  return { ...index, parameters: { leaves, leavesSearched, reRank: given.reRank ?? reRank } };
}

const NOTHING: Clustering = { centres: new Float32Array(0), assignment: new Uint32Array(0), inertia: 0 };

/** Where each leaf begins, in 32s. */
function startsOf(assignment: Uint32Array, leaves: number): Uint32Array {
  const counts = new Uint32Array(leaves);
  for (const leaf of assignment) counts[leaf]++;
  const starts = new Uint32Array(leaves + 1);
  counts.forEach((count, leaf) => {
    starts[leaf + 1] = starts[leaf] + Math.ceil(count / GROUP);
  });
  return starts;
}

/** The arrays that kernels read, in one memory. */
function allocate(rotation: Float32Array, centres: Float32Array, codeBytes: number, places: number) {
  const { buffer } = allocateShared(codeBytes + 4 * (places + rotation.length + centres.length));
  let end = codeBytes;
  const take = (length: number) => {
    const view = new Float32Array(buffer, end, length);
    end += view.byteLength;
    return view;
  };
  const placed = {
    codes: new Uint8Array(buffer, 0, codeBytes),
    biases: take(places).fill(Number.POSITIVE_INFINITY),
    rotation: take(rotation.length),
    centres: take(centres.length),
  };
  placed.rotation.set(rotation);
  placed.centres.set(centres);
  return placed;
}
