import { SoundalikeError } from '../errors.ts';
import { changeIndex } from '../store/change-index.ts';
import { newSegment } from '../store/index-segments.ts';
import { liveRowsByRun } from '../store/index-table.ts';
import { readManifests } from '../store/manifest-files.ts';
import type { OpenIndex } from '../store/open-index.ts';
import { requirePlan } from '../store/plan-files.ts';
import { type AnalysedTrack, readAnalysedTracks, segmentOfTracks, trackLayouts } from './analysed-tracks.ts';
import { runAnalysis } from './run-analysis.ts';

/** A live row of the index, read again from the run that it comes from. */
interface LiveTrack extends AnalysedTrack {
  origin: { run: string; row: number };
}

/** The live rows of one run. */
interface LiveRun {
  tracks: LiveTrack[];
  /** Rows of the run, live or not. */
  rows: number;
}

/**
 * Writes all live rows of the index as one segment, scaled anew: with the same bytes as that of a run of just these
 * tracks. Settings that were tuned are those of the build again.
 *
 * @throws SoundalikeError RUN_NOT_FOUND, RUN_INCOMPLETE, RUN_VERSION, SHARD_DAMAGED where a run that rows come from is
 *   not as it was; and as `changeIndex`
 */
export async function mergeIndex(dataDir: string): Promise<{ index: string; tracks: number }> {
  let count = 0;
  const index = await changeIndex(dataDir, async (base) => {
    const runs: LiveRun[] = [];
    for (const [run, wanted] of liveRowsByRun(base)) runs.push(await readLive(dataDir, base, run, wanted));
    const tracks = runs.flatMap((run) => run.tracks).sort((a, b) => (a.track.id < b.track.id ? -1 : 1));
    count = tracks.length;
    const { featureVersion } = base.header;
    const segment = segmentOfTracks(tracks, await layoutsNow(dataDir, tracks[0].origin.run), featureVersion);
    if (segment.id === base.index) return null;
    const origins = tracks.map(({ origin }) => origin);
    return [newSegment(segment, origins, runs[0].rows)];
  });
  return { index, tracks: count };
}

async function readLive(
  dataDir: string,
  { list }: OpenIndex,
  run: string,
  wanted: Map<number, number>,
): Promise<LiveRun> {
  const manifests = await readManifests(dataDir, await requirePlan(dataDir, run));
  const layouts = await layoutsNow(dataDir, run);
  const tracks: LiveTrack[] = [];
  let row = 0;
  for await (const analysed of readAnalysedTracks(dataDir, manifests, layouts)) {
    const at = wanted.get(row);
    if (at !== undefined && list.track(at).id === analysed.track.id) {
      tracks.push({ ...analysed, origin: { run, row } });
    }
    row++;
  }
  if (tracks.length < wanted.size) {
    throw new SoundalikeError(
      'SHARD_DAMAGED',
      `run ${run} does not hold the tracks that the index has from it: run the collection again`,
    );
  }
  return { tracks, rows: row };
}

/** The layouts that an index made of the run today would have. */
async function layoutsNow(dataDir: string, run: string) {
  return trackLayouts(runAnalysis(await requirePlan(dataDir, run)).preset);
}
