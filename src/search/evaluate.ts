import { type EstimatedSilhouette, euclideanSilhouette } from './euclidean-silhouette.ts';
import { drawRows } from './kmeans-start.ts';
import type { SearchMethod } from './method.ts';
import { createRandom } from './random.ts';
import { hasRow, type RowSet, rowSetOf } from './row-set.ts';
import { searchSegment } from './search.ts';
import type { Segment } from './segment.ts';
import { silhouettes } from './silhouette.ts';

/** Rows asked about. Not those that LSH and tree were tuned on, which are evenly spread. */
const QUERIES = 500;

const NEIGHBOURS = 10;

const SEED = 2;

/** How well the tracks of a segment fall into clusters. */
export interface ClusterEvaluation {
  clusters: number;
  /** Sum of the squared distances of the tracks to the centres of their clusters. */
  inertia: number;
  /** Mean silhouette with squared Euclidean distances, as Spark's. */
  squaredSilhouette: number;
  /** The same with Euclidean distances, as scikit-learn's. */
  euclideanSilhouette: EstimatedSilhouette;
}

/** A mean over queries, with its standard error. */
export interface Measured {
  mean: number;
  error: number;
  queries: number;
}

export interface SearchEvaluation {
  /** Share of the ten nearest that a method finds. */
  recall: { lsh: Measured; tree: Measured };
  /** Null where fewer than two genres are known. */
  genres: {
    /** Share of the ten nearest tracks by other artists that are of the track's genre. */
    precision: Measured;
    /** The share that tracks by other artists drawn blindly would give. */
    chance: number;
  } | null;
}

export function evaluateClusters({ header, tracks, vectors }: Segment): ClusterEvaluation {
  const { rows, dimension, clusters } = header;
  const assignment = Uint32Array.from({ length: rows }, (_, row) => tracks.track(row).cluster);
  return {
    clusters: clusters.count,
    inertia: clusters.inertia,
    squaredSilhouette: meanOf(silhouettes(vectors, dimension, assignment)).mean,
    euclideanSilhouette: euclideanSilhouette(vectors, dimension, assignment),
  };
}

/** Asks for the neighbours of 500 of the tracks, drawn at random (of all, where there are fewer). */
export function evaluateSearch(segment: Segment): SearchEvaluation {
  const { rows } = segment.header;
  const queries = drawRows(rows, QUERIES, createRandom(SEED));
  const truth = Array.from(queries, (row) => nearest(segment, row, 'exact'));
  const recall = (method: 'lsh' | 'tree') =>
    meanOf(
      truth.flatMap((expected, i) => {
        const found = nearest(segment, queries[i], method);
        return expected.length === 0
          ? []
          : found.filter((row) => expected.includes(row)).length / expected.length;
      }),
    );
  return { recall: { lsh: recall('lsh'), tree: recall('tree') }, genres: evaluateGenres(segment, queries) };
}

function evaluateGenres(segment: Segment, queries: Uint32Array): SearchEvaluation['genres'] {
  const { rows } = segment.header;
  const tracks = Array.from({ length: rows }, (_, row) => segment.tracks.track(row));
  if (new Set(tracks.flatMap(({ genre }) => genre ?? [])).size < 2) return null;
  const precisions: number[] = [];
  const chances: number[] = [];
  for (const query of queries) {
    const { genre, artist } = tracks[query];
    if (genre === null) continue;
    // Tracks of one artist sound alike and are of one genre: they would make any search look good.
    const accept = rowSetOf(rows, (row) => {
      const other = tracks[row];
      return row !== query && other.genre !== null && (artist === null || other.artist !== artist);
    });
    const found = nearest(segment, query, 'exact', accept);
    if (found.length === 0) continue;
    precisions.push(found.filter((row) => tracks[row].genre === genre).length / found.length);
    const alike = rowSetOf(rows, (row) => hasRow(accept, row) && tracks[row].genre === genre);
    chances.push(alike.count / accept.count);
  }
  return precisions.length === 0 ? null : { precision: meanOf(precisions), chance: meanOf(chances).mean };
}

function nearest(segment: Segment, row: number, method: SearchMethod, accept?: RowSet): Uint32Array {
  const { dimension } = segment.header;
  const query = segment.vectors.subarray(row * dimension, (row + 1) * dimension);
  const choice = { excludeRows: [row], ...(accept && { accept }) };
  return searchSegment(segment, query, { k: NEIGHBOURS, method, ...choice }).rows;
}

function meanOf(values: ArrayLike<number>): Measured {
  const queries = values.length;
  let [sum, deviations] = [0, 0];
  for (let i = 0; i < queries; i++) sum += values[i];
  const mean = sum / queries;
  for (let i = 0; i < queries; i++) deviations += (values[i] - mean) ** 2;
  return { mean, error: Math.sqrt(deviations / Math.max(1, queries - 1) / queries), queries };
}
