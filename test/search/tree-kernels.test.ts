import { describe, expect, test } from 'vitest';
import {
  BASE,
  codeKernel,
  GROUP,
  LIMIT,
  LIST_END,
  LIST_FULL,
  nibbleOf,
  QUERY_BYTES,
  STEP,
  TABLE_MAXIMUM,
  TABLES,
  TABLES_END,
} from '../../src/search/code-kernel.ts';
import { productKernel } from '../../src/search/product-kernel.ts';
import { createRandom } from '../../src/search/random.ts';
import { keepKernel, limitKernel } from '../../src/search/select-kernel.ts';
import { inShorts, inTiles, ShortMatrix } from '../../src/search/short-matrix.ts';
import { SmallestKeys } from '../../src/search/smallest-keys.ts';
import { tableKernel } from '../../src/search/table-kernel.ts';
import { instantiate, KEPT_LANES } from '../../src/wasm/assembler.ts';
import { allocateShared, memoryOf } from '../../src/wasm/shared-memory.ts';

const random = createRandom(8);
const whole = (below: number) => Math.floor(random.uniform() * below);

/** Views side by side in a new memory. */
function createMemory() {
  const { buffer } = allocateShared(1 << 20);
  let end = 16;
  const take = (length: number) => {
    const start = end;
    end += 4 * length;
    return { floats: new Float32Array(buffer, start, length), words: new Uint32Array(buffer, start, length) };
  };
  return { memory: memoryOf(buffer)!, take };
}

test('nibbles of a group are all different', () => {
  const nibbles = Array.from({ length: GROUP }, (_, place) => nibbleOf(place));
  expect(new Set(nibbles.map(({ byte, shift }) => 2 * byte + shift / 4)).size).toBe(GROUP);
  expect(Math.max(...nibbles.map(({ byte }) => byte))).toBe(15);
});

