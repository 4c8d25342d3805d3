/**
 * The median as numpy has it: the middle value, or the mean of the two middle ones. Linear time on average
 * (Hoare's selection); the order of `values` is lost.
 *
 * @param values At least one.
 */
export function medianInPlace(values: Float32Array): number {
  const { length } = values;
  const upper = length >> 1;
  select(values, upper);
  if (length % 2 === 1) return values[upper];
  let lower = values[0];
  for (let i = 1; i < upper; i++) if (values[i] > lower) lower = values[i];
  return (lower + values[upper]) / 2;
}

/** Brings the value of rank `rank` to its place, smaller ones before it and greater ones after it. */
function select(values: Float32Array, rank: number): void {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const swapped = values[left];
      values[left++] = values[right];
      values[right--] = swapped;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
