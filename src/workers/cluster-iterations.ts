import { soundLayoutOf } from '../search/aspects.ts';
import { ClusterPart } from '../search/cluster-part.ts';
import { ClusterSums, largestOf, roundersOf } from '../search/cluster-sums.ts';
import { fillEmptyClusters } from '../search/fill-empty-clusters.ts';
import { createRandom } from '../search/random.ts';
import { scaleVector } from '../search/scaling.ts';
import { startCentres } from '../search/start-centres.ts';
import type { Manifest } from '../store/manifest.ts';
import { requireManifest } from '../store/manifest-files.ts';
import { commitResult, readResult } from '../store/task-results.ts';
import { readAnalysedTracks } from './analysed-tracks.ts';
import { assignedPart, type ClusterContext, readRounders, readRows, rowsOf } from './cluster-context.ts';

/** Reads the shards of a part, and keeps its rows as the index has them, scaled and weighted. */
export async function survey(context: ClusterContext, part: number): Promise<void> {
  const { dataDir, request, results, header } = context;
  const { layout, scaling, dimension } = header;
  const { rows, partitions } = request.parts[part];
  const manifests: Manifest[] = [];
  for (const id of partitions) manifests.push(await requireManifest(dataDir, request.run, id));
  const vectors = new Float32Array(rows * dimension);
  let row = 0;
  for await (const { raw } of readAnalysedTracks(dataDir, manifests, { layout, sounds: soundLayoutOf([]) })) {
    vectors.set(scaleVector(raw, scaling, layout), row++ * dimension);
  }
  await commitResult(results, `survey-${part}`, { vectors, largest: largestOf(vectors, dimension) });
}

/** Seeks the first centres as `kmeans` does where its iterations take all rows. */
export async function start(context: ClusterContext): Promise<void> {
  const { request, results, header } = context;
  const { clusters, seed, parts } = request;
  const rows = rowsOf(parts);
  const largest = new Float64Array(header.dimension);
  for (const part of parts.keys()) {
    const own = (await readResult(results, `survey-${part}`))('largest', Float64Array);
    for (const [i, value] of own.entries()) largest[i] = Math.max(largest[i], value);
  }
  const sought = startCentres(rows, header.dimension, clusters, 'lloyd', createRandom(seed));
  let step = sought.next();
  while (!step.done) step = sought.next(await gatherFromParts(context, step.value));
  const rounders = roundersOf(largest, rows);
  await commitResult(results, 'centres-0', { centres: step.value, rounders });
}

/** The rows of these numbers, in their order, one part in memory at a time. */
async function gatherFromParts(context: ClusterContext, wanted: Uint32Array): Promise<Float32Array> {
  const { dimension } = context.header;
  const gathered = new Float32Array(wanted.length * dimension);
  let [taken, first] = [0, 0];
  for (const [part, { rows }] of context.request.parts.entries()) {
    const vectors = await readRows(context, part);
    for (; wanted[taken] < first + rows; taken++) {
      const at = (wanted[taken] - first) * dimension;
      gathered.set(vectors.subarray(at, at + dimension), taken * dimension);
    }
    first += rows;
  }
  return gathered;
}

/** Gives the rows of a part to their nearest centres, and adds them up. */
export async function addUp(context: ClusterContext, iteration: number, part: number): Promise<void> {
  const { results } = context;
  const centres = (await readResult(results, `centres-${iteration}`))('centres', Float32Array);
  const { clustered } = await assignedPart(context, part, centres);
  const { counts, sums } = clustered.sums;
  await commitResult(results, `sums-${iteration}-${part}`, { counts, sums });
}

/** Moves the centres to the means of their rows, and decides whether that was the last time. */
export async function update(context: ClusterContext, iteration: number): Promise<void> {
  const { request, results, header } = context;
  const last = (await readResult(results, `centres-${iteration}`))('centres', Float32Array);
  const merged = new ClusterSums(await readRounders(context), last.length / header.dimension);
  for (const part of request.parts.keys()) {
    const read = await readResult(results, `sums-${iteration}-${part}`);
    merged.merge({ counts: read('counts', Uint32Array), sums: read('sums', Float64Array) });
  }
  if (merged.counts.includes(0)) await fillEmpty(context, merged, last);
  const centres = merged.means(last);
  const isLast = iteration + 1 === request.iterations || centres.every((value, i) => value === last[i]);
  if (isLast) await commitResult(results, 'final', { centres, mean: merged.mean() });
  else await commitResult(results, `centres-${iteration + 1}`, { centres });
}

/** Empty clusters are rare, so that this job looks at all rows by itself. */
async function fillEmpty(context: ClusterContext, merged: ClusterSums, centres: Float32Array): Promise<void> {
  const { dimension } = context.header;
  const k = centres.length / dimension;
  const rounders = await readRounders(context);
  const farthest: ReturnType<ClusterPart['farthest']> = [];
  for (const part of context.request.parts.keys()) {
    const clustered = new ClusterPart(await readRows(context, part), dimension, k, rounders);
    clustered.assign(centres);
    // Copies, for the part's rows to be forgotten.
    for (const row of clustered.farthest(k)) farthest.push({ ...row, vector: row.vector.slice() });
  }
  fillEmptyClusters(merged, farthest);
}
