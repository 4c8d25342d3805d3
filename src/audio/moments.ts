/** What the mean and all moments about it follow from, and can be merged by. */
export interface Moments {
  count: number;
  min: number;
  max: number;
  mean: number;
  /** Sums of the second, third and fourth powers of the deviations from the mean. */
  squares: number;
  cubes: number;
  fourths: number;
}

/** @param values At least one. */
export function momentsOf(values: Float32Array): Moments {
  const { length } = values;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const mean = sum / length;
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < length; i++) {
    const deviation = values[i] - mean;
    const square = deviation * deviation;
    squares += square;
    cubes += square * deviation;
    fourths += square * square;
  }
  return { count: length, min, max, mean, squares, cubes, fourths };
}

/**
 * The moments of two parts together (Chan, Golub & LeVeque 1979; Pébay 2008, "Formulas for robust, one-pass
 * parallel computation of covariances and arbitrary-order statistical moments", §3.1).
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const distance = b.mean - a.mean;
  const step = distance / count;
  const product = a.count * b.count;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    mean: a.mean + step * b.count,
    squares: a.squares + b.squares + distance * step * product,
    cubes:
      a.cubes +
      b.cubes +
      distance * step ** 2 * product * (a.count - b.count) +
      3 * step * (a.count * b.squares - b.count * a.squares),
    fourths:
      a.fourths +
      b.fourths +
      distance * step ** 3 * product * (a.count ** 2 - product + b.count ** 2) +
      6 * step ** 2 * (a.count ** 2 * b.squares + b.count ** 2 * a.squares) +
      4 * step * (a.count * b.cubes - b.count * a.cubes),
  };
}
