import {
  addDouble,
  addInteger,
  advance,
  assemble,
  type Code,
  constant,
  load,
  loadFirst,
  loadInteger,
  loadLow,
  multiplyDouble,
  multiplyInteger,
  set,
  shuffle,
  storeLow,
  subtractDouble,
  toDouble,
  whileBelow,
} from '../wasm/assembler.ts';

/**
 * Squared Euclidean distances in float64 between a query and rows, with the bits of `squaredDistance`: its first two
 * sums are in one vector, its last two in another. Two rows at a time, since a sum waits for its own result.
 *
 * Parameters are addresses: the places (uint32) of the rows after `base`, an even number of them, and their end; `base`;
 * the query as float64; the bytes of a row, and of those of its values that are whole fours; where to put the distances.
 */
export const squareKernel = assemble(({ parameter, integer, vector }) => {
  const [places, placesEnd, base, query] = [parameter(), parameter(), parameter(), parameter()];
  const [stride, foursBytes, out] = [parameter(), parameter(), parameter()];
  const [at, foursEnd, end] = [integer(), integer(), integer()];
  const difference = vector();
  const rows = Array.from({ length: 2 }, () => ({
    address: integer(),
    values: vector(),
    sums: [vector(), vector()],
  }));

  const addSquare = (sum: Code, value: Code, asked: Code): Code[] => [
    set(difference, subtractDouble(value, asked)),
    set(sum, addDouble(sum, multiplyDouble(difference, difference))),
  ];
  const addLanes = (sum: Code): Code => set(sum, addDouble(sum, shuffle(sum, sum, [2, 3, 0, 1])));

  return [
    whileBelow(
      places,
      placesEnd,
      ...rows.flatMap(({ address, sums }, i) => [
        set(address, addInteger(base, multiplyInteger(loadInteger(places, 4 * i), stride))),
        ...sums.map((sum) => set(sum, constant(0))),
      ]),
      set(at, query),
      set(foursEnd, addInteger(rows[0].address, foursBytes)),
      set(end, addInteger(rows[0].address, stride)),
      whileBelow(
        rows[0].address,
        foursEnd,
        ...rows.flatMap(({ address, values, sums: [first, last] }) => [
          set(values, load(address)),
          ...addSquare(first, toDouble(values), load(at)),
          ...addSquare(last, toDouble(shuffle(values, values, [2, 3, 2, 3])), load(at, 16)),
          advance(address, 16),
        ]),
        advance(at, 32),
      ),
      whileBelow(
        rows[0].address,
        end,
        ...rows.flatMap(({ address, sums: [first] }) => [
          ...addSquare(first, toDouble(loadFirst(address)), loadLow(at)),
          advance(address, 4),
        ]),
        advance(at, 8),
      ),
      ...rows.flatMap(({ sums: [first, last] }, i) => [
        addLanes(first),
        addLanes(last),
        storeLow(out, addDouble(first, last), 8 * i),
      ]),
      advance(places, 8),
      advance(out, 16),
    ),
  ];
}, true);