describe('the code kernel', () => {
  const EVERY_ROW = 1e30;

  // 256 blocks of the largest values come nearest to what 16 bits hold.
  test.each([
    [2, 3, EVERY_ROW],
    [2, 3, 20],
    [24, 5, 300],
    [70, 4, 1000],
    [256, 2, EVERY_ROW],
  ])('lists what a plain computation does, for %i blocks, %i leaves, up to %d', (blocks, leaves, limit) => {
    const { memory, take } = createMemory();
    const sizes = Array.from({ length: leaves }, () => 1 + whole(3));
    const groups = sizes.reduce((sum, size) => sum + size, 0);
    const codes = take(groups * blocks * 4);
    const bytes = new Uint8Array(codes.words.buffer, codes.words.byteOffset, groups * blocks * 16);
    const biases = take(groups * GROUP);
    const leafTable = take(4 * leaves);
    const tables = take(blocks * 4);
    const entries = new Uint8Array(tables.words.buffer, tables.words.byteOffset, blocks * 16);
    for (let i = 0; i < entries.length; i++) {
      entries[i] = limit === EVERY_ROW ? TABLE_MAXIMUM - whole(2) : whole(TABLE_MAXIMUM + 1);
    }
    const [scores, places] = [take(groups * GROUP + 4), take(groups * GROUP + 4)];
    const query = take(QUERY_BYTES / 4);
    const [step, base] = [0.5, 4];
    query.floats[STEP / 4] = step;
    query.floats[LIMIT / 4] = limit;
    query.floats[BASE / 4] = base;
    query.words[TABLES / 4] = entries.byteOffset;
    query.words[TABLES_END / 4] = entries.byteOffset + entries.length;

    const code = Array.from({ length: groups * GROUP }, () =>
      Array.from({ length: blocks }, () => whole(16)),
    );
    code.forEach((ofRow, place) => {
      const { byte, shift } = nibbleOf(place % GROUP);
      ofRow.forEach((value, block) => {
        bytes[(Math.floor(place / GROUP) * blocks + block) * 16 + byte] |= value << shift;
      });
    });
    // Halves and small whole numbers: every sum is exact in float32.
    biases.floats.forEach((_, i) => {
      biases.floats[i] = i % 11 === 0 ? Number.POSITIVE_INFINITY : whole(40) - 20;
    });
    let from = 0;
    sizes.forEach((size, leaf) => {
      leafTable.words[4 * leaf] = bytes.byteOffset + from * blocks * 16;
      leafTable.words[4 * leaf + 1] = bytes.byteOffset + (from + size) * blocks * 16;
      leafTable.words[4 * leaf + 2] = biases.floats.byteOffset + from * GROUP * 4;
      leafTable.floats[4 * leaf + 3] = leaf;
      from += size;
    });
    // From the last leaf to the first.
    const [order, distances] = [take(leaves), take(leaves)];
    const expected: [number, number][] = [];
    order.words.forEach((_, i) => {
      const leaf = leaves - 1 - i;
      order.words[i] = leaf;
      distances.floats[i] = whole(8);
      const start = sizes.slice(0, leaf).reduce((sum, size) => sum + size, 0) * GROUP;
      for (let place = start; place < start + sizes[leaf] * GROUP; place++) {
        const sum = code[place].reduce((total, value, block) => total + entries[16 * block + value], 0);
        const score = step * sum + biases.floats[place] + base + distances.floats[i] - leaf;
        if (score <= limit) expected.push([score, place]);
      }
    });

    const run = instantiate(codeKernel, memory);
    const told = take(1);
    const keptLanes = take(KEPT_LANES.length / 4);
    new Uint8Array(keptLanes.words.buffer, keptLanes.words.byteOffset).set(KEPT_LANES);
    const end = order.words.byteOffset + 4 * leaves;
    /** What is listed; the next leaf. */
    const search = (full: number, next: number): [number[][], number] => {
      query.words[LIST_END / 4] = scores.floats.byteOffset;
      query.words[LIST_FULL / 4] = scores.floats.byteOffset + 4 * full;
      run(
        next,
        end,
        distances.words.byteOffset - order.words.byteOffset,
        leafTable.words.byteOffset,
        query.words.byteOffset,
        places.words.byteOffset - scores.floats.byteOffset,
        keptLanes.words.byteOffset,
        told.words.byteOffset,
      );
      const listed = (query.words[LIST_END / 4] - scores.floats.byteOffset) / 4;
      const list = Array.from({ length: listed }, (_, i) => [
        scores.floats[i],
        (places.words[i] - biases.floats.byteOffset) / 4,
      ]);
      return [list, told.words[0]];
    };
    expect(search(groups * GROUP, order.words.byteOffset)).toEqual([expected, end]);
    // Full after the first row found, it stops behind that leaf and tells where to go on.
    const parts: number[][] = [];
    for (let next = order.words.byteOffset; next < end; ) {
      const [list, after] = search(1, next);
      parts.push(...list);
      next = after;
    }
    expect(parts).toEqual(expected);
  });
});

describe('the select kernels', () => {
  const kept = (keys: number[], wanted: number) => {
    const { memory, take } = createMemory();
    const inFours = (keys.length + 3) & ~3;
    const list = take(inFours);
    list.floats.fill(Number.POSITIVE_INFINITY);
    list.floats.set(keys);
    const beside = take(inFours);
    beside.words.forEach((_, i) => {
      beside.words[i] = i;
    });
    const lanes = take(KEPT_LANES.length / 4).words;
    new Uint8Array(lanes.buffer, lanes.byteOffset, lanes.byteLength).set(KEPT_LANES);
    const [limit, told] = [take(1), take(1)];
    const start = list.floats.byteOffset;
    const end = start + 4 * inFours;
    instantiate(limitKernel, memory)(start, end, wanted, limit.floats.byteOffset);
    instantiate(keepKernel, memory)(
      start,
      end,
      beside.words.byteOffset,
      limit.floats.byteOffset,
      lanes.byteOffset,
      told.words.byteOffset,
    );
    return Array.from({ length: told.words[0] }, (_, i) => [list.floats[i], beside.words[i]]);
  };

  test.each([5, 8, 63, 400])('keep the smallest of %i keys in their order', (count) => {
    for (const scale of [1, -1, 1e-30, 1e30]) {
      const keys = Array.from({ length: count }, () => Math.fround(scale * (random.normal() + 1)));
      for (const wanted of [1, 2, count >> 1, count - 1]) {
        const largest = [...keys].sort((a, b) => a - b)[wanted - 1];
        const expected = keys.map((key, i) => [key, i]).filter(([key]) => key <= largest);
        expect(expected).toHaveLength(wanted);
        expect(kept(keys, wanted)).toEqual(expected);
      }
    }
  });

  test('keep all that equal the last one kept', () => {
    expect(kept([3, 1, 2, 2, 5, 2, 0], 3).map(([key]) => key)).toEqual([1, 2, 2, 2, 0]);
    expect(kept([7, 7, 7, 7, 7], 2)).toHaveLength(5);
  });

  test('find keys far smaller than others', () => {
    expect(kept([1e30, 2, 1, -1e30, 3, 1e38], 3).map(([key]) => key)).toEqual([2, 1, -1e30].map(Math.fround));
  });
});

