/**
 * What `selectKernel` kept beyond `wanted`, where the largest keys are equal: leaves those of them out that have the
 * largest values. So what is kept does not depend on the order of the list.
 *
 * @returns How many are left.
 */
export function dropTies(keys: Float32Array, values: Uint32Array, kept: number, wanted: number): number {
  if (kept <= wanted) return kept;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < kept; i++) largest = Math.max(largest, keys[i]);
  const tied = values.slice(0, kept).filter((_, i) => keys[i] === largest);
  const last = tied.sort()[tied.length - (kept - wanted) - 1];
  let out = 0;
  for (let i = 0; i < kept; i++) {
    if (keys[i] === largest && values[i] > last) continue;
    keys[out] = keys[i];
    values[out++] = values[i];
  }
  return out;
}
