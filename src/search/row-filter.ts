import { instantiate } from '../wasm/assembler.ts';
import { loaderOf } from '../wasm/file-blocks.ts';
import { allocateShared, memoryOf, takeRoom } from '../wasm/shared-memory.ts';
import { squaredDistance } from './distance.ts';
import { distanceKernel, fetchKernel, UNROLLED } from './distance-kernel.ts';
import type { NearestRows } from './nearest.ts';
import { isChosen, type RowChoice } from './row-set.ts';
import { squareKernel } from './square-kernel.ts';

/** Bytes of rows that a block has: half of a usual second-level cache, for the next query to find them there. */
const BLOCK_BYTES = 2 ** 18;

/** Rows of a block at most, for lists of rows to stay in the first-level cache. */
const BLOCK_ROWS = 1024;

/** Bytes before the query: the limit (float32) and the end of what was found (uint32). */
const QUERY = 16;

/** A kernel in the memory of a matrix, or in one that rows are copied to. */
interface Kernel {
  memory: WebAssembly.Memory;
  run: (...parameters: number[]) => void;
  fetch: (...parameters: number[]) => void;
  square: (...parameters: number[]) => void;
  /** Address of the kernel's own room, and how long it is. */
  room: number;
  bytes: number;
}

const kernels = new WeakMap<WebAssembly.Memory, Kernel>();
let copying: WebAssembly.Memory | undefined;

/** The kernel of a memory with so much room at least. A thread has one for each memory that it searches. */
function kernelOf(memory: WebAssembly.Memory, bytes: number): Kernel {
  let kernel = kernels.get(memory);
  if (!kernel || kernel.bytes < bytes) {
    const run = instantiate(distanceKernel, memory);
    const fetch = instantiate(fetchKernel, memory);
    const square = instantiate(squareKernel, memory);
    kernel = { memory, run, fetch, square, room: takeRoom(memory, bytes), bytes };
    kernels.set(memory, kernel);
  }
  return kernel;
}

/**
 * Looks for a query's nearest rows in a block of them. A kernel in float32 rules out those that cannot be among
 * the nearest, nearly all; the distances of the others are computed in float64, so results are those of float64.
 * The matrix is read where it lies if `allocateShared` gave its memory; else each block is copied.
 */
export class RowFilter {
  /** Rows of a block at most. */
  readonly capacity: number;
  /** Numbers of the block's rows, for the caller to fill in before `loadRows`. */
  readonly rows: Uint32Array;
  /** Rows that the last `within` found. */
  private readonly candidates: Uint32Array;
  private readonly kernel: Kernel;
  private readonly base: number;
  /** Present where blocks are copied. */
  private readonly copy: Float32Array | undefined;
  private readonly limit: Float32Array;
  private readonly query: Float32Array;
  /** The query, and the rows' squared distances, in float64. */
  private readonly doubles: Float64Array;
  private readonly squares: Float64Array;
  private readonly places: Uint32Array;
  private readonly found: Uint32Array;
  private readonly foundEnd: Uint32Array;
  private readonly load: (from: number, to: number) => void;
  private count = 0;

  /** @param vectors Float32Array, rows × dimension, row-major. */
  constructor(
    private readonly vectors: Float32Array,
    private readonly dimension: number,
  ) {
    const inFours = Math.floor(BLOCK_BYTES / (4 * dimension)) & ~3;
    this.capacity = Math.min(BLOCK_ROWS, Math.max(4, inFours));
    this.rows = new Uint32Array(this.capacity);
    this.candidates = new Uint32Array(this.capacity);

    const doubles = QUERY + 4 * dimension + ((-4 * dimension) & 7);
    const squares = doubles + 8 * dimension;
    const places = squares + 8 * this.capacity;
    const found = places + 4 * this.capacity;
    // Copies of words are faster where both ends are at whole words.
    const rows = (found + 4 * this.capacity + 15) & ~15;
    this.load = loaderOf(vectors);
    const own = memoryOf(vectors.buffer);
    if (!own) copying ??= memoryOf(allocateShared(0).buffer)!;
    this.kernel = kernelOf(own ?? copying!, own ? rows : rows + 4 * dimension * this.capacity);
    const { memory, room } = this.kernel;
    this.base = own ? vectors.byteOffset : room + rows;
    if (!own) this.copy = new Float32Array(memory.buffer, this.base, dimension * this.capacity);
    this.limit = new Float32Array(memory.buffer, room, 1);
    this.foundEnd = new Uint32Array(memory.buffer, room + 4, 1);
    this.query = new Float32Array(memory.buffer, room + QUERY, dimension);
    this.doubles = new Float64Array(memory.buffer, room + doubles, dimension);
    this.squares = new Float64Array(memory.buffer, room + squares, this.capacity);
    this.places = new Uint32Array(memory.buffer, room + places, this.capacity);
    this.found = new Uint32Array(memory.buffer, room + found, this.capacity);
  }

