import { ClusterPart } from '../search/cluster-part.ts';
import { readHeader } from '../search/segment.ts';
import type { SegmentHeader } from '../search/segment-header.ts';
import type { ClusterStatistics } from '../search/silhouette.ts';
import { type ClusteringRequest, clusteringPaths, readClusteringRequest } from '../store/clustering.ts';
import { runIndexFolder } from '../store/run-index.ts';
import { type ResultReader, readResult } from '../store/task-results.ts';

/** Bytes of rows that a process keeps between two jobs. */
const CACHE_BYTES = 2 ** 28;

/** Parts that it keeps at most: each has memory of its own for the kernel. */
const CACHED_PARTS = 16;

/** What the jobs of a clustering work with. */
export interface ClusterContext {
  dataDir: string;
  request: ClusteringRequest;
  /** Folder of the results. */
  results: string;
  /** Of the run's index: says how rows are scaled. */
  header: SegmentHeader;
}

/** A part of the rows, as it is kept between two jobs. */
interface KeptPart {
  /** Float32Array, rows × dimension, row-major. */
  vectors: Float32Array;
  clustered: ClusterPart | null;
}

/** By path of the part's rows; the one used longest ago comes first. */
const kept = new Map<string, KeptPart>();

/** @throws SoundalikeError RUN_NOT_FOUND, INDEX_NOT_FOUND, INDEX_DAMAGED */
export async function openClusterContext(
  dataDir: string,
  run: string,
  clustering: string,
): Promise<ClusterContext> {
  const request = await readClusteringRequest(dataDir, run, clustering);
  const { results } = clusteringPaths(dataDir, run, clustering);
  const { header } = readHeader(await runIndexFolder(dataDir, request.index));
  return { dataDir, request, results, header };
}

/** The rows that a survey kept. */
export async function readRows({ results }: ClusterContext, part: number): Promise<Float32Array> {
  return (await readResult(results, `survey-${part}`))('vectors', Float32Array);
}

/**
 * A part with its rows assigned to their nearest centres. It is kept, for the next centres to find the rows in memory,
 * with bounds of their distances.
 *
 * @param centres Float32Array, k × dimension, row-major.
 */
export async function assignedPart(
  context: ClusterContext,
  part: number,
  centres: Float32Array,
): Promise<{ vectors: Float32Array; clustered: ClusterPart }> {
  const { dimension } = context.header;
  const key = `${context.results}/${part}`;
  const known = kept.get(key) ?? { vectors: await readRows(context, part), clustered: null };
  kept.delete(key);
  kept.set(key, known);
  const { vectors } = known;
  const clustered =
    known.clustered ??
    new ClusterPart(vectors, dimension, centres.length / dimension, await readRounders(context));
  known.clustered = clustered;
  clustered.assign(centres);
  forgetTheOldest();
  return { vectors, clustered };
}

export function rowsOf(parts: readonly { rows: number }[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

export function statisticsOf(read: ResultReader): ClusterStatistics {
  return {
    rows: read('rows', Float64Array),
    squares: read('squares', Float64Array),
    sums: read('sums', Float64Array),
  };
}

/** As `roundersOf` gave them for all rows. */
export async function readRounders({ results }: ClusterContext): Promise<Float64Array> {
  return (await readResult(results, 'centres-0'))('rounders', Float64Array);
}

function forgetTheOldest(): void {
  let bytes = 0;
  for (const { vectors } of kept.values()) bytes += vectors.byteLength;
  for (const [key, { vectors }] of kept) {
    if (kept.size === 1 || (bytes <= CACHE_BYTES && kept.size <= CACHED_PARTS)) return;
    kept.delete(key);
    bytes -= vectors.byteLength;
  }
}
