/**
 * What `selectKernel` kept beyond `wanted`, where the largest keys are equal: leaves the last of these out.
 *
 * @returns How many are left.
 */
export function dropTies(keys: Float32Array, values: Uint32Array, kept: number, wanted: number): number {
  if (kept <= wanted) return kept;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < kept; i++) largest = Math.max(largest, keys[i]);
  let ties = wanted;
  for (let i = 0; i < kept; i++) if (keys[i] < largest) ties--;
  let out = 0;
  for (let i = 0; i < kept; i++) {
    if (keys[i] === largest && ties-- <= 0) continue;
    keys[out] = keys[i];
    values[out++] = values[i];
  }
  return out;
}
