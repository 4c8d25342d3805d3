import { squaredDistance } from './distance.ts';
import type { Neighbours } from './nearest.ts';
import { NearestRows } from './nearest.ts';
import { blockRows, queriesAtOnce, RoundedFilter } from './rounded-filter.ts';
import { allocateRounded, type RoundedRows, roundRange } from './rounded-rows.ts';
import { RowFilter } from './row-filter.ts';
import { isChosen, listRows, type RowChoice, type RowSet } from './row-set.ts';

/** Rows of the first block. */
const FIRST_BLOCK = 16;

/** Fewer accepted rows than one in so many are picked out; more come faster with the others between them. */
const FEW = 5;

/** Queries that rows are rounded for while they are looked through: for fewer it takes longer than it saves. */
const ROUNDING_PAYS = 100;

/** Of the rows of a block, the share that may come through its filter for nothing: rows rounded as coarsely rule out too few. */
const WASTED = 1 / 16;

/**
 * The k nearest of the chosen rows by Euclidean distance, found by looking at every one of them.
 *
 * @param vectors Float32Array, rows × query.length, row-major; read without a copy if `allocateShared` made it.
 * @param k At least 1; fewer come back only where there are fewer rows.
 * @param rounded The rows as `roundRows` gives them: a scan of all takes a third of the time.
 */
export function exactNearestNeighbors(
  vectors: Float32Array,
  query: Float32Array,
  k: number,
  choice: RowChoice = {},
  rounded?: RoundedRows,
): Neighbours {
  return scan(vectors, query.length, [query], k, choice, rounded)[0];
}

/**
 * The same for each of many queries. A block of rows serves all of them while it is in the cache.
 *
 * @param queries Float32Array, queries × dimension, row-major.
 * @returns The neighbours of each query, in their order.
 */
export function exactNearestNeighborsBatch(
  vectors: Float32Array,
  dimension: number,
  queries: Float32Array,
  k: number,
  choice: RowChoice = {},
  rounded?: RoundedRows,
): Neighbours[] {
  const split = Array.from({ length: queries.length / dimension }, (_, i) =>
    queries.subarray(i * dimension, (i + 1) * dimension),
  );
  const most = queriesAtOnce(dimension);
  const parts = Array.from({ length: Math.ceil(split.length / most) }, (_, part) =>
    split.slice(part * most, (part + 1) * most),
  );
  return parts.flatMap((part) => scan(vectors, dimension, part, k, choice, rounded));
}

/** What rows are offered to. */
interface Asked {
  query: Float32Array;
  nearest: NearestRows;
}

function scan(
  vectors: Float32Array,
  dimension: number,
  queries: Float32Array[],
  k: number,
  choice: RowChoice,
  rounded?: RoundedRows,
): Neighbours[] {
  const rows = vectors.length / dimension;
  const { accept } = choice;
  const asked = queries.map((query) => ({
    query,
    nearest: new NearestRows(Math.min(k, accept?.count ?? rows)),
  }));
  if (accept && accept.count * FEW < rows) {
    scanFew(new RowFilter(vectors, dimension), accept, asked, choice);
  } else if (rounded || queries.length >= ROUNDING_PAYS) {
    scanRounded(vectors, dimension, asked, choice, rounded);
  } else {
    scanRange(new RowFilter(vectors, dimension), 0, rows, asked, choice);
  }
  return asked.map(({ nearest }) => nearest.sorted());
}

/** Blocks double from a small one: with k rows found, the limit rules out most of the rows to come. */
const blockAfter = (seen: number, capacity: number, last: number) =>
  Math.min(Math.max(FIRST_BLOCK, seen), capacity, last - seen);

function scanFew(filter: RowFilter, accept: RowSet, asked: Asked[], choice: RowChoice): void {
  for (let seen = 0, next = 0; seen < accept.count; ) {
    const count = blockAfter(seen, filter.capacity, accept.count);
    listRows(accept, next, count, filter.rows);
    next = filter.rows[count - 1] + 1;
    filter.loadRows(count);
    filter.fetch();
    for (const { query, nearest } of asked) filter.offerTo(nearest, query, choice);
    seen += count;
  }
}

function scanRange(filter: RowFilter, from: number, to: number, asked: Asked[], choice: RowChoice): void {
  for (let seen = from; seen < to; ) {
    const count = blockAfter(seen, filter.capacity, to);
    filter.loadRange(seen, count);
    for (const { query, nearest } of asked) filter.offerTo(nearest, query, choice);
    seen += count;
  }
}

/** @param given All rows; without them each block is rounded when its turn comes. */
function scanRounded(
  vectors: Float32Array,
  dimension: number,
  asked: Asked[],
  choice: RowChoice,
  given?: RoundedRows,
): void {
  const rows = vectors.length / dimension;
  const rounded = given ?? allocateRounded(Math.min(rows, blockRows(dimension)), dimension)!;
  const roundedFilter = new RoundedFilter(rounded, asked.length);
  asked.forEach(({ query }, place) => {
    roundedFilter.setQuery(place, query);
  });
  let places = Array.from(asked.keys());
  const others: Asked[] = [];
  let filter: RowFilter | undefined;
  for (let seen = 0; seen < rows; ) {
    const count = blockAfter(seen, blockRows(dimension), rows);
    // What the rounded rows count from.
    const first = given ? 0 : seen;
    if (others.length > 0) {
      filter ??= new RowFilter(vectors, dimension);
      scanRange(filter, seen, seen + count, others, choice);
    }
    if (!given && places.length > 0) roundRange(rounded, vectors, dimension, seen, count);
    const useless = new Set<number>();
    for (let i = 0; i < places.length; ) {
      const together = places[i + 1] === places[i] + 1 ? [places[i], places[i] + 1] : [places[i]];
      const limits = together.map((place) => asked[place].nearest.limit);
      const found = roundedFilter.within(places[i], limits, seen - first, count);
      together.forEach((place, j) => {
        const wasted = offerFound(asked[place], found[j], first);
        if (wasted > FIRST_BLOCK + count * WASTED) useless.add(place);
      });
      i += together.length;
    }
    for (const place of useless) others.push(asked[place]);
    if (useless.size > 0) places = places.filter((place) => !useless.has(place));
    seen += count;
  }

  /** @returns How many of the rows found are beyond the limit that they were found by. */
  function offerFound({ query, nearest }: Asked, found: Uint32Array, first: number): number {
    const { limit } = nearest;
    let wasted = 0;
    for (const place of found) {
      const row = first + place;
      if (!isChosen(row, choice)) continue;
      const square = squaredDistance(vectors, row * dimension, query, nearest.limit);
      nearest.offer(row, square);
      if (square > limit) wasted++;
    }
    return wasted;
  }
}
