/**
 * A small assembler for WebAssembly SIMD (WebAssembly Core Specification 2.0, binary format). V8 does not
 * vectorise JavaScript; these kernels do four values for the price of one.
 *
 * An expression is the bytes that leave its value on WebAssembly's stack, so expressions nest as in any
 * language: `multiply(load(power), constant(0.5))`. Vectors are four float32. Addresses are in bytes.
 */
export type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;

/** Parameters and variables of a kernel; each is the expression that reads it. */
export interface Variables {
  /** An integer that the caller gives, in the order of the calls. */
  parameter(): Code;
  integer(): Code;
  vector(): Code;
}

/**
 * Compiles a kernel, a function named `run` that works in the memory it is given.
 *
 * @param build Declares the variables, parameters first, and returns the kernel's statements.
 * @param shared Whether the memory is one that threads share: a module is for either kind.
 */
export function assemble(build: (variables: Variables) => Code[], shared: boolean): WebAssembly.Module {
  let parameters = 0;
  const locals: number[] = [];
  const declare = (type: number): Code => {
    locals.push(type);
    return [0x20, ...unsigned(parameters + locals.length - 1)];
  };
  const body = build({
    parameter: () => [0x20, parameters++],
    integer: () => declare(I32),
    vector: () => declare(V128),
  }).flat();
  const declarations = locals.flatMap((type) => [1, type]);
  const code = [...unsigned(locals.length), ...declarations, ...body, 0x0b];
  // A shared memory must have a maximum: the 65,536 pages (4 GiB) that addresses reach.
  const limits = shared ? [3, 0, ...unsigned(65_536)] : [0, 1];
  // Sections: the function's type, the imported memory, the function, its export, its code.
  return new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [1, 0x60, parameters, ...new Array<number>(parameters).fill(I32), 0]),
      ...section(2, [1, 1, 0x6d, 1, 0x6d, 2, ...limits]),
      ...section(3, [1, 0]),
      ...section(7, [1, 3, ...new TextEncoder().encode('run'), 0, 0]),
      ...section(10, [1, ...unsigned(code.length), ...code]),
    ]),
  );
}

/** The kernel of a module on a memory. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): (...parameters: number[]) => void {
  const { exports } = new WebAssembly.Instance(module, { m: { m: memory } });
  return exports.run as (...parameters: number[]) => void;
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const rest = value >> 7;
  const last = (rest === 0 && (value & 64) === 0) || (rest === -1 && (value & 64) !== 0);
  return last ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}

const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];
const unary =
  (opcode: number[]) =>
  (a: Code): Code => [...a, ...opcode];
const binary =
  (opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];

// Statements and integers.
export const set = (variable: Code, value: Code): Code => [...value, 0x21, ...variable.slice(1)];
export const integer = (value: number): Code => [0x41, ...signed(value)];
export const addInteger = binary([0x6a]);
export const subtractInteger = binary([0x6b]);
export const multiplyInteger = binary([0x6c]);
/** 1 where they differ, else 0. */
export const differs = binary([0x47]);
const andInteger = binary([0x71]);
export const exclusiveOrInteger = binary([0x73]);
export const shiftIntegerRight = binary([0x76]);
export const shiftIntegerLeft = binary([0x74]);
/** How many bits are set. */
export const countBits = unary([0x69]);
/** 1 or 0, of integers without a sign. */
export const below = binary([0x49]);
export const advance = (variable: Code, bytes: number): Code =>
  set(variable, addInteger(variable, integer(bytes)));
export const loadInteger = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)];
export const storeWhole = (address: Code, value: Code): Code => [...address, ...value, 0x36, 2, 0];
export const when = (condition: Code, ...body: Code[]): Code => [
  ...condition,
  0x04,
  0x40,
  ...body.flat(),
  0x0b,
];
/** Once, if the integer `variable` is not below `end`. */
export const whenNotBelow = (variable: Code, end: Code, ...body: Code[]): Code =>
  when([...variable, ...end, 0x4f], ...body);
