/** Rows of the matrix with their Euclidean distances, nearest first, ties by row number. */
export interface Neighbours {
  rows: Uint32Array;
  distances: Float32Array;
}

/**
 * The k nearest of the rows offered so far: a binary heap with the farthest on top, so that most rows cost one
 * comparison. What it holds does not depend on the order of the offers.
 */
export class NearestRows {
  /** Rows held, k at most. */
  size = 0;
  // Plain arrays: a typed one takes longer to make than a query's rows to be offered.
  private readonly rows: number[] = [];
  private readonly squares: number[] = [];

  /** @param k At least 1. */
  constructor(private readonly k: number) {}

  /** Squared distance beyond which a row is not among the k. */
  get limit(): number {
    return this.size < this.k ? Number.POSITIVE_INFINITY : this.squares[0];
  }

  /** Each row may be offered once. */
  offer(row: number, square: number): void {
    if (this.size < this.k) this.settleUp(this.size++, row, square);
    else if (this.isFarther(0, row, square)) this.settleDown(row, square);
  }

  /** Takes all rows out. */
  sorted(): Neighbours {
    const rows = new Uint32Array(this.size);
    const distances = new Float32Array(this.size);
    while (this.size > 0) {
      const last = --this.size;
      rows[last] = this.rows[0];
      distances[last] = Math.sqrt(this.squares[0]);
      this.settleDown(this.rows[last], this.squares[last]);
    }
    return { rows, distances };
  }

  private isFarther(place: number, row: number, square: number): boolean {
    const held = this.squares[place];
    return held > square || (held === square && this.rows[place] > row);
  }

  private settleUp(end: number, row: number, square: number): void {
    let place = end;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.isFarther(parent, row, square)) break;
      this.move(parent, place);
      place = parent;
    }
    this.rows[place] = row;
    this.squares[place] = square;
  }

  private settleDown(row: number, square: number): void {
    let place = 0;
    for (let child = 1; child < this.size; child = 2 * place + 1) {
      const right = child + 1;
      if (right < this.size && this.isFarther(right, this.rows[child], this.squares[child])) child = right;
      if (!this.isFarther(child, row, square)) break;
      this.move(child, place);
      place = child;
    }
    this.rows[place] = row;
    this.squares[place] = square;
  }

  private move(from: number, to: number): void {
    this.rows[to] = this.rows[from];
    this.squares[to] = this.squares[from];
  }
}
