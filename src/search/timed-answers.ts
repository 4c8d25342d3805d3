import { searchVectors, searchVectorsBatch, type VectorIndexData } from './vector-search.ts';

/** What a query found, and how long it took. */
export interface Answer {
  ids: Uint32Array;
  /** Microseconds. */
  us: number;
}

/**
 * Asks queries of an index, one by one and each timed, or all at once, when each counts an equal part of the time.
 *
 * @param queries queries × their dimension, row-major.
 */
export function timedAnswers(
  index: VectorIndexData,
  queries: Float32Array,
  dimension: number,
  k: number,
  batch: boolean,
): Answer[] {
  const single = Array.from({ length: queries.length / dimension }, (_, q) =>
    queries.subarray(q * dimension, (q + 1) * dimension),
  );
  if (!batch) {
    return single.map((query) => {
      const [ids, us] = timed(() => searchVectors(index, query, k));
      return { ids, us };
    });
  }
  const [found, us] = timed(() => searchVectorsBatch(index, single, k));
  return found.map((ids) => ({ ids, us: us / single.length }));
}

/** @returns The result, and the microseconds that it took. */
function timed<Result>(work: () => Result): [Result, number] {
  const started = performance.now();
  const result = work();
  return [result, 1000 * (performance.now() - started)];
}