/** Repeats while the integer `variable` is below `end`; the body has to bring it there. */
export const whileBelow = (variable: Code, end: Code, ...body: Code[]): Code => {
  const below = [...variable, ...end, 0x49];
  return when(below, [0x03, 0x40, ...body.flat(), ...below, 0x0d, 0, 0x0b]);
};

// Vectors in memory.
export const load = (address: Code, offset = 0): Code => [...address, ...simd(0), 2, ...unsigned(offset)];
/** One float32, in all four places. */
export const loadSplat = (address: Code, offset = 0): Code => [
  ...address,
  ...simd(9),
  2,
  ...unsigned(offset),
];
/** Eight int8, as int16. */
export const loadBytes = (address: Code, offset = 0): Code => [
  ...address,
  ...simd(1),
  0,
  ...unsigned(offset),
];
/** Two float32 in the first places, 0 in the others. */
export const loadLow = (address: Code, offset = 0): Code => [
  ...address,
  ...simd(0x5d),
  2,
  ...unsigned(offset),
];
/** One float32 in the first place, 0 in the others. */
export const loadFirst = (address: Code, offset = 0): Code => [
  ...address,
  ...simd(0x5c),
  2,
  ...unsigned(offset),
];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(11),
  2,
  ...unsigned(offset),
];

/** Only the first float32. */
export const storeFirst = (address: Code, value: Code): Code => [
  ...address,
  ...value,
  ...simd(0x5a),
  2,
  0,
  0,
];

// Four float32.
export const constant = (value: number): Code => [
  0x43,
  ...new Uint8Array(Float32Array.of(value).buffer),
  ...simd(0x13),
];
export const absolute = unary(simd(0xe0));
/** To the next whole number, halves to the even one. */
export const nearest = unary(simd(0x6a));
export const sqrt = unary(simd(0xe3));
export const add = binary(simd(0xe4));
export const subtract = binary(simd(0xe5));
export const multiply = binary(simd(0xe6));
export const divide = binary(simd(0xe7));
// "Pseudo" minimum and maximum: one machine instruction, and NaN does not occur.
export const minimum = binary(simd(0xea));
export const maximum = binary(simd(0xeb));
export const equal = binary(simd(0x41));
export const less = binary(simd(0x43));
export const greater = binary(simd(0x44));
export const atLeast = binary(simd(0x46));
/** Places of `a` (0-3) and `b` (4-7). */
export const shuffle = (a: Code, b: Code, places: [number, number, number, number]): Code => [
  ...a,
  ...b,
  ...simd(0x0d),
  ...places.flatMap((place) => [4 * place, 4 * place + 1, 4 * place + 2, 4 * place + 3]),
];

// Two float64.
/** The first two float32 of a vector, as float64. */
export const toDouble = unary(simd(0x5f));
/** Two float64 as the first two float32. */
export const toSingle = unary(simd(0x5e));
/** Stores the first two float32. */
export const storeLow = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(0x5b),
  3,
  ...unsigned(offset),
  0,
];
export const loadSplatDouble = (address: Code, offset = 0): Code => [
  ...address,
  ...simd(0x0a),
  3,
  ...unsigned(offset),
];
export const constantDouble = (value: number): Code => [
  0x44,
  ...new Uint8Array(Float64Array.of(value).buffer),
  ...simd(0x14),
];
export const addDouble = binary(simd(0xf0));
export const subtractDouble = binary(simd(0xf1));
export const multiplyDouble = binary(simd(0xf2));

/** Of each bit: that of `a` where `mask` has a 1, else that of `b`. */
export const choose = (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...simd(0x52)];

