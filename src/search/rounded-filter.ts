import { instantiate } from '../wasm/assembler.ts';
import { memoryOf, takeRoom } from '../wasm/shared-memory.ts';
import { FACT_BYTES, ROUNDED_ROWS, roundedKernelFor, TERMS, TOGETHER } from './rounded-kernel.ts';
import { increased, lessened, type RoundedRows, strideOf } from './rounded-rows.ts';

/** Bytes of rounded rows that a block has: half of a usual second-level cache, for the next query to find them there. */
const BLOCK_BYTES = 2 ** 18;

/** Bytes of the queries that are kept at once, at most. */
const QUERIES_BYTES = 2 ** 20;

const FACTS = FACT_BYTES / 4;

/** For one query, for two. */
const modules = Array.from({ length: TOGETHER }, (_, i) => roundedKernelFor(i + 1));

/** What a value of a query is rounded to at most: the longest sum of products with int8 is still an int32. */
const mostOf = (stride: number) => Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * stride)));

/** A query of lesser values is rounded as if it had this one: its step would be none that float32 holds precisely. */
const LEAST = 2 ** -80;

/** Rows of a block at most, a multiple of four. */
export const blockRows = (dimension: number): number =>
  Math.ceil(BLOCK_BYTES / (ROUNDED_ROWS * strideOf(dimension))) * ROUNDED_ROWS;

/** Queries at a time at most. */
export const queriesAtOnce = (dimension: number): number =>
  Math.ceil(QUERIES_BYTES / (2 * strideOf(dimension)));

/** Kernels, by how many queries they look for less one; their room, and for how many queries it is. */
interface Kernels {
  run: ((...parameters: number[]) => void)[];
  room: number;
  queries: number;
}

const kernels = new WeakMap<WebAssembly.Memory, Kernels>();

/** A memory's kernels with room for so many queries at least. A thread has them once for each memory that it searches. */
function kernelsOf(
  memory: WebAssembly.Memory,
  queries: number,
  queryBytes: number,
  otherBytes: number,
): Kernels {
  let held = kernels.get(memory);
  if (!held || held.queries < queries) {
    const room = takeRoom(memory, queries * queryBytes + otherBytes);
    held = { run: modules.map((module) => instantiate(module, memory)), room, queries };
    kernels.set(memory, held);
  }
  return held;
}

/** Looks for the rows of a rounded matrix that may be within a limit of a query. */
export class RoundedFilter {
  private readonly run: Kernels['run'];
  /** By query. */
  private readonly queries: Int16Array;
  private readonly facts: Float32Array;
  private readonly errors: Float64Array;
  /** Of each of the queries that are looked for together. */
  private readonly found: Uint32Array[];
  private readonly foundEnds: Uint32Array;

  /**
   * A thread's room in a memory is one: only the last filter made may be used.
   *
   * @param queries That it is to hold, `queriesAtOnce` at most.
   */
  constructor(
    private readonly rounded: RoundedRows,
    queries: number,
  ) {
    const { stride, codes } = rounded;
    const rows = blockRows(stride);
    const memory = memoryOf(codes.buffer)!;
    const { run, room } = kernelsOf(memory, queries, 2 * stride + FACT_BYTES, 4 * TOGETHER * (rows + 1));
    const { buffer } = memory;
    this.run = run;
    this.errors = new Float64Array(queries);
    this.queries = new Int16Array(buffer, room, stride * queries);
    this.facts = new Float32Array(buffer, room + this.queries.byteLength, FACTS * queries);
    const end = this.facts.byteOffset + this.facts.byteLength;
    this.found = Array.from(
      { length: TOGETHER },
      (_, i) => new Uint32Array(buffer, end + 4 * i * rows, rows),
    );
    this.foundEnds = new Uint32Array(buffer, end + 4 * TOGETHER * rows, TOGETHER);
  }

  /** @param place Where the query is kept, below their number. */
  setQuery(place: number, query: Float32Array): void {
    const { stride } = this.rounded;
    const rounded = this.queries.subarray(place * stride, (place + 1) * stride);
    let most = 0;
    for (const value of query) most = Math.max(most, Math.abs(value));
    const step = Math.fround(Math.max(most, LEAST) / mostOf(stride));
    let [square, error] = [0, 0];
    rounded.fill(0);
    for (let i = 0; i < query.length; i++) {
      const code = Math.round(query[i] / step);
      rounded[i] = code;
      square += code * code;
      error += (query[i] - code * step) ** 2;
    }
    this.facts[FACTS * place] = lessened(square * step * step);
    this.facts[FACTS * place + 1] = 2 * step;
    this.errors[place] = Math.sqrt(error);
  }

  /**
   * Finds the rows whose squared distance to a query may be its limit or less. None of these is missed; some others may
   * come with them.
   *
   * @param place Of the first query.
   * @param limits Of this query, or of this and the next.
   * @param from A multiple of four.
   * @param count At most `blockRows`.
   * @returns For each query rows in order; views that the next call writes anew.
   */
  within(place: number, limits: number[], from: number, count: number): Uint32Array[] {
    const { rounded, queries, facts, found, foundEnds, errors } = this;
    const { stride, codes, terms } = rounded;
    limits.forEach((limit, i) => {
      facts[FACTS * (place + i) + 2] = increased(Math.sqrt(limit) + errors[place + i]);
    });
    const tile = from / ROUNDED_ROWS;
    const query = queries.byteOffset + 2 * stride * place;
    const start = codes.byteOffset + tile * ROUNDED_ROWS * stride;
    const asked = found.slice(0, limits.length);
    this.run[limits.length - 1](
      start,
      start + Math.ceil(count / ROUNDED_ROWS) * ROUNDED_ROWS * stride,
      terms.byteOffset + 4 * TERMS * tile,
      query,
      query + 2 * stride,
      facts.byteOffset + FACT_BYTES * place,
      from,
      ...asked.map(({ byteOffset }) => byteOffset),
      foundEnds.byteOffset,
    );
    return asked.map((rows, i) => {
      let size = (foundEnds[i] - rows.byteOffset) / 4;
      // The kernel takes four rows at a time.
      while (size > 0 && rows[size - 1] >= from + count) size--;
      return rows.subarray(0, size);
    });
  }
}