describe('the smallest keys', () => {
  const listOf = (keys: number[]) => {
    const { memory, take } = createMemory();
    const list = { keys: take(keys.length + 3).floats, values: take(keys.length + 3).words };
    list.keys.set(keys);
    list.values.set(keys.map((_, i) => i));
    return { list, smallest: new SmallestKeys(memory) };
  };
  const pairsOf = ({ keys, values }: ReturnType<typeof listOf>['list'], count: number) =>
    Array.from({ length: count }, (_, i) => [keys[i], values[i]]);

  // Few of many are sought among some of the keys first; ties are many there, and keys may come sorted.
  test.each([
    ['in any order', () => Math.fround(random.normal())],
    ['many of them equal', () => whole(4)],
    ['falling', (i: number) => -i],
    ['rising', (i: number) => i],
  ])('are those of a sort, %s', (_, keyOf) => {
    for (const [count, wanted] of [
      [6, 3],
      [400, 1],
      [403, 5],
      [1000, 4],
      [2000, 90],
      [50, 60],
    ]) {
      const keys = Array.from({ length: count }, (_, i) => keyOf(i));
      const expected = keys
        .map((key, i) => [key, i])
        .sort(([a, i], [b, j]) => a - b || i - j)
        .slice(0, wanted);
      const { list, smallest } = listOf(keys);
      const found = pairsOf(list, smallest.keep(list, count, wanted));
      expect(found).toEqual(expected.sort(([, i], [, j]) => i - j));
    }
  });

  test('are brought to the front, and none is lost', () => {
    const keys = Array.from({ length: 90 }, () => Math.fround(random.normal()));
    const { list, smallest } = listOf(keys);
    smallest.putFirst(list, 90, 7);
    const found = pairsOf(list, 90);
    const sorted = keys.toSorted((a, b) => a - b);
    expect(
      found
        .slice(0, 7)
        .map(([key]) => key)
        .sort((a, b) => a - b),
    ).toEqual(sorted.slice(0, 7));
    expect(found.map(([, i]) => i).sort((a, b) => a - b)).toEqual([...keys.keys()]);
    for (const [key, i] of found) expect(key).toBe(keys[i]);
  });
});

test.each([
  [4, 4],
  [12, 16],
  [7, 20],
])('the product kernel multiplies a matrix of %i rows of %i values', (rows, columns) => {
  const { memory, take } = createMemory();
  const matrix = take(rows * columns);
  const vector = take(columns);
  const [added, out] = [take(rows + 3), take(rows + 3)];
  for (const { floats } of [matrix, vector, added]) floats.set(Array.from(floats, () => whole(9) - 4));
  const { byteOffset } = vector.floats;
  instantiate(productKernel, memory)(
    matrix.floats.byteOffset,
    matrix.floats.byteOffset + 4 * rows * columns,
    4 * columns,
    byteOffset,
    byteOffset + 4 * columns,
    added.floats.byteOffset,
    out.floats.byteOffset,
  );
  for (let row = 0; row < rows; row++) {
    const products = vector.floats.map((value, i) => value * matrix.floats[row * columns + i]);
    expect(out.floats[row]).toBe(products.reduce((sum, value) => sum + value, added.floats[row]));
  }
});

