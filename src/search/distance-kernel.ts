import {
  add,
  addInteger,
  advance,
  anyBit,
  assemble,
  atLeast,
  type Code,
  constant,
  load,
  loadFirst,
  loadInteger,
  loadSplat,
  multiply,
  multiplyInteger,
  set,
  shuffle,
  storeWhole,
  subtract,
  subtractInteger,
  when,
  whileBelow,
} from '../wasm/assembler.ts';

/** Values that one turn of the inner loop takes of each row. */
export const UNROLLED = 16;

/**
 * Squared Euclidean distances in float32 between a query and rows. Tells which fours of rows have one within a
 * limit. A row is read from its first value to its last before the next row: memory is fast in its own order only.
 *
 * Parameters are addresses: the places (uint32) of the rows after `base`, a multiple of four of them, and their
 * end; `base`; the query; the ends of its values in sixteens, in fours, and of all; the limit; where to put
 * the addresses of the fours found, and where to put the end of these.
 */
export const distanceKernel = assemble(({ parameter, integer, vector }) => {
  const [places, placesEnd, base, query] = [parameter(), parameter(), parameter(), parameter()];
  const [sixteensEnd, foursEnd, end, limit] = [parameter(), parameter(), parameter(), parameter()];
  const [found, foundEnd] = [parameter(), parameter()];
  const [stride, at, row] = [integer(), integer(), integer()];
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
  /** Adds places 0 and 2, 1 and 3 of two rows' sums. */
  const halves = (a: Code, b: Code): Code => add(shuffle(a, b, [0, 4, 1, 5]), shuffle(a, b, [2, 6, 3, 7]));
  const [left, right] = parts;

  return [
    set(stride, subtractInteger(end, query)),
    whileBelow(
      places,
      placesEnd,
      ...sums.flatMap(sumOfRow),
      set(left, halves(sums[0], sums[1])),
      set(right, halves(sums[2], sums[3])),
      set(left, add(shuffle(left, right, [0, 1, 4, 5]), shuffle(left, right, [2, 3, 6, 7]))),
      when(anyBit(atLeast(loadSplat(limit), left)), storeWhole(found, places), advance(found, 4)),
      advance(places, 16),
    ),
    storeWhole(foundEnd, found),
  ];
}, true);
