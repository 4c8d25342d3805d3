import type { LshIndex } from './lsh-index.ts';
import { positionInBuckets } from './lsh-index.ts';

/**
 * Query-directed multi-probe (Lv et al. 2007, §4.4), over all tables at once: visits buckets in the order of
 * their score, the sum of the squared distances (in buckets) from the query to the walls it must cross. The
 * buckets that hold the query have score 0 and come first.
 *
 * @param visit Gets the range of `bucketRows` of a bucket, empty where the bucket is; false ends the visit.
 */
export function visitBuckets(
  index: LshIndex,
  query: Float32Array,
  visit: (start: number, end: number) => boolean,
): void {
  const { numHashTables, numHashes } = index.parameters;
  const moves = orderMoves(index, query);
  const width = 2 * numHashes;
  const queue = new MoveSets();
  for (let table = 0; table < numHashTables; table++) queue.push(0, table, 0);

  while (queue.size > 0) {
    const { score, table, moved } = queue.pop();
    const first = table * width;
    // Every set is made once, from the one set that it comes from: `shift` puts the next dearer move in
    // the place of the last one, `expand` adds it. Neither lowers the score, so the queue never goes back.
    const last = 31 - Math.clz32(moved);
    if (last + 1 < width) {
      const next = moves.scores[first + last + 1];
      const bit = 1 << (last + 1);
      queue.push(score + next, table, moved | bit);
      if (moved !== 0)
        queue.push(score + next - moves.scores[first + last], table, (moved ^ (1 << last)) | bit);
    }
    const key = bucketKey(moves, table, numHashes, moved);
    if (key === undefined) continue;
    const bucket = findBucket(index, table, key);
    const [start, end] = bucket < 0 ? [0, 0] : [index.bucketStarts[bucket], index.bucketStarts[bucket + 1]];
    if (!visit(start, end)) return;
  }
}

/**
 * The moves of a query to the next bucket up or down each direction: 2 × numHashes a table, cheapest first.
 * Places j and 2 × numHashes - 1 - j are the two moves of one direction, since their distances add up to 1.
 */
interface Moves {
  /** Squared distance to the wall, in buckets. */
  scores: Float64Array;
  /** What the move adds to the key, modulo 2^32. */
  keySteps: Int32Array;
  /** By table, the key of the bucket that holds the query. */
  keys: Int32Array;
}

function orderMoves(index: LshIndex, query: Float32Array): Moves {
  const { numHashTables, numHashes } = index.parameters;
  const width = 2 * numHashes;
  const moves: Moves = {
    scores: new Float64Array(numHashTables * width),
    keySteps: new Int32Array(numHashTables * width),
    keys: new Int32Array(numHashTables),
  };
  for (let table = 0; table < numHashTables; table++) {
    const walls = [];
    for (let hash = table * numHashes; hash < (table + 1) * numHashes; hash++) {
      const position = positionInBuckets(index, hash, query, 0);
      const bucket = Math.floor(position);
      const up = position - bucket >= 0.5;
      const distance = up ? 1 - (position - bucket) : position - bucket;
      const step = index.keySteps[hash];
      moves.keys[table] += Math.imul(bucket, step);
      walls.push({ distance, step: up ? step : -step });
    }
    walls.sort((a, b) => a.distance - b.distance);
    walls.forEach(({ distance, step }, place) => {
      const near = table * width + place;
      const far = (table + 1) * width - 1 - place;
      moves.scores[near] = distance * distance;
      moves.scores[far] = (1 - distance) * (1 - distance);
      moves.keySteps[near] = step;
      moves.keySteps[far] = -step;
    });
  }
  return moves;
}

/** Key of the bucket that a set of moves leads to; undefined where it goes both up and down a direction. */
function bucketKey(moves: Moves, table: number, numHashes: number, moved: number): number | undefined {
  const first = table * 2 * numHashes;
  let key = moves.keys[table];
  for (let rest = moved; rest !== 0; rest &= rest - 1) {
    const place = 31 - Math.clz32(rest & -rest);
    if (place < numHashes && (moved >>> (2 * numHashes - 1 - place)) & 1) return undefined;
    key += moves.keySteps[first + place];
  }
  return key >>> 0;
}

/** Place of the key among the keys of its table, or -1. */
function findBucket({ tableStarts, bucketKeys }: LshIndex, table: number, key: number): number {
  let low = tableStarts[table];
  let high = tableStarts[table + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (bucketKeys[middle] < key) low = middle + 1;
    else if (bucketKeys[middle] > key) high = middle - 1;
    else return middle;
  }
  return -1;
}

/** A set of moves of one table: bit j says that the j-th cheapest move is made. */
interface MoveSet {
  score: number;
  table: number;
  moved: number;
}

/** A binary heap, the set with the lowest score on top; the same pushes give the same pops. */
class MoveSets {
  private readonly sets: MoveSet[] = [];

  get size(): number {
    return this.sets.length;
  }

  push(score: number, table: number, moved: number): void {
    const { sets } = this;
    let place = sets.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (sets[parent].score <= score) break;
      sets[place] = sets[parent];
      place = parent;
    }
    sets[place] = { score, table, moved };
  }

  pop(): MoveSet {
    const { sets } = this;
    const top = sets[0];
    const last = sets.pop()!;
    if (sets.length === 0) return top;
    let place = 0;
    for (let child = 1; child < sets.length; child = 2 * place + 1) {
      if (child + 1 < sets.length && sets[child + 1].score < sets[child].score) child++;
      if (sets[child].score >= last.score) break;
      sets[place] = sets[child];
      place = child;
    }
    sets[place] = last;
    return top;
  }
}