// Four int32: the bits of float32.
export const constantBits = (value: number): Code => [...integer(value), ...simd(0x11)];
export const and = binary(simd(0x4e));
export const or = binary(simd(0x50));
export const exclusiveOr = binary(simd(0x51));
export const anyBit = unary(simd(0x53));
export const constantWords = (...words: [number, number, number, number]): Code => [
  ...simd(0x0c),
  ...new Uint8Array(Int32Array.from(words).buffer),
];
/** All four the same. */
export const splatBits = unary(simd(0x11));
export const laneBits = (a: Code, lane: number): Code => [...a, ...simd(0x1b), lane];
export const atMostBits = binary(simd(0x3d));
export const minimumBits = binary(simd(0xb6));
export const maximumBits = binary(simd(0xb8));
/** The four sign bits, as an integer. */
export const signBits = unary(simd(0xa4));
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...integer(bits), ...simd(0xab)];
export const shiftRight = (a: Code, bits: number): Code => [...a, ...integer(bits), ...simd(0xac)];
export const addBits = binary(simd(0xae));
export const subtractBits = binary(simd(0xb1));
/** Of eight int16 the products, summed in twos: four int32. */
export const dotShorts = binary(simd(0xba));
export const bitsToFloat = unary(simd(0xfa));
/** Whole numbers as int32. */
export const truncate = unary(simd(0xf8));

// Eight int16, or sixteen int8.
/** For each byte of `places` the byte of `table` at that place (0-15): sixteen look-ups in a table of sixteen. */
export const swizzle = binary(simd(0x0e));
export const addBytes = binary(simd(0x6e));
export const addShorts = binary(simd(0x8e));
export const subtractShorts = binary(simd(0x91));
export const shiftShortsLeft = (a: Code, bits: number): Code => [...a, ...integer(bits), ...simd(0x8b)];
/** Zeros come in from the left. */
export const shiftShortsRight = (a: Code, bits: number): Code => [...a, ...integer(bits), ...simd(0x8d)];
/** The first four uint16 as int32. */
export const widenLow = unary(simd(0xa9));
/** The last four. */
export const widenHigh = unary(simd(0xaa));
/** Eight int32 as int16, sixteen int16 as int8 or as bytes without a sign; what does not fit becomes the least or the most. */
export const narrowBits = binary(simd(0x85));
export const narrowToBytes = binary(simd(0x65));
export const narrowShorts = binary(simd(0x66));
/**
 * What `swizzle` needs to bring some of four lanes to the front, for each of the 16 sets of lanes as `signBits` gives
 * them: 16 bytes each. To be copied to where kernels reach it.
 */
export const KEPT_LANES = Uint8Array.from({ length: 256 }, (_, i) => {
  const [bits, byte] = [i >> 4, i & 15];
  const lanes = [0, 1, 2, 3].filter((lane) => (bits >> lane) & 1);
  return 4 * (lanes[byte >> 2] ?? 0) + (byte & 3);
});

/** Moves the end of a list of words on by one if the bit of a lane is set. */
const keepIf = (bits: Code, lane: number, end: Code): Code => {
  const bit = andInteger(shiftIntegerRight(bits, integer(lane)), integer(1));
  return set(end, addInteger(end, shiftIntegerLeft(bit, integer(2))));
};

/** Puts the words of the lanes whose bits are set at the end of a list, which moves on by as many and needs room for one more. */
export const listLanes = (bits: Code, end: Code, wordOf: (lane: number) => Code): Code =>
  whenNotBelow(
    bits,
    integer(1),
    ...[0, 1, 2, 3].flatMap((lane) => [storeWhole(end, wordOf(lane)), keepIf(bits, lane, end)]),
  );

/** Combines the four lanes of a vector, as by `add` or `maximum`, for all of them to hold the result. */
export const acrossLanes = (value: Code, combine: (a: Code, b: Code) => Code): Code[] => [
  set(value, combine(value, shuffle(value, value, [2, 3, 0, 1]))),
  set(value, combine(value, shuffle(value, value, [1, 0, 3, 2]))),
];

/**
 * Sums each of four vectors over its places; the sums go to the first, the second is lost.
 *
 * @param plus `add`, or `addBits` of int32.
 */
export const addAcross = (a: Code, b: Code, c: Code, d: Code, plus = add): Code[] => {
  /** Places 0 and 2, 1 and 3 of two vectors. */
  const halves = (x: Code, y: Code): Code => plus(shuffle(x, y, [0, 4, 1, 5]), shuffle(x, y, [2, 6, 3, 7]));
  return [
    set(a, halves(a, b)),
    set(b, halves(c, d)),
    set(a, plus(shuffle(a, b, [0, 1, 4, 5]), shuffle(a, b, [2, 3, 6, 7]))),
  ];
};
