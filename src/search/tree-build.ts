import { GROUP, nibbleOf } from './code-kernel.ts';
import { allocateCodes } from './code-memory.ts';
import { evenlySpread } from './evenly-spread.ts';
import { kmeans } from './kmeans.ts';
import { BLOCK, trainCodebooks } from './product-quantiser.ts';
import { type Rotation, rotationForProducts, rotationOf, rotator } from './rotation.ts';
import { type AsQuery, sampleQueries } from './sample-queries.ts';
import { calibrateTree, REACH_QUERIES, reachFor, type TreeSetting } from './tree-calibrate.ts';
import { assignRows, encodeRow } from './tree-encode.ts';
import type { TreeIndex, TreeParameters } from './tree-index.ts';
import { EVERY_LEAF, groupBytes } from './tree-index.ts';

/** Share of the ten nearest rows that queries find. */
const RECALL = 0.95;

/** Of K-Means: more make the build longer, and leaves hardly better. */
const ITERATIONS = 10;

/** Rows a leaf that training sees at most, evenly spread. */
const TRAINING_ROWS = 32;

/** What to use in place of the defaults. */
interface Given extends Partial<Pick<TreeParameters, 'leaves' | 'leavesSearched' | 'reRank'>> {
  recall?: number;
  asQuery?: AsQuery;
  byProduct?: boolean;
  seed?: number;
  rotation?: Rotation;
}

/**
 * Parts the rows into leaves and codes them.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 * @param given What to use in place of the defaults. These are: 2 √rows leaves; as far a reach and as many rows
 * re-ranked as find `recall` (0.95) of the ten nearest neighbours of a sample of the rows (`sampleQueries`); seed 1; the rows' own rotation. `byProduct`: the rows are equally long, and
 * the last value of queries, as `asQuery` makes them of rows, is 0.
 */
export function buildTree(vectors: Float32Array, dimension: number, given: Given = {}): TreeIndex {
  const rows = vectors.length / dimension;
  const { byProduct = false } = given;
  const { rotation = (byProduct ? rotationForProducts : rotationOf)(vectors, dimension) } = given;
  const m = rotation.offsets.length;
  const { leaves: k = Math.round(2 * Math.sqrt(rows)), recall = RECALL, seed = 1 } = given;
  const { centres, codebooks } = train(vectors, dimension, rotation, k, seed);
  // Codes go where they stay: rows are turned twice, so that those of all are not held twice.
  const assignment = assignRows(vectors, dimension, rotation, centres);
  const leaves = centres.length / m;
  const leafStarts = startsOf(assignment, leaves);
  const groups = leafStarts[leaves];
  const { codes, biases } = allocateCodes(groups * groupBytes(m), groups * GROUP);
  const leafRows = new Uint32Array(groups * GROUP);
  const ends = leafStarts.map((start) => start * GROUP);
  const rotate = rotator(rotation);
  const blocks = m / BLOCK;
  const codesOfRow = new Uint8Array(blocks);
  for (let row = 0; row < rows; row++) {
    const components = rotate(vectors.subarray(row * dimension, (row + 1) * dimension));
    const product = encodeRow(components, assignment[row], centres, codebooks, codesOfRow);
    const place = ends[assignment[row]]++;
    leafRows[place] = row;
    biases[place] = byProduct ? 0 : product;
    const { byte, shift } = nibbleOf(place % GROUP);
    const start = Math.floor(place / GROUP) * groupBytes(m) + byte;
    for (let block = 0; block < blocks; block++) {
      codes[start + (block * GROUP) / 2] |= codesOfRow[block] << shift;
    }
  }

  const index: TreeIndex = {
    dimension,
    vectors,
    parameters: { leaves, reach: EVERY_LEAF, leavesSearched: leaves, reRank: 1 },
    ...(byProduct && { byProduct }),
    rotation: rotation.rotation,
    offsets: rotation.offsets,
    centres,
    codebooks,
    leafStarts,
    codes,
    biases,
    leafRows,
  };
  return { ...index, parameters: { leaves, ...settingFor(index, given, recall) } };
}

/** How far to look and what to re-rank, as far as it is not given. */
function settingFor(
  index: TreeIndex,
  { leavesSearched, reRank, asQuery }: Given,
  recall: number,
): TreeSetting {
  const { vectors, dimension } = index;
  if (leavesSearched === undefined || reRank === undefined) {
    const found = calibrateTree(index, sampleQueries(vectors, dimension, asQuery), recall, leavesSearched);
    return { ...found, reRank: reRank ?? found.reRank };
  }
  const queries = evenlySpread(vectors.length / dimension, REACH_QUERIES).map((row) => {
    const held = vectors.subarray(row * dimension, (row + 1) * dimension);
    return asQuery ? asQuery(held) : held;
  });
  return { reach: reachFor(index, queries, leavesSearched), leavesSearched, reRank };
}

/** The leaves' centres and the codebooks, from a sample of the rows. */
function train(vectors: Float32Array, dimension: number, rotation: Rotation, k: number, seed: number) {
  const rotate = rotator(rotation);
  const m = rotation.offsets.length;
  const sample = evenlySpread(vectors.length / dimension, k * TRAINING_ROWS);
  const components = new Float32Array(sample.length * m);
  sample.forEach((row, i) => {
    components.set(rotate(vectors.subarray(row * dimension, (row + 1) * dimension)), i * m);
  });
  if (sample.length === 0) return { centres: new Float32Array(0), codebooks: trainCodebooks(components, m) };
  const { centres, assignment } = kmeans(components, m, { k, seed, iterations: ITERATIONS });
  assignment.forEach((leaf, i) => {
    for (let j = 0; j < m; j++) components[i * m + j] -= centres[leaf * m + j];
  });
  return { centres, codebooks: trainCodebooks(components, m) };
}

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
