import { GROUP } from './code-kernel.ts';
import { BLOCK, CENTRES } from './product-quantiser.ts';

export interface TreeParameters {
  /** K-Means clusters that the rows are parted into. */
  leaves: number;
  /**
   * How far a query looks, in squared distances from leaves' centres: up to so many times the mean of those of the nearest
   * leaf and of the eleventh.
   */
  reach: number;
  /** Leaves that are so near, on average of the queries that the reach was found with. */
  leavesSearched: number;
  /** Rows of the best scores, which a query then ranks by their exact distances. */
  reRank: number;
}

/**
 * Rows parted into leaves, with a code of four bits for each two of their first m principal components. R is all
 * leaves' rows, each leaf filled up to a multiple of 32.
 */
export interface TreeIndex {
  dimension: number;
  /** rows × dimension, row-major. */
  vectors: Float32Array;
  parameters: TreeParameters;
  /** Whether rows are scored by their inner products with a query alone, all being equally long. */
  byProduct?: boolean;
  /** m × stride (the dimension, filled up with zeros to a multiple of 4): turns a vector into components. */
  rotation: Float32Array;
  /** m: to add to the components, takes the mean away. */
  offsets: Float32Array;
  /** leaves × m: the leaves' centres, in components. */
  centres: Float32Array;
  /** blocks × 2 × 16: what the codes of a block stand for; to add to the centre. */
  codebooks: Float32Array;
  /** leaves + 1: where a leaf begins in R, in 32s. */
  leafStarts: Uint32Array;
  /** R / 32 × blocks × 16 bytes: the codes of 32 rows, block by block (see `nibbleOf`). */
  codes: Uint8Array;
  /** R: inner product of a row with what its code stands for, 0 if `byProduct`; infinite where there is no row. */
  biases: Float32Array;
  /** R: row numbers, ascending within a leaf; 0 where there is no row. */
  leafRows: Uint32Array;
}

/** A reach that all leaves are in. A number that JSON has. */
export const EVERY_LEAF = 2 ** 300;

/** Rows re-ranked at most. With more the exact scan is the shorter way. */
export const MAXIMUM_RERANK = 2 ** 14;

/** Components that codes are made of: m, a multiple of 4. */
export const componentsOf = ({ offsets }: Pick<TreeIndex, 'offsets'>): number => offsets.length;

/** Bytes that the codes of 32 rows take. */
export const groupBytes = (components: number): number => (components / BLOCK) * (GROUP / 2);

/** Float32 of a block's centres. */
export const BOOK = BLOCK * CENTRES;
