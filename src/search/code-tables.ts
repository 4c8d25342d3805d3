import { TABLE_MAXIMUM } from './code-kernel.ts';
import { BLOCK, CENTRES } from './product-quantiser.ts';
import { BOOK } from './tree-index.ts';

/**
 * What fills the tables of `codeKernel` for a query: for each block the inner products of the query with the
 * block's centres, as whole steps above the least of them. All tables have one step, for sums over them.
 *
 * @param codebooks Float32Array, blocks × 2 × 16.
 * @param tables Uint8Array, blocks × 16.
 * @returns A function of the query that gives the step, and the sum of what steps are counted from.
 */
export function codeTables(
  codebooks: Float32Array,
  tables: Uint8Array,
): (query: Float32Array) => { step: number; base: number } {
  const products = new Float32Array(tables.length);
  const least = new Float32Array(tables.length / CENTRES);
  return (query) => {
    let span = 0;
    let base = 0;
    for (let block = 0; block < least.length; block++) {
      const x = query[block * BLOCK];
      const y = query[block * BLOCK + 1];
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < CENTRES; i++) {
        const at = block * BOOK + i;
        const product = x * codebooks[at] + y * codebooks[at + CENTRES];
        products[block * CENTRES + i] = product;
        low = Math.min(low, product);
        high = Math.max(high, product);
      }
      least[block] = low;
      base += low;
      span = Math.max(span, high - low);
    }
    const scale = span > 0 ? TABLE_MAXIMUM / span : 0;
    for (let i = 0; i < tables.length; i++) tables[i] = (products[i] - least[i >> 4]) * scale + 0.5;
    return { step: span / TABLE_MAXIMUM, base };
  };
}
