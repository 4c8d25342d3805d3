import { evenlySpread } from '../search/evenly-spread.ts';
import type { Segment } from '../search/segment.ts';

/** Rows that clusters are counted over; with more of them the largest would hardly be others. */
const SAMPLE = 2_000;

/**
 * Where to begin with somebody of whom nothing is known: the centres of a segment's clusters, those of most tracks
 * first.
 */
export function startPoints({ centres, tracks, header }: Segment): Float32Array[] {
  const { dimension, rows } = header;
  const sizes = new Array<number>(centres.length / dimension).fill(0);
  for (const row of evenlySpread(rows, SAMPLE)) sizes[tracks.track(row).cluster]!++;
  return Array.from(sizes.keys())
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .map((cluster) => centres.slice(cluster * dimension, (cluster + 1) * dimension));
}
