import type { LshIndex } from './lsh-index.ts';

/** What `next` gives when no buckets are left. */
export const NO_MORE = -2;

/**
 * Query-directed multi-probe (Lv et al. 2007, §4.4), over all tables at once: gives buckets in the order of
 * their score, the sum of the squared distances (in buckets) from the query to the walls it must cross. The
 * buckets that hold the query have score 0 and come first. A thread has one for each index that it searches.
 */
export class Probes {
  /** Of each table, the key of the bucket that holds the query. */
  private readonly keys: Int32Array;
  /**
   * The moves of the query to the next bucket up or down each direction: 2 × numHashes a table, cheapest first.
   * Places j and 2 × numHashes - 1 - j are the two moves of one direction, since their distances add up to 1.
   * Squared distances to the wall, in buckets.
   */
  private readonly scores: Float64Array;
  /** What the moves add to the key, modulo 2^32. */
  private readonly steps: Int32Array;
  private readonly queue = new MoveSets();
  /** The bucket of a table that has a key, or -1. */
  readonly lookUp: (table: number, key: number) => number;

  constructor(private readonly index: LshIndex) {
    const { numHashTables, numHashes } = index.parameters;
    this.keys = new Int32Array(numHashTables);
    this.scores = new Float64Array(numHashTables * 2 * numHashes);
    this.steps = new Int32Array(this.scores.length);
    this.lookUp = bucketLookUp(index);
  }

  /** @param shifted H: the query's projections with the shifts added. */
  begin(shifted: Float32Array): void {
    const { numHashTables } = this.index.parameters;
    this.queue.clear();
    for (let table = 0; table < numHashTables; table++) {
      this.orderMoves(table, shifted);
      this.queue.push(0, table, 0);
    }
  }

  /** Score of the bucket that came last: the squared distance, in buckets, between the query and its rows at least. */
  get score(): number {
    return this.queue.score;
  }

  /** The next bucket; -1 where it is empty, `NO_MORE` where none is left. */
  next(): number {
    const { queue, scores } = this;
    const { numHashes } = this.index.parameters;
    const width = 2 * numHashes;
    while (queue.pop()) {
      const { score, table, moved } = queue;
      const first = table * width;
      // Every set is made once, from the one set that it comes from: `shift` puts the next dearer move in
      // the place of the last one, `expand` adds it. Neither lowers the score, so the queue never goes back.
      const last = 31 - Math.clz32(moved);
      if (last + 1 < width) {
        const dearer = scores[first + last + 1];
        const bit = 1 << (last + 1);
        queue.push(score + dearer, table, moved | bit);
        if (moved !== 0)
          queue.push(score + dearer - scores[first + last], table, (moved ^ (1 << last)) | bit);
      }
      if (!this.isPossible(moved)) continue;
      let key = this.keys[table];
      for (let rest = moved; rest !== 0; rest &= rest - 1) {
        key += this.steps[first + 31 - Math.clz32(rest & -rest)];
      }
      return this.lookUp(table, key >>> 0);
    }
    return NO_MORE;
  }

  /** Whether no direction is gone both up and down. */
  private isPossible(moved: number): boolean {
    const { numHashes } = this.index.parameters;
    for (let far = moved >>> numHashes; far !== 0; far &= far - 1) {
      const place = numHashes + 31 - Math.clz32(far & -far);
      if ((moved >>> (2 * numHashes - 1 - place)) & 1) return false;
    }
    return true;
  }

