import type { SearchMethod } from '../search/method.ts';
import type { SearchPool } from '../search/search-pool.ts';
import type { SearchSpace } from './search-spaces.ts';

/** Rows that are looked at for each place on the way. */
const CANDIDATES = 32;

/** Times that the way is drawn tighter. */
const ROUNDS = 2;

/** What threads need to know of the target of a task that has its own data with it. */
const NO_TARGET = {};

export interface PathSearch {
  /** Rows, two different ones. */
  from: number;
  to: number;
  /** From a track to the next, at least 1; fewer are made where there are too few rows. */
  steps: number;
  method: SearchMethod;
  /** Rows that there are. */
  rows: number;
  /** Null where it is not known. */
  artistOf(row: number): string | null;
}

/**
 * A way from one row to another in steps of near-equal size, through rows that differ, two of one artist not in a row
 * where that can be. Points are set evenly on the straight line between the two; the rows near a point may stand for
 * it, and the smoothest way takes one for each. Then each point is moved to the middle between the rows that were taken
 * before and behind it, where a step could be saved, and the way is looked for again.
 *
 * @param space Of the whole sound.
 * @param pool Finds the way.
 * @returns The rows, both ends included.
 */
export async function findPath(
  { from, to, steps, method, rows, artistOf }: PathSearch,
  space: SearchSpace,
  pool: SearchPool,
): Promise<number[]> {
  const between = Math.min(steps - 1, rows - 2);
  const ends = { from: space.vectorOfRow(from), to: space.vectorOfRow(to) };
  let points = Array.from({ length: between }, (_, i) => blend(ends.from, ends.to, (i + 1) / (between + 1)));
  let taken: number[] = [];
  for (let round = 0; round <= ROUNDS && between > 0; round++) {
    // Enough for each point to have a row of its own, where all points have the same ones near them.
    const k = Math.max(CANDIDATES, between + 1);
    const found = await Promise.all(
      points.map((point) => space.search(point, k, method, { excludeRows: [from, to] })),
    );
    const layers = [
      [from],
      ...deal(
        found.map((near) => near.rows),
        taken,
      ),
      [to],
    ];
    const candidates = layers.flat();
    const vectors = concatenate(candidates.map(space.vectorOfRow));
    const sizes = layers.map(({ length }) => length);
    const artists = candidates.map(artistOf);
    const groups = Int32Array.from(artists, (artist) => (artist === null ? -1 : artists.indexOf(artist)));
    const path = await pool.run('smoothestPath', NO_TARGET, vectors, ends.from.length, sizes, groups);
    taken = path.map((place) => candidates[place]!).slice(1, -1);
    const way = [from, ...taken, to].map(space.vectorOfRow);
    points = taken.map((_, i) => blend(way[i]!, way[i + 2]!, 0.5));
  }
  return [from, ...taken, to];
}

/**
 * Deals rows to the points near them: in turns each point gets the nearest row that is left. So no row is dealt twice,
 * and no point goes without where there are enough.
 *
 * @param near The rows near each point, the nearest first; at least as many as there are points.
 * @param taken The row that each point has for sure, if there is one.
 */
function deal(near: readonly Uint32Array[], taken: readonly number[]): number[][] {
  const dealt = new Set(taken);
  const layers = near.map((_, point) => taken.slice(point, point + 1));
  const next = near.map(() => 0);
  for (let turn = 0; turn < CANDIDATES; turn++) {
    for (const [point, rows] of near.entries()) {
      while (next[point]! < rows.length && dealt.has(rows[next[point]!]!)) next[point]!++;
      const row = rows[next[point]!];
      if (row === undefined) continue;
      dealt.add(row);
      layers[point]!.push(row);
    }
  }
  return layers;
}

function blend(a: Float32Array, b: Float32Array, share: number): Float32Array {
  return a.map((value, i) => value + share * (b[i]! - value));
}

function concatenate(vectors: readonly Float32Array[]): Float32Array {
  const { length } = vectors[0]!;
  const all = new Float32Array(vectors.length * length);
  vectors.forEach((vector, i) => {
    all.set(vector, i * length);
  });
  return all;
}
