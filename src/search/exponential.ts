/** ln 2, and as much of it as leaves whole multiples exact (Cody and Waite 1980, chapter 6). */
const LN2_HIGH = 0x162e4 / 2 ** 17;
const LN2_LOW = Math.LN2 - LN2_HIGH;

/** 1 / n! for n from 13 down to 0: |x| ≤ ln 2 / 2 then leaves an error below 1e-17. */
const COEFFICIENTS = Array.from({ length: 14 }, (_, i) => {
  let factorial = 1;
  for (let n = 2; n <= 13 - i; n++) factorial *= n;
  return 1 / factorial;
});

/** Below it the result is smaller than anything that counts here. */
const SMALLEST = -700;

/**
 * e to the power of x ≤ 0, to 1e-13 of it. Math.exp may differ in the last bit between engines; this one is made of
 * operations that IEEE 754 rounds everywhere alike.
 */
export function exponential(x: number): number {
  if (x < SMALLEST) return 0;
  const twos = Math.round(x / Math.LN2);
  const rest = x - twos * LN2_HIGH - twos * LN2_LOW;
  let sum = 0;
  for (const coefficient of COEFFICIENTS) sum = sum * rest + coefficient;
  // Squaring halves: 700 / ln 2 halvings one by one would take longest where the result counts least.
  let scale = 1;
  let half = 0.5;
  for (let left = -twos; left > 0; left >>= 1) {
    if (left & 1) scale *= half;
    half *= half;
  }
  return sum * scale;
}
