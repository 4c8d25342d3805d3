import { evenlySpread } from './evenly-spread.ts';

/** Values that one code stands for. */
export const BLOCK = 2;

/** Centres of a block: what four bits count. */
export const CENTRES = 16;

/** Rows that training sees at most, evenly spread: 1,024 a centre. */
const SAMPLE = 16_384;

const ITERATIONS = 10;

/**
 * Product quantisation (Jégou et al. 2011): cuts rows into blocks of two values and finds sixteen centres for each
 * block, so that four bits stand for two values.
 *
 * @param vectors Float32Array, rows × dimension, row-major; dimension even.
 * @returns Float32Array, blocks × 2 × 16: the first values of a block's centres, then the second.
 */
export function trainCodebooks(vectors: Float32Array, dimension: number): Float32Array {
  const sample = evenlySpread(vectors.length / dimension, SAMPLE);
  const codebooks = new Float32Array(dimension * CENTRES);
  const points = new Float32Array(sample.length * BLOCK);
  for (let block = 0; block < dimension / BLOCK; block++) {
    sample.forEach((row, i) => {
      const start = row * dimension + block * BLOCK;
      points[2 * i] = vectors[start];
      points[2 * i + 1] = vectors[start + 1];
    });
    trainBlock(points, codebooks.subarray(block * BLOCK * CENTRES, (block + 1) * BLOCK * CENTRES));
  }
  return codebooks;
}

/** Lloyd's iterations from centres that are points evenly spread; a centre that loses all points stays. */
function trainBlock(points: Float32Array, centres: Float32Array): void {
  const count = points.length / 2;
  for (let i = 0; i < CENTRES; i++) {
    const point = Math.floor((i * count) / CENTRES);
    centres[i] = points[2 * point];
    centres[CENTRES + i] = points[2 * point + 1];
  }
  const sums = new Float64Array(3 * CENTRES);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    sums.fill(0);
    for (let i = 0; i < count; i++) {
      const code = nearestCentre(centres, 0, points[2 * i], points[2 * i + 1]);
      sums[code] += points[2 * i];
      sums[CENTRES + code] += points[2 * i + 1];
      sums[2 * CENTRES + code]++;
    }
    for (let i = 0; i < CENTRES; i++) {
      const held = sums[2 * CENTRES + i];
      if (held === 0) continue;
      centres[i] = sums[i] / held;
      centres[CENTRES + i] = sums[CENTRES + i] / held;
    }
  }
}

/**
 * The code of a block's two values.
 *
 * @param start Where the block's centres begin in `codebooks`.
 */
export function nearestCentre(codebooks: Float32Array, start: number, x: number, y: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CENTRES; i++) {
    const dx = x - codebooks[start + i];
    const dy = y - codebooks[start + CENTRES + i];
    const square = dx * dx + dy * dy;
    if (square < least) {
      least = square;
      nearest = i;
    }
  }
  return nearest;
}
