import {
  add,
  addBits,
  and,
  bitsToFloat,
  type Code,
  constant,
  constantBits,
  divide,
  greater,
  maximum,
  multiply,
  nearest,
  set,
  shiftLeft,
  shiftRight,
  subtract,
  subtractBits,
  truncate,
} from './wasm-kernel.ts';

/** Bits of the float32 √½: counted from it, an exponent leaves mantissas of 0.71 to 1.41. */
const ROOT_HALF_BITS = 0x3f3504f3;
const LEAST_NORMAL = 2 ** -126;

/** Statements of a kernel, and the expression that reads their result behind them. */
export interface Computation {
  statements: Code[];
  result: Code;
}

/** 1 + x (c₀ + x (c₁ + …)). */
function polynomial(x: Code, coefficients: number[]): Code {
  const inner = coefficients.reduceRight<Code>((sum, c) => multiply(x, add(constant(c), sum)), constant(0));
  return add(constant(1), inner);
}

/**
 * `scale` times the natural logarithm of four float32, to 1e-7 of it or of `scale`.
 *
 * @param x A variable with positive normal numbers; overwritten.
 * @param vector Declares the variables that are needed.
 */
export function logarithm(x: Code, scale: number, vector: () => Code): Computation {
  const [exponent, quotient, square] = [vector(), vector(), vector()];
  // ln(m) = 2 artanh((m - 1)/(m + 1)).
  const artanh = multiply(quotient, polynomial(square, [1 / 3, 1 / 5, 1 / 7, 1 / 9]));
  return {
    statements: [
      set(exponent, shiftRight(subtractBits(x, constantBits(ROOT_HALF_BITS)), 23)),
      set(x, subtractBits(x, shiftLeft(exponent, 23))),
      set(quotient, divide(subtract(x, constant(1)), add(x, constant(1)))),
      set(square, multiply(quotient, quotient)),
    ],
    result: add(
      multiply(bitsToFloat(exponent), constant(Math.LN2 * scale)),
      multiply(artanh, constant(2 * scale)),
    ),
  };
}

/**
 * Four float32 to a constant power between 0 and 1, to 2e-6 of it; 0 stays 0.
 *
 * @param x A variable with numbers that are not negative; overwritten.
 * @param vector Declares the variables that are needed.
 */
export function power(x: Code, exponent: number, vector: () => Code): Computation {
  const [isPositive, octaves, whole] = [vector(), vector(), vector()];
  const binary = logarithm(x, exponent / Math.LN2, vector);
  const factorials = [1, 2, 6, 24, 120, 720, 5040];
  const fraction = polynomial(
    subtract(octaves, whole),
    factorials.map((factorial, i) => Math.LN2 ** (i + 1) / factorial),
  );
  // Added to a float's exponent, the whole octaves multiply it by a power of two.
  const scaled = addBits(fraction, shiftLeft(truncate(whole), 23));
  return {
    statements: [
      set(isPositive, greater(x, constant(0))),
      set(x, maximum(x, constant(LEAST_NORMAL))),
      ...binary.statements,
      set(octaves, binary.result),
      set(whole, nearest(octaves)),
    ],
    result: and(scaled, isPositive),
  };
}
