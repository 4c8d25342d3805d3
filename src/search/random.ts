/** A seeded source of random numbers: the same seed gives the same bits on every machine and engine. */
export interface Random {
  /** An integer from 0 to 2^32 - 1. */
  integer(): number;
  /** A multiple of 2^-53 in [0, 1). */
  uniform(): number;
  /** A standard normal deviate. */
  normal(): number;
}

/** xoshiro128** 1.1 (Blackman and Vigna 2018) from a state of four 32-bit words that are not all zero. */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Spreads a small seed over the state: golden-ratio steps through MurmurHash3's 32-bit finaliser. */
function stateOf(seed: number): [number, number, number, number] {
  const word = (step: number): number => {
    let mixed = (seed + Math.imul(step, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  // The finaliser is one-to-one and the four arguments differ, so at most one word is zero.
  return [word(1), word(2), word(3), word(4)];
}

/**
 * @param seed An integer; only its low 32 bits count.
 */
export function createRandom(seed: number): Random {
  const integer = xoshiro128(stateOf(seed));
  const uniform = () => ((integer() >>> 5) * 2 ** 26 + (integer() >>> 6)) / 2 ** 53;

  /** True with probability exp(-exponent), exponent in [0, 1]: von Neumann's runs of falling uniforms. */
  const survives = (exponent: number): boolean => {
    let even = true;
    for (let last = exponent; ; even = !even) {
      const next = uniform();
      if (next >= last) return even;
      last = next;
    }
  };
  const allSurvive = (times: number, exponent: number): boolean => {
    for (let i = 0; i < times; i++) if (!survives(exponent)) return false;
    return true;
  };

  // Math.log, sin and cos may differ in the last bit between engines, so neither Box-Muller nor the polar
  // method would do. This one compares uniforms only: Karney, "Sampling exactly from the normal
  // distribution", ACM TOMS 42 (2016), algorithm N.
  const normal = (): number => {
    for (;;) {
      let whole = 0;
      while (survives(0.5)) whole++;
      if (!allSurvive(whole * (whole - 1), 0.5)) continue;
      const fraction = uniform();
      if (!allSurvive(whole + 1, (fraction * (2 * whole + fraction)) / (2 * whole + 2))) continue;
      const size = whole + fraction;
      return integer() >>> 31 ? -size : size;
    }
  };

  return { integer, uniform, normal };
}