describe('a matrix of int16', () => {
  const multiply = (rows: number, columns: number, matrix: number[], vector: number[], added: number[]) => {
    const { memory, take } = createMemory();
    const [asked, out] = [take(inShorts(columns)).floats, take(inTiles(rows)).floats];
    asked.set(vector);
    const short = new ShortMatrix(memory, Float32Array.from(matrix), columns, Float32Array.from(added), -2);
    short.multiply(asked, out);
    return [...out.slice(0, rows)];
  };

  test.each([
    [1, 1],
    [8, 8],
    [13, 20],
    [40, 100],
  ])('multiplies a vector, as far as 15 bits tell, with %i × %i values', (rows, columns) => {
    for (const scale of [1, 1e-12, 1e12]) {
      const normals = (length: number) => Array.from({ length }, () => scale * random.normal());
      const [matrix, vector, added] = [normals(rows * columns), normals(columns), normals(rows)];
      const found = multiply(rows, columns, matrix, vector, added);
      const lengthOf = (values: number[]) => Math.hypot(...values);
      const longest = Math.max(
        ...added.map((_, row) => lengthOf(matrix.slice(row * columns, (row + 1) * columns))),
      );
      for (let row = 0; row < rows; row++) {
        const product = vector.reduce((sum, value, i) => sum + value * matrix[row * columns + i], 0);
        // Two roundings of half a step in each of the columns, at worst.
        const most = 2 * Math.sqrt(columns) * (longest * lengthOf(vector)) * 2 ** -15;
        expect(Math.abs(found[row] - (added[row] - 2 * product))).toBeLessThanOrEqual(
          most + 1e-6 * Math.abs(added[row]),
        );
      }
    }
  });

  test('is 0 for zeros', () => {
    expect(multiply(2, 3, [0, 0, 0, 0, 0, 0], [1, 2, 3], [4, 5])).toEqual([4, 5]);
    expect(multiply(2, 3, [1, 2, 3, 4, 5, 6], [0, 0, 0], [4, 5])).toEqual([4, 5]);
  });

  test('holds sums of the largest products', () => {
    const ones = Array.from({ length: 1024 }, () => 1);
    expect(multiply(1, 1024, ones, ones, [0])[0]).toBeCloseTo(-2048, 0);
  });
});

describe('the table kernel', () => {
  test.each([1, 2, 51])('fills the tables of %i blocks as a plain computation does', (blocks) => {
    const { memory, take } = createMemory();
    const query = take(2 * blocks).floats;
    const books = take(32 * blocks).floats;
    const products = take(16 * blocks).floats;
    const tables = take(4 * blocks).words;
    const numbers = take(3).floats;
    const entries = new Uint8Array(tables.buffer, tables.byteOffset, 16 * blocks);
    // Whole numbers: every product and sum is exact in float32.
    for (let i = 0; i < query.length; i++) query[i] = whole(200) - 100;
    for (let i = 0; i < books.length; i++) books[i] = whole(200) - 100;
    const fill = () =>
      instantiate(tableKernel, memory)(
        query.byteOffset,
        query.byteOffset + query.byteLength,
        books.byteOffset,
        products.byteOffset,
        tables.byteOffset,
        numbers.byteOffset,
      );
    fill();

    const expected = Array.from({ length: blocks }, (_, block) =>
      Array.from({ length: 16 }, (_, i) => {
        const at = 32 * block + i;
        return -2 * (query[2 * block] * books[at] + query[2 * block + 1] * books[at + 16]);
      }),
    );
    const least = expected.map((values) => Math.min(...values));
    const span = Math.max(...expected.map((values, block) => Math.max(...values) - least[block]));
    expect(numbers[0]).toBe(Math.fround(span / TABLE_MAXIMUM));
    expect(numbers[2]).toBe(least.reduce((sum, value) => sum + value));
    expect(Math.max(...entries)).toBe(TABLE_MAXIMUM);
    expected.flat().forEach((value, i) => {
      const steps = (value - least[i >> 4]) / (span / TABLE_MAXIMUM);
      expect(Math.abs(entries[i] - steps)).toBeLessThan(0.501);
    });

    query.fill(0);
    fill();
    expect(new Set(entries)).toEqual(new Set([0]));
    expect([...numbers]).toEqual([0, 0, 0]);
  });
});
