/**
 * Standard errors by which the recall on the sample is above the one asked for. Three of the sample's are two of what
 * as many other queries differ by from it, whose own chance comes on top.
 */
const STANDARD_ERRORS = 3;

/** Of sums of recalls. */
const ROUNDING = 1e-9;

/**
 * The least rank with which queries find a share of their neighbours, as sure as their number allows.
 *
 * @param ranks For each query of a sample the rank at which each of its neighbours is found; infinite if never.
 * @param recall Above 0, up to 1.
 * @returns At least 1; infinite where no rank gives that recall.
 */
export function leastRank(ranks: readonly (readonly number[])[], recall: number): number {
  const asked = ranks.filter(({ length }) => length > 0);
  const tried = [...new Set(asked.flat())].filter(Number.isFinite).sort((a, b) => a - b);
  if (asked.length === 0) return 1;
  let [low, high] = [0, tried.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recallBound(asked, tried[middle]) >= recall - ROUNDING) high = middle;
    else low = middle + 1;
  }
  return tried[low] ?? Number.POSITIVE_INFINITY;
}

/** The mean of the queries' recalls less its standard errors. */
function recallBound(ranks: readonly (readonly number[])[], most: number): number {
  const recalls = ranks.map((query) => {
    let found = 0;
    for (const rank of query) if (rank <= most) found++;
    return found / query.length;
  });
  const mean = recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
  const variance = recalls.reduce((sum, recall) => sum + (recall - mean) ** 2, 0) / recalls.length;
  return mean - STANDARD_ERRORS * Math.sqrt(variance / recalls.length);
}
