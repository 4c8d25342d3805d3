import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';
import { GROUP, nibbleOf } from './code-kernel.ts';
import { allocateCodes } from './code-memory.ts';
import type { LshIndex } from './lsh-index.ts';
import { bucketKeyOf, MAXIMUM_ROWS } from './lsh-index.ts';
import { BLOCK, CENTRES, nearestCentre } from './product-quantiser.ts';
import { Projector } from './projector.ts';
import { BOOK, groupBytes } from './tree-index.ts';

type Tables = Pick<
  LshIndex,
  'tableStarts' | 'bucketKeys' | 'bucketStarts' | 'bucketRows' | 'codes' | 'biases'
>;

type Functions = Omit<LshIndex, 'vectors' | keyof Tables>;

/** Puts the rows into the buckets of each table, with their codes in the same order. */
export function fillTables(functions: Functions, vectors: Float32Array): Tables {
  const { numHashTables } = functions.parameters;
  const rows = vectors.length / functions.dimension;
  const { keys, codes: codesOfRows, biases: biasesOfRows } = describeRows(functions, vectors);
  const blocks = functions.offsets.length / BLOCK;
  const bytes = groupBytes(blocks * BLOCK);
  const tableStarts = [0];
  const bucketKeys: number[] = [];
  const bucketStarts: number[] = [];
  const bucketRows = allocateWhole(numHashTables * rows);
  const groups = Math.ceil(bucketRows.length / GROUP);
  const { codes, biases } = allocateCodes(groups * bytes, groups * GROUP);
  const keyed = new Float64Array(rows);
  for (let table = 0; table < numHashTables; table++) {
    for (let row = 0; row < rows; row++) keyed[row] = keys[table * rows + row] * MAXIMUM_ROWS + row;
    keyed.sort();
    let previous = -1;
    for (let i = 0; i < rows; i++) {
      const key = Math.floor(keyed[i] / MAXIMUM_ROWS);
      const row = keyed[i] - key * MAXIMUM_ROWS;
      const place = table * rows + i;
      if (key !== previous) {
        bucketKeys.push(key);
        bucketStarts.push(place);
        previous = key;
      }
      bucketRows[place] = row;
      biases[place] = biasesOfRows[row];
      const { byte, shift } = nibbleOf(place % GROUP);
      const start = Math.floor(place / GROUP) * bytes + byte;
      for (let block = 0; block < blocks; block++) {
        codes[start + (block * GROUP) / 2] |= codesOfRows[row * blocks + block] << shift;
      }
    }
    tableStarts.push(bucketKeys.length);
  }
  bucketStarts.push(bucketRows.length);
  return {
    tableStarts: wholeOf(tableStarts),
    bucketKeys: wholeOf(bucketKeys),
    bucketStarts: wholeOf(bucketStarts),
    bucketRows,
    codes,
    biases,
  };
}

/** The keys of the rows' buckets, table by table; their codes, a byte a block; their biases. */
function describeRows(functions: Functions, vectors: Float32Array) {
  const { dimension, parameters, rotation, offsets, directions, shifts, codebooks } = functions;
  const rows = vectors.length / dimension;
  const m = offsets.length;
  const blocks = m / BLOCK;
  const memory = memoryOf(allocateShared(0).buffer)!;
  const projector = new Projector(memory, dimension, [rotation, directions], [offsets, shifts]);
  const keys = new Uint32Array(parameters.numHashTables * rows);
  const codes = new Uint8Array(rows * blocks);
  const biases = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const products = projector.project(vectors.subarray(row * dimension, (row + 1) * dimension));
    const shifted = products.subarray(m);
    for (let table = 0; table < parameters.numHashTables; table++) {
      keys[table * rows + row] = bucketKeyOf(functions, table, shifted);
    }
    for (let block = 0; block < blocks; block++) {
      const [x, y] = [products[block * BLOCK], products[block * BLOCK + 1]];
      const centre = block * BOOK + nearestCentre(codebooks, block * BOOK, x, y);
      codes[row * blocks + block] = centre % CENTRES;
      biases[row] += x * codebooks[centre] + y * codebooks[centre + CENTRES];
    }
  }
  return { keys, codes, biases };
}

function allocateWhole(length: number): Uint32Array {
  return new Uint32Array(allocateShared(4 * length).buffer, 0, length);
}

/** A copy in memory that threads can share. */
export function wholeOf(values: ArrayLike<number>): Uint32Array {
  const whole = allocateWhole(values.length);
  whole.set(values);
  return whole;
}
