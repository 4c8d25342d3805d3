import { instantiate } from '../wasm/assembler.ts';
import { allocateShared, memoryOf } from '../wasm/shared-memory.ts';
import { innerProduct, squaredDistance } from './distance.ts';
import { nearestCentreKernel, ROWS, TILE } from './nearest-centre-kernel.ts';

/** Bytes of rows that are copied at a time: half of a usual second-level cache, for the centres to stay in it. */
const BLOCK_BYTES = 2 ** 18;

/** Rows of a block at most. */
const BLOCK_ROWS = 1024;

/** Numbers whose squares may be too large for float32 have larger errors than this. */
const LARGEST_ERROR = 2 ** 90;

/**
 * Finds the nearest of some centres for many rows. A SIMD kernel compares them in float32; where its error leaves two
 * in doubt, distances are computed in float64. So the answer is that of float64, and of equally near centres the first.
 */
export class NearestCentres {
  /** Rows of a block at most. */
  readonly capacity: number;
  /** Of the last block's rows: the nearest centre. */
  readonly numbers: Uint32Array;
  /** Of the last block's rows: no less than the distance to the nearest centre. */
  readonly upper: Float64Array;
  /** Of the last block's rows: no more than the distance to any other centre. */
  readonly lower: Float64Array;
  /** Squared norm of each row. */
  private readonly squares: Float64Array;
  private readonly run: (...parameters: number[]) => void;
  private readonly tiles: Float32Array;
  private readonly centreSquares: Float32Array;
  private readonly firstNumbers: Uint32Array;
  private readonly block: Float32Array;
  private readonly best: Float32Array;
  private readonly second: Float32Array;
  private readonly found: Uint32Array;
  private centres: Float32Array = new Float32Array(0);
  private longest = 0;

  /**
   * @param vectors Float32Array, rows × dimension, row-major, of finite numbers.
   * @param k Number of centres.
   */
  constructor(
    private readonly vectors: Float32Array,
    private readonly dimension: number,
    k: number,
  ) {
    const inRows = Math.floor(BLOCK_BYTES / (4 * dimension));
    this.capacity = Math.max(ROWS, Math.min(BLOCK_ROWS, inRows - (inRows % ROWS)));
    this.numbers = new Uint32Array(this.capacity);
    this.upper = new Float64Array(this.capacity);
    this.lower = new Float64Array(this.capacity);
    this.squares = Float64Array.from({ length: vectors.length / dimension }, (_, row) =>
      innerProduct(vectors, row * dimension, vectors, row * dimension, dimension),
    );

    const padded = Math.ceil(k / TILE) * TILE;
    const words = padded * (dimension + 1) + ROWS + this.capacity * (dimension + 3);
    const { buffer } = allocateShared(4 * words);
    this.run = instantiate(nearestCentreKernel, memoryOf(buffer)!);
    let end = 0;
    const take = <View>(
      View: new (buffer: SharedArrayBuffer, start: number, length: number) => View,
      length: number,
    ) => {
      end += 4 * length;
      return new View(buffer, end - 4 * length, length);
    };
    this.firstNumbers = take(Uint32Array, ROWS);
    this.firstNumbers.set([0, 1, 2, 3]);
    this.tiles = take(Float32Array, padded * dimension);
    this.centreSquares = take(Float32Array, padded);
    this.block = take(Float32Array, this.capacity * dimension);
    this.best = take(Float32Array, this.capacity);
    this.second = take(Float32Array, this.capacity);
    this.found = take(Uint32Array, this.capacity);
  }

  /** @param centres Float32Array, k × dimension, row-major. */
  load(centres: Float32Array): void {
    const { dimension, tiles, centreSquares } = this;
    this.centres = centres;
    this.longest = 0;
    // Places that are no centre are never the nearest.
    centreSquares.fill(Number.POSITIVE_INFINITY);
    for (let centre = 0; centre < centres.length / dimension; centre++) {
      const start = centre * dimension;
      const tile = (centre - (centre % TILE)) * dimension + (centre % TILE);
      for (let i = 0; i < dimension; i++) tiles[tile + i * TILE] = -2 * centres[start + i];
      const square = innerProduct(centres, start, centres, start, dimension);
      centreSquares[centre] = square;
      this.longest = Math.max(this.longest, Math.sqrt(square));
    }
  }

  /**
   * Fills `numbers`, `upper` and `lower`.
   *
   * @param rows At most `capacity`.
   */
  find(rows: Uint32Array): void {
    const { dimension, best, second, found, numbers, upper, lower, longest } = this;
    this.copy(rows);
    const start = this.block.byteOffset;
    this.run(
      start,
      start + 4 * dimension * Math.ceil(rows.length / ROWS) * ROWS,
      4 * dimension,
      4 * (dimension - (dimension % 4)),
      this.tiles.byteOffset,
      this.tiles.byteOffset + this.tiles.byteLength,
      this.centreSquares.byteOffset,
      this.firstNumbers.byteOffset,
      best.byteOffset,
      second.byteOffset,
      found.byteOffset,
    );
    // Each of the products and sums errs by 2^-24 of what has been summed up, and a number too small by 2^-150.
    const unit = (dimension + 8) * 2 ** -24;
    for (let i = 0; i < rows.length; i++) {
      const square = this.squares[rows[i]];
      const error = unit * longest * (longest + 2 * Math.sqrt(square)) + dimension * 2 ** -149;
      if (error < LARGEST_ERROR && second[i] - best[i] > 2 * error) {
        numbers[i] = found[i];
        upper[i] = Math.sqrt(Math.max(0, square + best[i] + error));
        lower[i] = Math.sqrt(Math.max(0, square + second[i] - error));
      } else this.findExactly(rows[i], i);
    }
  }

  private copy(rows: Uint32Array): void {
    const { vectors, dimension, block } = this;
    for (let i = 0; i < rows.length; ) {
      // Rows that follow each other are copied as one.
      const first = rows[i];
      const from = i;
      do i++;
      while (i < rows.length && rows[i] === first + i - from);
      block.set(vectors.subarray(first * dimension, (first + i - from) * dimension), from * dimension);
    }
  }

  private findExactly(row: number, place: number): void {
    const { centres, dimension } = this;
    const vector = this.vectors.subarray(row * dimension, (row + 1) * dimension);
    let [nearest, other, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let centre = 0; centre < centres.length / dimension; centre++) {
      const square = squaredDistance(centres, centre * dimension, vector, other);
      if (square < nearest) [nearest, other, number] = [square, nearest, centre];
      else if (square < other) other = square;
    }
    this.numbers[place] = number;
    this.upper[place] = Math.sqrt(nearest);
    this.lower[place] = Math.sqrt(other);
  }
}
