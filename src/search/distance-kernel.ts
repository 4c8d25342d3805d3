import {
  add,
  addAcross,
  addInteger,
  advance,
  assemble,
  atLeast,
  type Code,
  constant,
  listLanes,
  load,
  loadFirst,
  loadInteger,
  loadSplat,
  multiply,
  multiplyInteger,
  integer as number,
  or,
  set,
  signBits,
  storeFirst,
  storeWhole,
  subtract,
  subtractInteger,
  whileBelow,
} from '../wasm/assembler.ts';

/** Values that one turn of the inner loop takes of each row. */
export const UNROLLED = 16;

/**
 * Squared Euclidean distances in float32 between a query and rows. Lists the rows that have one within a
 * limit. A row is read from its first value to its last before the next row: memory is fast in its own order only.
 *
 * Parameters are addresses: the places (uint32) of the rows after `base`, a multiple of four of them, and their
 * end; `base`; the query; the ends of its values in sixteens, in fours, and of all; the limit; where to put
 * the addresses of the places found, with room for all, and where to put the end of these.
 */
export const distanceKernel = assemble(({ parameter, integer, vector }) => {
  const [places, placesEnd, base, query] = [parameter(), parameter(), parameter(), parameter()];
  const [sixteensEnd, foursEnd, end, limit] = [parameter(), parameter(), parameter(), parameter()];
  const [found, foundEnd] = [parameter(), parameter()];
  const [stride, at, row, bits] = [integer(), integer(), integer(), integer()];
  const difference = vector();
  // Four sums side by side, since one would wait for its own result.
  const parts = [vector(), vector(), vector(), vector()];
  const sums = [vector(), vector(), vector(), vector()];

  /** Adds the values at an offset, as `read` loads them, to a part. */
  const accumulate = (part: Code, read: (address: Code, offset?: number) => Code, offset = 0): Code[] => [
    set(difference, subtract(read(row, offset), read(at, offset))),
    set(part, add(part, multiply(difference, difference))),
  ];
  const step = (bytes: number): Code[] => [advance(at, bytes), advance(row, bytes)];
  const sumOfRow = (sum: Code, i: number): Code[] => [
    set(at, query),
    set(row, addInteger(base, multiplyInteger(loadInteger(places, 4 * i), stride))),
    ...parts.map((part) => set(part, constant(0))),
    whileBelow(at, sixteensEnd, ...parts.flatMap((part, j) => accumulate(part, load, 16 * j)), ...step(64)),
    whileBelow(at, foursEnd, ...accumulate(parts[0], load), ...step(16)),
    whileBelow(at, end, ...accumulate(parts[1], loadFirst), ...step(4)),
    set(sum, add(add(parts[0], parts[1]), add(parts[2], parts[3]))),
  ];
  const [first, second, third, fourth] = sums;

  return [
    set(stride, subtractInteger(end, query)),
    whileBelow(
      places,
      placesEnd,
      ...sums.flatMap(sumOfRow),
      ...addAcross(first, second, third, fourth),
      set(bits, signBits(atLeast(loadSplat(limit), first))),
      listLanes(bits, found, (lane) => addInteger(places, number(4 * lane))),
      advance(places, 16),
    ),
    storeWhole(foundEnd, found),
  ];
}, true);

/**
 * Brings rows into the cache: reads a value of each of their cache lines, of 64 bytes. Reads that wait for nothing
 * run side by side, so scattered rows come several times as fast as when one is computed with before the next.
 *
 * Parameters are addresses: the places (uint32) of the rows after `base`, and their end; `base`; the bytes of a row;
 * where to put four bytes that mean nothing.
 */
export const fetchKernel = assemble(({ parameter, integer, vector }) => {
  const [places, placesEnd, base, stride, out] = [
    parameter(),
    parameter(),
    parameter(),
    parameter(),
    parameter(),
  ];
  const [row, rowEnd] = [integer(), integer()];
  const sum = vector();
  return [
    whileBelow(
      places,
      placesEnd,
      set(row, addInteger(base, multiplyInteger(loadInteger(places), stride))),
      set(rowEnd, addInteger(row, stride)),
      whileBelow(row, rowEnd, set(sum, or(sum, loadSplat(row))), advance(row, 64)),
      // A row begins anywhere in its first line, so it may end in a line more.
      set(sum, or(sum, loadSplat(subtractInteger(rowEnd, number(4))))),
      advance(places, 4),
    ),
    // What is not used might not be read.
    storeFirst(out, sum),
  ];
}, true);
