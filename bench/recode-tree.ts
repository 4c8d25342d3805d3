import { GROUP, nibbleOf } from '../src/search/code-kernel.ts';
import { allocateCodes } from '../src/search/code-memory.ts';
import { BLOCK, CENTRES, nearestCentre } from '../src/search/product-quantiser.ts';
import { rotator } from '../src/search/rotation.ts';
import { leavesOf } from '../src/search/tree-calibrate.ts';
import { BOOK, componentsOf, groupBytes, type TreeIndex } from '../src/search/tree-index.ts';

/** Passes over a row's blocks, of which the last rarely change a code. */
const PASSES = 4;

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const partOf = (matrix: Float32Array, i: number, length: number) =>
  matrix.subarray(i * length, (i + 1) * length);

/** The components of all rows, and the leaf of each. */
export function decode(tree: TreeIndex) {
  const { vectors, dimension } = tree;
  const rows = vectors.length / dimension;
  const rotate = rotator(tree);
  const m = componentsOf(tree);
  const components = new Float32Array(rows * m);
  for (let row = 0; row < rows; row++) components.set(rotate(partOf(vectors, row, dimension)), row * m);
  return { components, leafOf: leavesOf(tree) };
}

/**
 * A second leaf for each row: the one with the least |r'|² + λ ⟨r', r⟩² / |r|², r and r' being what the row differs by
 * from the two centres.
 */
export function secondLeaves(tree: TreeIndex, components: Float32Array, leafOf: Uint32Array, lambda: number) {
  const { centres } = tree;
  const m = componentsOf(tree);
  const residual = new Float32Array(m);
  return leafOf.map((first, row) => {
    for (let i = 0; i < m; i++) residual[i] = components[row * m + i] - centres[first * m + i];
    const weight = lambda / (dot(residual, residual) || 1);
    let [least, second] = [Number.POSITIVE_INFINITY, first];
    for (let leaf = 0; leaf < centres.length / m; leaf++) {
      if (leaf === first) continue;
      let [square, product] = [0, 0];
      for (let i = 0; i < m && square < least; i++) {
        const difference = components[row * m + i] - centres[leaf * m + i];
        square += difference * difference;
        product += difference * residual[i];
      }
      const loss = square + weight * product * product;
      if (loss < least) [least, second] = [loss, leaf];
    }
    return second;
  });
}

/**
 * A row's codes with the least |e|² + (η - 1) ⟨e, row⟩² / |row|², e being the error: by coordinate descent from the
 * nearest ones, which η = 1 leaves.
 *
 * @returns The codes, and ⟨e, row⟩.
 */
function encode(row: Float32Array, residual: Float32Array, codebooks: Float32Array, eta: number) {
  const weight = (eta - 1) / (dot(row, row) || 1);
  const codes = new Uint8Array(row.length / BLOCK);
  const errorOf = (block: number, code: number) => {
    const [i, at] = [block * BLOCK, block * BOOK + code];
    const [x, y] = [residual[i] - codebooks[at], residual[i + 1] - codebooks[at + CENTRES]];
    return { square: x * x + y * y, product: x * row[i] + y * row[i + 1] };
  };
  let product = 0;
  codes.forEach((_, block) => {
    const [x, y] = residual.subarray(block * BLOCK);
    codes[block] = nearestCentre(codebooks, block * BOOK, x, y);
    product += errorOf(block, codes[block]).product;
  });
  for (let pass = 0; pass < PASSES && eta > 1; pass++) {
    codes.forEach((current, block) => {
      const others = product - errorOf(block, current).product;
      let least = Number.POSITIVE_INFINITY;
      for (let code = 0; code < CENTRES; code++) {
        const error = errorOf(block, code);
        const loss = error.square + weight * (others + error.product) ** 2;
        if (loss >= least) continue;
        [least, codes[block], product] = [loss, code, others + error.product];
      }
    });
  }
  return { codes, product };
}

/** The tree with other codes, each row being in a leaf or in several. */
export function recode(
  tree: TreeIndex,
  components: Float32Array,
  leavesOf: Uint32Array[],
  eta = 1,
): TreeIndex {
  const m = componentsOf(tree);
  const held = Array.from({ length: tree.parameters.leaves }, (): number[] => []);
  for (const leafOf of leavesOf) {
    leafOf.forEach((leaf, row) => {
      held[leaf].push(row);
    });
  }
  const leafStarts = new Uint32Array(held.length + 1);
  held.forEach(({ length }, leaf) => {
    leafStarts[leaf + 1] = leafStarts[leaf] + Math.ceil(length / GROUP);
  });
  const groups = leafStarts[held.length];
  const { codes, biases } = allocateCodes(groups * groupBytes(m), groups * GROUP);
  const leafRows = new Uint32Array(biases.length);
  held.forEach((inLeaf, leaf) => {
    const centre = partOf(tree.centres, leaf, m);
    inLeaf.forEach((number, i) => {
      const place = leafStarts[leaf] * GROUP + i;
      const row = partOf(components, number, m);
      const coded = encode(
        row,
        row.map((value, j) => value - centre[j]),
        tree.codebooks,
        eta,
      );
      const { byte, shift } = nibbleOf(i % GROUP);
      const start = Math.floor(place / GROUP) * groupBytes(m) + byte;
      coded.codes.forEach((code, block) => {
        codes[start + (block * GROUP) / 2] |= code << shift;
      });
      biases[place] = dot(row, row) - coded.product;
      leafRows[place] = number;
    });
  });
  return { ...tree, leafStarts, codes, biases, leafRows };
}
