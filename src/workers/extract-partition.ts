import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AnalysisSettings } from '../audio/analysis-settings.ts';
import { type ClipFeatures, PRESETS } from '../audio/descriptors.ts';
import { searchText } from '../dataset/search-fields.ts';
import type { Track } from '../dataset/track.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import { openCarryIndex, readShardRows } from '../store/carry.ts';
import { commitPartition } from '../store/commit.ts';
import type { Manifest, TrackFailure } from '../store/manifest.ts';
import { readManifest } from '../store/manifest-files.ts';
import type { PartitionRetry, Plan } from '../store/plan.ts';
import { readPartition, requirePlan } from '../store/plan-files.ts';
import type { ShardRow } from '../store/shard.ts';
import { type Analyser, createAnalyser } from './analyser.ts';
import { requireFfmpeg } from './ffmpeg-version.ts';
import { runAnalysis } from './run-analysis.ts';

export interface ExtractOptions {
  dataDir: string;
  run: string;
  partition: string;
  /** Names this attempt's temporary files. */
  attempt: string;
  /** A fault of the disk ends the attempt, but on the last one it is held against the file. */
  lastAttempt: boolean;
  timeoutSeconds: number;
  /** Called before each track that is analysed; what it throws ends the attempt. */
  beforeTrack(): Promise<void>;
}

/** What a partition took, for people; part of no result. Times in milliseconds. */
export interface ExtractEffort {
  /** Tracks that were analysed, and not carried over from an earlier run. */
  analysed: number;
  read: number;
  decode: number;
  features: number;
  write: number;
}

const entryOf = (plan: Plan, partition: string) => plan.partitions.find(({ id }) => id === partition);

/** Kept between the jobs of a process: the plan of a run and its carried rows never change but by a retry. */
interface RunState {
  plan: Plan;
  analysis: AnalysisSettings;
  /** The features that an earlier run found for the same content. */
  carried: (contentHash: string) => Promise<ClipFeatures | null>;
  analyser: Analyser;
}

let kept: RunState | null = null;

async function stateOf({ dataDir, run, partition, timeoutSeconds }: ExtractOptions): Promise<RunState> {
  // A retry since the plan was read has brought partitions that it lacks.
  if (kept?.plan.run === run && entryOf(kept.plan, partition)) return kept;
  kept?.analyser.close();
  const plan = await requirePlan(dataDir, run);
  const carried = await openCarryIndex(dataDir, run);
  const { maximumSeconds } = plan.settings;
  const analysis = runAnalysis(plan);
  if (analysis.ffmpeg !== null) await requireFfmpeg(analysis.ffmpeg);
  kept = { plan, analysis, carried, analyser: createAnalyser({ maximumSeconds, timeoutSeconds }, analysis) };
  return kept;
}

/**
 * Analyses the tracks of one partition and commits them. May run any number of times, also at once: the first
 * manifest stands.
 *
 * @throws SoundalikeError SOURCE_NOT_FOUND where this machine does not see the source, RUN_VERSION where the run was
 *   planned by another version of the program, DECODER_UNUSABLE where this machine lacks the ffmpeg of the plan.
 */
export async function extractPartition(
  options: ExtractOptions,
): Promise<{ manifest: Manifest; effort: ExtractEffort }> {
  const effort: ExtractEffort = { analysed: 0, read: 0, decode: 0, features: 0, write: 0 };
  const { dataDir, run, partition, attempt } = options;
  const existing = await readManifest(dataDir, run, partition);
  if (existing) return { manifest: existing, effort };

  const state = await stateOf(options);
  const { plan } = state;
  await requireSource(plan.root);
  const entry = entryOf(plan, partition);
  if (!entry) throw new Error(`the plan of run ${run} has no partition ${partition}`);
  const { tracks } = await readPartition(dataDir, run, entry);
  const kept = await keptOf(dataDir, run, entry.retry);
  const rows: ShardRow[] = [];
  const failures: TrackFailure[] = [];
  for (const track of tracks) {
    const row = kept.rows.get(track.id);
    const failure = kept.failures.get(track.id);
    if (row) rows.push(row);
    if (failure) failures.push(failure);
    if (row || failure) continue;
    await options.beforeTrack();
    try {
      rows.push(await analyseTrack(track, state, options.lastAttempt, effort));
    } catch (error) {
      if (!(error instanceof SoundalikeError)) throw error;
      failures.push({ track: track.id, path: track.path, code: error.code, message: error.message });
    }
  }
  // A source that went away meanwhile would make failures of files that are there.
  if (failures.some(({ code }) => code === 'AUDIO_UNREADABLE')) await requireSource(plan.root);
  const started = performance.now();
  const manifest = await commitPartition({
    dataDir,
    run,
    partition,
    attempt,
    rows,
    failures,
    descriptors: PRESETS[state.analysis.preset],
    featureVersion: plan.settings.featureVersion,
  });
  effort.write = performance.now() - started;
  return { manifest, effort };
}

/** What an earlier attempt found that stands, by track: all but the failures that are analysed again. */
async function keptOf(
  dataDir: string,
  run: string,
  retry: PartitionRetry | undefined,
): Promise<{ rows: Map<string, ShardRow>; failures: Map<string, TrackFailure> }> {
  const manifest = retry ? await readManifest(dataDir, run, retry.of) : null;
  if (!retry || !manifest) return { rows: new Map(), failures: new Map() };
  const rows = await readShardRows(dataDir, manifest);
  const failures = manifest.failures.filter(({ code }) => !retry.codes.includes(code));
  return {
    rows: new Map(rows.map((row) => [row.id, row])),
    failures: new Map(failures.map((failure) => [failure.track, failure])),
  };
}

/** Where nothing is mounted there is no folder, or an empty one. */
async function requireSource(root: string): Promise<void> {
  const entries = await readdir(root).catch(() => []);
  if (entries.length > 0) return;
  throw new SoundalikeError(
    'SOURCE_NOT_FOUND',
    `this machine does not see the source folder ${root}: mount it at the same path as on the machine that planned the run`,
  );
}

async function analyseTrack(
  track: Track,
  { plan, carried, analyser }: RunState,
  lastAttempt: boolean,
  effort: ExtractEffort,
): Promise<ShardRow> {
  const file = resolve(plan.root, track.path);
  const started = performance.now();
  let contentHash = await hashOf(file, lastAttempt);
  let features = await carried(contentHash);
  effort.read += performance.now() - started;
  if (!features) {
    const analysis = await analyser.analyse(file);
    effort.analysed++;
    effort.decode += analysis.decodeMs;
    effort.features += analysis.featuresMs;
    features = analysis.features;
    contentHash = analysis.contentHash;
  }
  const { title, artist, album, genre } = track.metadata;
  return {
    id: track.id,
    contentHash,
    path: track.path,
    metadata: track.metadata,
    search: {
      title: title && searchText(title),
      artist: artist && searchText(artist),
      album: album && searchText(album),
      genre: genre && searchText(genre),
    },
    features,
    featureVersion: plan.settings.featureVersion,
  };
}

/** What is wrong with the file itself, and stays so; anything else may be this machine's fault, and may pass. */
const LASTING = new Set(['ENOENT', 'EISDIR', 'ENAMETOOLONG']);

async function hashOf(file: string, lastAttempt: boolean): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!LASTING.has(code) && !lastAttempt) throw error;
    // The message stands in a manifest, which must not depend on where the folders lie.
    throw new SoundalikeError('AUDIO_UNREADABLE', `the file cannot be read (${code || messageOf(error)})`);
  }
  return hash.digest('hex');
}
