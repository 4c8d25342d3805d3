/**
 * Makes a data folder with the index of a large collection that has no audio: vectors like music's
 * (test/search/music-like.ts), with names, lengths, tempi, aspects and waveforms. Plan, shards, manifests and index are
 * written by the code that writes them for real; of the descriptors the shards have the vector's alone.
 *
 *     npx tsx bench/large-collection.ts DATA_DIR [TRACKS]
 *
 * 155,000 tracks by default, of 140 values: the seven statistics of MFCC. The same number of tracks gives the same bytes.
 * Takes some minutes. Prints the seconds of each step, then JSON.
 */
import { resolve } from 'node:path';
import { featureVersionOf } from '../src/audio/analysis-settings.ts';
import { PRESETS } from '../src/audio/descriptors.ts';
import { searchText } from '../src/dataset/search-fields.ts';
import { soundLayoutOf } from '../src/search/aspects.ts';
import { dimensionOf, layoutOf } from '../src/search/feature-vector.ts';
import { createRandom } from '../src/search/random.ts';
import { rawSound } from '../src/search/segment-sounds.ts';
import { sha256 } from '../src/sha256.ts';
import { commitPartition } from '../src/store/commit.ts';
import { writePlan } from '../src/store/plan-files.ts';
import { publishIndex } from '../src/store/publish-index.ts';
import { writeFailures, writeSuccess } from '../src/store/run-outcome.ts';
import { writeRequest } from '../src/store/runs.ts';
import type { ShardRow } from '../src/store/shard.ts';
import { segmentOfTracks } from '../src/workers/analysed-tracks.ts';
import { musicLikeTracks } from '../test/search/music-like.ts';
import {
  type GeneratedTrack,
  generateTracks,
  soundColumns,
  statisticsOf,
  waveform,
} from './collection/tracks.ts';

const RUN = 'generated';
const PARTITION = 1000;
const SEED = 7;

const [folder, count = '155000'] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('which data folder? npx tsx bench/large-collection.ts DATA_DIR [TRACKS]');
const dataDir = resolve(folder);
const rows = Number(count);

const featureVersion = featureVersionOf({ preset: 'default', window: null, ffmpeg: null });
const settings = { featureVersion, maximumSeconds: 36_000 };
const layout = layoutOf(['mfcc']);
const sounds = soundLayoutOf(PRESETS.default);
const dimension = dimensionOf(layout);
const random = createRandom(SEED);
const steps: Record<string, number> = {};

async function timed<Result>(step: string, work: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  steps[step] = Math.round((performance.now() - start) / 100) / 10;
  return result;
}

const { tracks, vectorOf } = await timed('tracks', () => {
  const { vectors, ...artists } = musicLikeTracks(rows, dimension, SEED);
  return {
    tracks: generateTracks(artists, random),
    vectorOf: (row: number) => vectors.subarray(row * dimension, (row + 1) * dimension),
  };
});

const metadataOf = ({ title, artist, album, genre }: GeneratedTrack) => ({
  title,
  artist,
  album,
  genre,
  genres: genre === null ? [] : [genre],
  tags: [],
  date: null,
  license: null,
  listens: null,
});

function shardRow(track: GeneratedTrack, row: number): ShardRow {
  const metadata = metadataOf(track);
  const searched = (text: string | null) => text && searchText(text);
  return {
    id: track.id,
    contentHash: sha256(track.id),
    path: track.path,
    metadata,
    search: {
      title: searched(track.title),
      artist: searched(track.artist),
      album: searched(track.album),
      genre: searched(track.genre),
    },
    features: {
      seconds: track.seconds,
      sampleRate: 44_100,
      channels: 2,
      truncated: false,
      statistics: statisticsOf(vectorOf(row), layout),
      peaks: waveform(random),
      segments: new Float32Array(0),
      segmentCount: 0,
    },
    featureVersion,
  };
}

async function writeRun() {
  const request = { source: '/music', metadata: null, sample: null };
  await writeRequest(dataDir, { run: RUN, request, settings, createdAt: '2026-01-01T00:00:00.000Z' });
  const planned = tracks.map((track) => ({
    id: track.id,
    path: track.path,
    // As of 256 kbit/s.
    bytes: 32_000 * track.seconds,
    metadata: metadataOf(track),
  }));
  const partitions = Array.from({ length: Math.ceil(rows / PARTITION) }, (_, place) =>
    planned.slice(place * PARTITION, (place + 1) * PARTITION),
  );
  const report = {
    rows,
    files: rows,
    matched: rows,
    filesWithoutRow: 0,
    rowsWithoutFile: 0,
    repaired: {},
    dropped: {},
    sampled: null,
  };
  const plan = await writePlan(dataDir, { run: RUN, request, settings, root: '/music', report }, partitions);
  const files = [];
  for (const [place, { id: partition }] of plan.partitions.entries()) {
    const first = place * PARTITION;
    const own = tracks.slice(first, first + PARTITION).map((track, i) => shardRow(track, first + i));
    const result = { dataDir, run: RUN, partition, attempt: '1', rows: own, failures: [], featureVersion };
    const { file, rows, sha256 } = await commitPartition({ ...result, descriptors: ['mfcc'] });
    files.push({ file: file!, rows, sha256: sha256! });
  }
  return files;
}

const files = await timed('plan, shards, manifests', writeRun);
const segment = await timed('segment', () =>
  segmentOfTracks(
    tracks.map((track, row) => {
      const raw = vectorOf(row);
      return { track, raw, sound: rawSound(soundColumns(sounds.sources, raw, track), sounds) };
    }),
    { layout, sounds },
    featureVersion,
  ),
);
const index = await timed('publishing', () =>
  publishIndex(dataDir, [{ ...segment, runs: [RUN], rows: null }]),
);
await writeFailures(dataDir, RUN, []);
await writeSuccess(dataDir, { run: RUN, index, rows, failures: 0, files, settings, codeVersion: '0.1.0' });
console.table(steps);
console.log(JSON.stringify({ tracks: rows, dimension, index, seconds: steps }));