  /** Takes the rows from `from` on, `count` of them, as the block: at least 1 and at most `capacity`. */
  loadRange(from: number, count: number): void {
    const { vectors, dimension, rows, copy } = this;
    for (let i = 0; i < count; i++) rows[i] = from + i;
    this.load(4 * from * dimension, 4 * (from + count) * dimension);
    copy?.set(vectors.subarray(from * dimension, (from + count) * dimension));
    this.place(count);
  }

  /** Takes the first `count` of `rows` as the block: at least 1 and at most `capacity`. */
  loadRows(count: number): void {
    const { vectors, dimension, rows, copy } = this;
    for (let i = 0; i < count; i++) {
      const start = rows[i] * dimension;
      this.load(4 * start, 4 * (start + dimension));
      copy?.set(vectors.subarray(start, start + dimension), i * dimension);
    }
    this.place(count);
  }

  /**
   * Offers all rows of a block of scattered ones, most of which may be among a query's nearest. All are brought into the
   * cache at once.
   *
   * @param choice What rows may be offered.
   */
  offerAllTo(nearest: NearestRows, query: Float32Array, choice: RowChoice = {}): void {
    const { kernel, places, base, dimension, count, rows, doubles, squares } = this;
    this.fetch();
    doubles.set(query);
    kernel.square(
      places.byteOffset,
      places.byteOffset + 4 * ((count + 1) & ~1),
      base,
      doubles.byteOffset,
      4 * dimension,
      4 * (dimension - (dimension % 4)),
      squares.byteOffset,
    );
    for (let i = 0; i < count; i++) {
      if (squares[i] > nearest.limit) continue;
      if (isChosen(rows[i], choice)) nearest.offer(rows[i], squares[i]);
    }
  }

  /** Brings the block's rows into the cache, for a block of scattered rows that are then taken in parts. */
  fetch(): void {
    const { kernel, places, base, dimension, count } = this;
    const start = places.byteOffset;
    kernel.fetch(start, start + 4 * count, base, 4 * dimension, this.foundEnd.byteOffset);
  }

  /**
   * Offers the rows of the block that may be among a query's nearest, with their exact squared distances.
   *
   * @param choice What rows may be offered.
   */
  offerTo(nearest: NearestRows, query: Float32Array, choice: RowChoice = {}): void {
    const { vectors, dimension } = this;
    for (const row of this.within(query, nearest.limit)) {
      if (!isChosen(row, choice)) continue;
      nearest.offer(row, squaredDistance(vectors, row * dimension, query, nearest.limit));
    }
  }

  /**
   * Finds the rows of the block whose squared distance may be `limit` or less. None of these is missed; some
   * others may come with them.
   *
   * @returns Rows in the order of the block; a view that the next call writes anew.
   */
  within(query: Float32Array, limit: number): Uint32Array {
    const { kernel, dimension, count, rows, candidates } = this;
    this.query.set(query);
    // Each float32 operation errs by 2^-24 of its result. A value goes through a difference (squared, so it
    // counts twice), a product and the sums of a quarter of the values; this is more than twice as much. A
    // square too small for float32 errs by 2^-150.
    const slack = (dimension / 4 + 16) * 2 ** -23;
    this.limit[0] = limit * (1 + slack) + dimension * 2 ** -149;

    const address = kernel.room + QUERY;
    const places = this.places.byteOffset;
    kernel.run(
      places,
      places + 4 * ((count + 3) & ~3),
      this.base,
      address,
      address + 4 * (dimension - (dimension % UNROLLED)),
      address + 4 * (dimension - (dimension % 4)),
      address + 4 * dimension,
      kernel.room,
      this.found.byteOffset,
      kernel.room + 4,
    );
    const found = (this.foundEnd[0] - this.found.byteOffset) / 4;
    let size = 0;
    for (let i = 0; i < found; i++) {
      const place = (this.found[i] - places) / 4;
      if (place < count) candidates[size++] = rows[place];
    }
    return candidates.subarray(0, size);
  }

  private place(count: number): void {
    this.count = count;
    for (let i = 0; i < count; i++) this.places[i] = this.copy ? i : this.rows[i];
    // The kernel takes four rows at a time.
    for (let i = count; i % 4 !== 0; i++) this.places[i] = this.places[count - 1];
  }
}
