/** A point of the plane. */
type Point = [x: number, y: number];

/** Columns made of others: those whose values cannot be compared by their difference. */
export const DERIVED_COLUMNS: Record<
  string,
  { bands: number; from: readonly string[]; make: (...values: number[]) => number[] }
> = {
  /** The place in its octave: 60, 120 and 240 beats a minute are one, as listeners (and estimators) take them. */
  tempo_octave: {
    bands: 2,
    from: ['tempo_mean'],
    make: (tempo) => (tempo > 0 ? circle(log2(tempo)) : [0, 0]),
  },
  /** Octaves above one beat a minute, which tells 60 from 120 again. */
  tempo_level: { bands: 1, from: ['tempo_mean'], make: (tempo) => [tempo > 0 ? log2(tempo) : log2(120)] },
  /** The place on the circle of fifths, as far from its centre as the key is clear. A minor stands with C major. */
  key_fifths: {
    bands: 2,
    from: ['key_mean', 'key_strength_mean'],
    make: (key, strength) => circle(fifthOf(key) / 12).map((value) => value * strength),
  },
  /** 1 is a clear major key, -1 a clear minor one. */
  key_mode: {
    bands: 1,
    from: ['key_mean', 'key_strength_mean'],
    make: (key, strength) => [key < 12 ? strength : -strength],
  },
};

/** The shard columns that columns are read or made from, each once. */
export function sourcesOf(columns: readonly string[]): string[] {
  return [...new Set(columns.flatMap((column) => DERIVED_COLUMNS[column]?.from ?? column))];
}

/** Columns of one track by name, with those that can be made of them. */
export function withDerived(columns: Record<string, ArrayLike<number>>): Record<string, ArrayLike<number>> {
  const derived = Object.entries(DERIVED_COLUMNS)
    .filter(([, { from }]) => from.every((source) => columns[source]))
    .map(([name, { from, make }]) => [name, make(...from.map((source) => columns[source][0]))]);
  return { ...columns, ...Object.fromEntries(derived) };
}

/** Fifths above C, 0 to 11, of the major key with the same notes. @param key As `estimateKey` numbers them. */
export function fifthOf(key: number): number {
  const major = key < 12 ? key : key - 12 + 3;
  return (7 * major) % 12;
}

const LINEAR = Math.PI / 4;
const CUBIC = (LINEAR * LINEAR * LINEAR) / 3;

/**
 * The point of the unit circle at a number of turns, to a seventh of a degree. Only of operations that IEEE 754 rounds
 * exactly, unlike Math.sin: a segment must have the same bytes on every machine.
 */
function circle(turns: number): Point {
  const quarters = 4 * (turns - Math.floor(turns));
  const quarter = Math.floor(quarters);
  const rest = quarters - quarter;
  // tan(rest · π / 4), by the first terms of its series and its value at the end.
  const tangent = rest * (LINEAR + rest * rest * (CUBIC + rest * rest * (1 - LINEAR - CUBIC)));
  const square = tangent * tangent;
  const x = (1 - square) / (1 + square);
  const y = (2 * tangent) / (1 + square);
  return (
    [
      [x, y],
      [-y, x],
      [-x, -y],
      [y, -x],
    ] as const
  )[quarter] as Point;
}

/** Binary logarithm to 1e-9, again without what engines may round differently. */
function log2(value: number): number {
  let exponent = 0;
  let mantissa = value;
  for (; mantissa >= 2; mantissa /= 2) exponent++;
  for (; mantissa < 1; mantissa *= 2) exponent--;
  // ln(m) = 2 artanh((m - 1) / (m + 1)), and the quotient is below 1/3.
  const quotient = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let power = 17; power >= 1; power -= 2) sum = sum * quotient * quotient + 1 / power;
  return exponent + (2 * quotient * sum) / Math.LN2;
}