  /** Fills a table's moves in, and its key. */
  private orderMoves(table: number, shifted: Float32Array): void {
    const { scores, steps, index } = this;
    const { numHashes, bucketLength } = index.parameters;
    const first = table * 2 * numHashes;
    let key = 0;
    for (let i = 0; i < numHashes; i++) {
      const hash = table * numHashes + i;
      const position = shifted[hash] / bucketLength;
      const bucket = Math.floor(position);
      const up = position - bucket >= 0.5;
      const distance = up ? 1 - (position - bucket) : position - bucket;
      key += Math.imul(bucket, index.keySteps[hash]);
      const step = up ? index.keySteps[hash] : -index.keySteps[hash];
      // Few values, so sorted by insertion; the order of two equal ones is that of their hashes.
      let place = first + i;
      for (; place > first && scores[place - 1] > distance; place--) {
        scores[place] = scores[place - 1];
        steps[place] = steps[place - 1];
      }
      scores[place] = distance;
      steps[place] = step;
    }
    this.keys[table] = key;
    for (let i = 0; i < numHashes; i++) {
      const near = first + i;
      const far = first + 2 * numHashes - 1 - i;
      scores[far] = (1 - scores[near]) ** 2;
      steps[far] = -steps[near];
      scores[near] **= 2;
    }
  }
}

/**
 * A function that gives the bucket of a key of a table, or -1. Keys are spread evenly over 32 bits, so their first
 * bits nearly tell their place.
 */
function bucketLookUp({ tableStarts, bucketKeys }: LshIndex): (table: number, key: number) => number {
  const tables = tableStarts.length - 1;
  const shift = Math.min(31, Math.clz32(bucketKeys.length / tables));
  const slots = 2 ** (32 - shift);
  /** For each table and each value of the first bits the first bucket of these or higher ones. */
  const places = new Uint32Array(tables * slots + 1);
  for (let table = 0, bucket = 0; table < tables; table++) {
    for (let slot = 0; slot < slots; slot++) {
      while (bucket < tableStarts[table + 1] && bucketKeys[bucket] >>> shift < slot) bucket++;
      places[table * slots + slot] = bucket;
    }
    bucket = tableStarts[table + 1];
  }
  places[tables * slots] = bucketKeys.length;
  return (table, key) => {
    const slot = table * slots + (key >>> shift);
    const end = places[slot + 1];
    for (let bucket = places[slot]; bucket < end; bucket++) if (bucketKeys[bucket] === key) return bucket;
    return -1;
  };
}

/**
 * A binary heap of sets of moves, the one with the lowest score on top; the same pushes give the same pops. In
 * typed arrays, for a query makes thousands of sets.
 */
class MoveSets {
  /** Of the set that came out last. */
  score = 0;
  table = 0;
  /** Bit j says that the table's j-th cheapest move is made. */
  moved = 0;
  private size = 0;
  private scores = new Float64Array(256);
  private tables = new Uint32Array(256);
  private moves = new Int32Array(256);

  clear(): void {
    this.size = 0;
  }

  push(score: number, table: number, moved: number): void {
    if (this.size === this.scores.length) this.grow();
    const { scores } = this;
    let place = this.size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (scores[parent] <= score) break;
      this.move(parent, place);
      place = parent;
    }
    this.put(place, score, table, moved);
  }

  /** Takes the top out; false where there is none. */
  pop(): boolean {
    if (this.size === 0) return false;
    const { scores } = this;
    this.score = scores[0];
    this.table = this.tables[0];
    this.moved = this.moves[0];
    const size = --this.size;
    const score = scores[size];
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && scores[child + 1] < scores[child]) child++;
      if (scores[child] >= score) break;
      this.move(child, place);
      place = child;
    }
    this.put(place, score, this.tables[size], this.moves[size]);
    return true;
  }

  private move(from: number, to: number): void {
    this.put(to, this.scores[from], this.tables[from], this.moves[from]);
  }

  private put(place: number, score: number, table: number, moved: number): void {
    this.scores[place] = score;
    this.tables[place] = table;
    this.moves[place] = moved;
  }

  private grow(): void {
    const { scores, tables, moves } = this;
    this.scores = new Float64Array(2 * scores.length);
    this.tables = new Uint32Array(2 * scores.length);
    this.moves = new Int32Array(2 * scores.length);
    this.scores.set(scores);
    this.tables.set(tables);
    this.moves.set(moves);
  }
}
