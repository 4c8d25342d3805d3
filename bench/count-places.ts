import type { TreeScanner } from '../src/search/tree-scan.ts';

/**
 * The reaches that find the leaves of queries' true neighbours, ascending.
 *
 * @param leavesOf One leaf of each row, or two, of which the one within the shorter reach counts.
 */
export function reachesOf(
  scanner: TreeScanner,
  leavesOf: Uint32Array[],
  queries: Float32Array[],
  truth: Uint32Array[],
): Float64Array {
  const reaches = queries.flatMap((query, i) => {
    const ofLeaves = scanner.leafReaches(query);
    return Array.from(truth[i], (row) => Math.min(...leavesOf.map((leafOf) => ofLeaves[leafOf[row]])));
  });
  return Float64Array.from(reaches).sort();
}

/**
 * Looks a tree through for each of some queries.
 *
 * @returns For all true neighbours how many places score as well as theirs, the better one of two, ascending; infinite
 * where it is not among those found. And the leaves that a query looks at and the places in them, means of all.
 */
export function scanAll(
  scanner: TreeScanner,
  search: { reach: number; wanted: number },
  queries: Float32Array[],
  truth: Uint32Array[],
) {
  const scores = new Float32Array(search.wanted);
  let [leaves, scored] = [0, 0];
  const places = queries.flatMap((query, i) => {
    const found = scanner.scan(query, search);
    const looked = scanner.lookedAt();
    leaves += looked.leaves;
    scored += looked.places;
    const best = new Map(Array.from(truth[i], (row) => [row, Number.POSITIVE_INFINITY]));
    for (let place = 0; place < found; place++) {
      scores[place] = scanner.scoreAt(place);
      const known = best.get(scanner.rowAt(place));
      if (known !== undefined) best.set(scanner.rowAt(place), Math.min(known, scores[place]));
    }
    return Array.from(best.values(), (score) => {
      let asGood = 0;
      for (let place = 0; place < found; place++) if (scores[place] <= score) asGood++;
      return score < Number.POSITIVE_INFINITY ? asGood : score;
    });
  });
  return {
    places: Float64Array.from(places).sort(),
    leaves: leaves / queries.length,
    scored: scored / queries.length,
  };
}
