import { instantiate } from '../wasm/assembler.ts';
import { load } from '../wasm/file-blocks.ts';
import { allocateShared, memoryOf, takeRoom } from '../wasm/shared-memory.ts';
import { ROUNDED_ROWS, ROUNDED_VALUES, roundKernel, TERMS } from './rounded-kernel.ts';

/** More than what the few operations in float32 that come together err by, as a share of the largest number. */
const SLACK = 2 ** -20;

/** Its square is still a float32, and more than what squares and products lose that are too small for one. */
const LEAST_ERROR = 2 ** -60;

/**
 * A matrix rounded to int8, each row by a step of its own: a quarter of the bytes, for a scan that has to read far less
 * than the matrix. It rules out nearly all rows, since it knows how far each may be from what it was rounded to.
 */
export interface RoundedRows {
  /** As `strideOf` gives it. */
  stride: number;
  codes: Int8Array;
  /** By tile of rows, as the kernel wants them. */
  terms: Float32Array;
}

/** Values of a rounded row, zeros at its end included. */
export const strideOf = (dimension: number): number => Math.ceil(dimension / ROUNDED_VALUES) * ROUNDED_VALUES;

/** Room for so many rows, in a memory that kernels reach; undefined for more than they do: 4 GiB. */
export function allocateRounded(rows: number, dimension: number): RoundedRows | undefined {
  const stride = strideOf(dimension);
  const tiles = Math.ceil(rows / ROUNDED_ROWS);
  const { buffer } = allocateShared(tiles * (ROUNDED_ROWS * stride + 4 * TERMS));
  if (!memoryOf(buffer)) return undefined;
  return {
    stride,
    codes: new Int8Array(buffer, 0, tiles * ROUNDED_ROWS * stride),
    terms: new Float32Array(buffer, tiles * ROUNDED_ROWS * stride, tiles * TERMS),
  };
}

/**
 * All rows of a matrix, rounded; undefined for more than kernels reach.
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 */
export function roundRows(vectors: Float32Array, dimension: number): RoundedRows | undefined {
  const rows = vectors.length / dimension;
  const rounded = allocateRounded(rows, dimension);
  if (rounded) roundRange(rounded, vectors, dimension, 0, rows);
  return rounded;
}

/** A rounder's own room: a row, and what the kernel says of it. */
interface Rounder {
  run: (...parameters: number[]) => void;
  row: Float32Array;
  said: Float32Array;
  sumOfSquares: Int32Array;
}

const rounders = new WeakMap<WebAssembly.Memory, Rounder>();

function rounderOf({ codes, stride }: RoundedRows): Rounder {
  const memory = memoryOf(codes.buffer)!;
  let rounder = rounders.get(memory);
  if (!rounder) {
    const room = takeRoom(memory, 4 * (stride + 3));
    const row = new Float32Array(memory.buffer, room, stride);
    rounder = {
      run: instantiate(roundKernel, memory),
      row,
      said: new Float32Array(memory.buffer, room + row.byteLength, 3),
      sumOfSquares: new Int32Array(memory.buffer, room + row.byteLength + 4, 1),
    };
    rounders.set(memory, rounder);
  }
  return rounder;
}

/** Rounds `count` rows from `from` on, which become the first ones. */
export function roundRange(
  rounded: RoundedRows,
  vectors: Float32Array,
  dimension: number,
  from: number,
  count: number,
): void {
  load(vectors, 4 * from * dimension, 4 * (from + count) * dimension);
  const { stride, codes, terms } = rounded;
  const { run, row, said, sumOfSquares } = rounderOf(rounded);
  // Of the sum of the squares in float32; and of the products' rounding, as a share of the row's length.
  const slack = 1 + dimension * 2 ** -23;
  for (let i = 0; i < count; i++) {
    const inTile = i % ROUNDED_ROWS;
    const tile = i - inTile;
    row.set(vectors.subarray((from + i) * dimension, (from + i + 1) * dimension));
    run(
      row.byteOffset,
      row.byteOffset + row.byteLength,
      codes.byteOffset + tile * stride + inTile * ROUNDED_VALUES,
      said.byteOffset,
    );
    const [step, , error] = said;
    const square = sumOfSquares[0] * step * step;
    const term = (tile / ROUNDED_ROWS) * TERMS + inTile;
    terms[term] = lessened(square);
    terms[term + ROUNDED_ROWS] = step;
    terms[term + 2 * ROUNDED_ROWS] = increased(Math.sqrt(error) * slack + Math.sqrt(square) * SLACK);
  }
}

/** A square with room for what the kernel's sums err by; NaN, which rules nothing out, where float32 may not hold it. */
export const lessened = (square: number): number => (square < 2 ** 127 ? square * (1 - SLACK) : Number.NaN);

/** A distance with room for what its square errs by. */
export const increased = (distance: number): number => distance * (1 + SLACK) + LEAST_ERROR;
