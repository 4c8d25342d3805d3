/** How many equal parts of the values' range are told apart before any are compared. */
const BUCKETS = 256;
const counts = new Uint32Array(BUCKETS);

/**
 * The median as numpy has it: the middle value, or the mean of the two middle ones. Linear time on average; the
 * order of `values` is lost.
 *
 * Counting finds the small part of the range that the middle lies in, without the comparisons that a processor
 * cannot foresee; Hoare's selection does the rest.
 *
 * @param values At least one, all finite.
 */
export function medianInPlace(values: Float32Array): number {
  const { length } = values;
  const upper = length >> 1;
  let least = values[0];
  let greatest = values[0];
  for (let i = 1; i < length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > greatest) greatest = values[i];
  }
  if (least === greatest) return least;
  const scale = (BUCKETS - 1) / (greatest - least);
  counts.fill(0);
  for (let i = 0; i < length; i++) counts[((values[i] - least) * scale) | 0]++;
  let bucket = 0;
  let before = 0;
  while (before + counts[bucket] <= upper) before += counts[bucket++];

  const rank = upper - before;
  // The lower of the two middle values, where it lies in a part before that of the upper one.
  let lower = least;
  if (rank === 0) {
    for (let i = 0; i < length; i++) {
      if (values[i] > lower && (((values[i] - least) * scale) | 0) < bucket) lower = values[i];
    }
  }
  let count = 0;
  for (let i = 0; i < length; i++) {
    if ((((values[i] - least) * scale) | 0) === bucket) values[count++] = values[i];
  }
  select(values, count, rank);
  if (length % 2 === 1) return values[rank];
  for (let i = 0; i < rank; i++) if (i === 0 || values[i] > lower) lower = values[i];
  return (lower + values[rank]) / 2;
}

/** Of the first `count` values, brings that of rank `rank` to its place, smaller ones before and greater ones after it. */
function select(values: Float32Array, count: number, rank: number): void {
  let low = 0;
  let high = count - 1;
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
