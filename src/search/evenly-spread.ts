/** Numbers of `most` of so many rows, evenly spread from the first on; of all where there are fewer. */
export function evenlySpread(rows: number, most: number): number[] {
  const count = Math.min(rows, most);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}
