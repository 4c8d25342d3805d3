/** Values summed between two looks at the limit. */
const BLOCK = 32;

/**
 * Squared Euclidean distance between a row and a query, in float64. Sums have one fixed order, so that the
 * same vectors give the same bits everywhere. Four sums run side by side, since one waits for its own result.
 *
 * @param rows Float32Array, row-major; the row starts at `start` and is as long as the query.
 * @param limit A distance beyond which the exact value does not matter: the sum stops there, and is then
 * larger than the limit, but not the distance. Sums of squares never shrink, so no nearer row is missed.
 */
export function squaredDistance(
  rows: Float32Array,
  start: number,
  query: Float32Array,
  limit = Number.POSITIVE_INFINITY,
): number {
  const dimension = query.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  while (i + 4 <= dimension) {
    for (const end = Math.min(i + BLOCK, dimension - 3); i < end; i += 4) {
      const da = rows[start + i] - query[i];
      const db = rows[start + i + 1] - query[i + 1];
      const dc = rows[start + i + 2] - query[i + 2];
      const dd = rows[start + i + 3] - query[i + 3];
      a += da * da;
      b += db * db;
      c += dc * dc;
      d += dd * dd;
    }
    const sum = a + b + (c + d);
    if (sum > limit) return sum;
  }
  for (; i < dimension; i++) {
    const difference = rows[start + i] - query[i];
    a += difference * difference;
  }
  return a + b + (c + d);
}

/** Inner product of two stretches of `length` values, in float64 and one fixed order. */
export function innerProduct(
  left: Float32Array,
  leftStart: number,
  right: Float32Array,
  rightStart: number,
  length: number,
): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    a += left[leftStart + i] * right[rightStart + i];
    b += left[leftStart + i + 1] * right[rightStart + i + 1];
    c += left[leftStart + i + 2] * right[rightStart + i + 2];
    d += left[leftStart + i + 3] * right[rightStart + i + 3];
  }
  for (; i < length; i++) a += left[leftStart + i] * right[rightStart + i];
  return a + b + (c + d);
}
