import { instantiate } from '../wasm/assembler.ts';
import { allocateFloats, memoryOf } from '../wasm/shared-memory.ts';
import { evenlySpread } from './evenly-spread.ts';
import { principalComponents, SAMPLE } from './principal-components.ts';
import { productKernel } from './product-kernel.ts';

/** Share of the variance that the components kept hold. The rest costs scoring more than it tells. */
const VARIANCE_KEPT = 0.92;

/** Components at most: the codes' sums of 256 blocks fit 16 bits. */
const MAXIMUM_COMPONENTS = 512;

/** Turns vectors into their first m principal components. */
export interface Rotation {
  /** m × stride (the dimension, filled up with zeros to a multiple of 4). */
  rotation: Float32Array;
  /** m, to add to the components: takes the mean away. */
  offsets: Float32Array;
  /** How many of the m hold the 92 %; the others are for filling up. */
  kept: number;
}

/**
 * The rotation to the fewest components that hold 92 % of the variance, filled up to a multiple of 4. The first is
 * followed by the last kept, then come the second and the last but one: a block of two then shares its sixteen
 * centres out between a component that varies much and one that varies little (as Ge et al. 2013 balance variances).
 *
 * @param vectors Float32Array, rows × dimension, row-major.
 */
export function rotationOf(vectors: Float32Array, dimension: number): Rotation {
  const { mean, variances, components } = principalComponents(vectors, dimension);
  const stride = (dimension + 3) & ~3;
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  let kept = 0;
  for (let held = 0; kept < dimension && held < VARIANCE_KEPT * total; kept++) held += variances[kept];
  const m = Math.min(MAXIMUM_COMPONENTS, Math.max(4, (kept + 3) & ~3));
  const rotation = new Float32Array(m * stride);
  const offsets = new Float32Array(m);
  for (let i = 0; i < m; i++) {
    const from = i % 2 === 0 ? i / 2 : m - (i + 1) / 2;
    if (from >= dimension) continue;
    const component = components.subarray(from * dimension, (from + 1) * dimension);
    rotation.set(component, i * stride);
    offsets[i] = -component.reduce((sum, value, j) => sum + value * mean[j], 0);
  }
  return { rotation, offsets, kept };
}

/**
 * The same for rows that are told by their inner products with queries, the last value of which is 0: this value is
 * left out, and the mean stays, as products hang on where zero is.
 */
export function rotationForProducts(vectors: Float32Array, dimension: number): Rotation {
  const sample = evenlySpread(vectors.length / dimension, SAMPLE);
  const rows = new Float32Array(sample.length * dimension);
  sample.forEach((row, i) => {
    rows.set(vectors.subarray(row * dimension, (row + 1) * dimension - 1), i * dimension);
  });
  const { rotation, offsets, kept } = rotationOf(rows, dimension);
  return { rotation, offsets: offsets.fill(0), kept };
}

/** The row of the rotation that has the component of the `rank`-th largest variance. */
export const rowOfRank = (rank: number, m: number): number => (2 * rank < m ? 2 * rank : 2 * (m - rank) - 1);

/** What turns a row into its m components; a view that the next call writes anew. */
export function rotator({ rotation, offsets }: Omit<Rotation, 'kept'>): (row: Float32Array) => Float32Array {
  const m = offsets.length;
  const stride = rotation.length / m;
  const all = allocateFloats(rotation.length + m + stride + m);
  const run = instantiate(productKernel, memoryOf(all.buffer)!);
  all.set(rotation);
  all.set(offsets, rotation.length);
  const placed = all.subarray(rotation.length + m, rotation.length + m + stride);
  const out = all.subarray(rotation.length + m + stride);
  return (row) => {
    placed.set(row);
    const start = placed.byteOffset;
    run(0, rotation.byteLength, 4 * stride, start, out.byteOffset, 4 * rotation.length, out.byteOffset);
    return out;
  };
}
