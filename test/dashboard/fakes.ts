import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipStatistics } from '../../src/audio/descriptors.ts';
import { detectFormat } from '../../src/audio/format.ts';
import { readConfig } from '../../src/config.ts';
import type { DashboardPorts } from '../../src/dashboard/ports.ts';
import { createDashboard, listen } from '../../src/dashboard/server.ts';
import { dashboardSettings } from '../../src/dashboard/settings.ts';
import type { Uploads } from '../../src/dashboard/uploads/analyse-upload.ts';
import { SoundalikeError } from '../../src/errors.ts';
import type { RunStatus, RunSummary } from '../../src/jobs/run-status.ts';
import type { Timeline } from '../../src/jobs/timeline.ts';
import type { Collection, CollectionTrack } from '../../src/recommend/collection.ts';
import { recommendFor } from '../../src/recommend/recommend-for.ts';
import type { TrackFilter } from '../../src/search/meeting-rows.ts';
import { openPlaylists } from '../../src/store/playlists.ts';
import { openSessions } from '../../src/store/sessions.ts';
import { openUploads } from '../../src/store/uploads.ts';
import { memoryDocuments } from '../support/memory-documents.ts';
import { sineWav } from '../support/wav.ts';
import { fakeListeners, lineOf } from './fake-listeners.ts';

const TITLES = ['Harbour at Dusk', 'Slow Tide', 'Copper Wire', 'Night Bus', 'Paper Lanterns', 'Static Bloom'];
const ARTISTS = ['Mara Lindqvist', 'The Low Fens', 'Ostrava Club', 'Ikue & Sons'];
const GENRES = ['Ambient', 'Electronic', 'Folk', 'Hip-Hop'];

/** Tracks whose sound is one number, their index; every seventh has neither title nor artist. */
export function fakeTracks(count: number): CollectionTrack[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i + 1).padStart(6, '0'),
    title: i % 7 === 6 ? null : `${TITLES[i % TITLES.length]} ${Math.floor(i / TITLES.length) + 1}`,
    artist: i % 7 === 6 ? null : ARTISTS[i % ARTISTS.length],
    album: i % 3 === 0 ? 'Field Notes' : null,
    genre: GENRES[i % GENRES.length],
    path: `${String(i % 4).padStart(3, '0')}/take ${i + 1}.wav`,
    seconds: 12,
    tempo: 60 + i,
    cluster: i % 5,
  }));
}

const meets =
  ({ genre, tempo, seconds }: TrackFilter) =>
  (track: CollectionTrack) =>
    (!genre || genre.includes(track.genre!)) &&
    (!tempo || (track.tempo! >= tempo[0] && track.tempo! <= tempo[1])) &&
    (!seconds || (track.seconds >= seconds[0] && track.seconds <= seconds[1]));

/** A collection in memory that searches as the interface promises; each track's audio is `file`. */
export function fakeCollection(tracks: CollectionTrack[], file: (id: string) => string): Collection {
  const position = (id: string) => {
    const found = tracks.findIndex((track) => track.id === id);
    if (found < 0) throw new SoundalikeError('TRACK_NOT_FOUND', `the index holds no track ${id}`);
    return found;
  };
  return {
    index: 'index-1',
    size: tracks.length,
    method: 'exact',
    analysis: { preset: 'default', window: null, ffmpeg: null },
    track: (id) => tracks[position(id)],
    async list({ query = '', filter = {}, sort, descending = false, offset = 0, limit = 50 }) {
      const words = query.toLowerCase().split(/\s+/);
      const found = tracks.filter(({ title, artist, album, genre }) => {
        const text = [title, artist, album, genre].join(' ').toLowerCase();
        return words.every((word) => text.includes(word));
      });
      const kept = found.filter(meets(filter));
      if (sort) {
        const sign = descending ? -1 : 1;
        // What has none comes last, either way.
        const rank = (track: CollectionTrack) => track[sort] ?? (descending ? '' : '\uffff');
        kept.sort((a, b) => (rank(a) < rank(b) ? -sign : rank(a) > rank(b) ? sign : 0));
      }
      return { total: kept.length, tracks: kept.slice(offset, offset + limit) };
    },
    async albums() {
      const names = ({ artist, album }: CollectionTrack) => JSON.stringify([artist, album]);
      return [...new Set(tracks.map(names))].map((name) => {
        const own = tracks.filter((track) => names(track) === name);
        const { artist, album, genre } = own[0];
        const seconds = own.reduce((sum, track) => sum + track.seconds, 0);
        const byPath = own.toSorted((a, b) => (a.path < b.path ? -1 : 1));
        return { artist, album, genre, seconds, tracks: byPath.map(({ id }) => id) };
      });
    },
    tracksOfPaths: async (paths) => paths.map((path) => tracks.find((track) => track.path === path) ?? null),
    genres: async () =>
      GENRES.map((genre) => ({ genre, tracks: tracks.filter((track) => track.genre === genre).length })),
    async similar(ids, { k = 10, aspect, filter = {}, otherArtists = false } = {}) {
      // A sound that is not of the collection is nearest to the first track.
      const seeds = ids.map((seed) => (typeof seed === 'string' ? position(seed) : -1));
      const artists = otherArtists ? seeds.map((seed) => tracks[seed]?.artist) : [];
      return tracks
        .map((track, i) => {
          const squares = seeds.map((seed) => (Math.abs(i - seed) / 8) ** 2);
          return { ...track, distance: Math.sqrt(squares.reduce((a, b) => a + b) / seeds.length) };
        })
        .filter((track, i) => !seeds.includes(i) && meets(filter)(track) && !artists.includes(track.artist))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, k)
        .map((track) => ({
          ...track,
          similarity: 1 / (1 + track.distance),
          why: aspect ? `near in ${aspect}` : 'same tempo ±3, darker timbre',
        }));
    },
    async path(from, to, steps) {
      const [start, end] = [position(from), position(to)];
      return Array.from({ length: steps + 1 }, (_, i) => {
        const track = tracks[Math.round(start + ((end - start) * i) / steps)];
        return i === 0
          ? { ...track, distance: null, why: null }
          : { ...track, distance: 0.5, why: 'slower by 9' };
      });
    },
    recommend: (profile) => recommendFor(profile, lineOf(tracks)),
    duplicates: async () => [],
    // A spiral, for want of vectors.
    map: async () => ({
      ids: tracks.map(({ id }) => id),
      x: Float32Array.from(tracks, (_, i) => 0.5 + (0.5 * i * Math.cos(i / 4)) / tracks.length),
      y: Float32Array.from(tracks, (_, i) => 0.5 + (0.5 * i * Math.sin(i / 4)) / tracks.length),
      cluster: Uint16Array.from(tracks, ({ cluster }) => cluster),
      genre: Uint16Array.from(tracks, ({ genre }) => (genre === null ? 0xffff : GENRES.indexOf(genre))),
      genres: GENRES.map((genre) => ({
        genre,
        tracks: tracks.filter((track) => track.genre === genre).length,
      })),
    }),
    async audioFile(id) {
      position(id);
      return file(id);
    },
    // Twelve swells, each as loud as the tracks before it and a little more.
    async peaks(id) {
      position(id);
      return Uint8Array.from(
        { length: 600 },
        (_, i) => 255 * ((i + 1) / 600) * Math.abs(Math.sin((i * Math.PI) / 50)),
      );
    },
  };
}

/** A run in the middle of its extraction; `share` of its 40 partitions is done. */
export function fakeRun(run: string, share: number): RunStatus {
  const done = Math.round(40 * share);
  const finished = share === 1;
  return {
    run,
    source: '/music/fma_small',
    createdAt: '2026-03-02T20:15:00.000Z',
    state: finished ? 'done' : 'extracting',
    reason: null,
    stages: [
      {
        stage: 'plan',
        total: 1,
        done: 1,
        active: 0,
        waiting: 0,
        failed: 0,
        durations: { count: 1, p50: 2.1, p90: 2.1, max: 2.1 },
      },
      {
        stage: 'extract',
        total: 40,
        done,
        active: finished ? 0 : 2,
        waiting: finished ? 0 : 37 - done,
        failed: finished ? 0 : 1,
        durations: done > 0 ? { count: done, p50: 31.4, p90: 58.2, max: 121.9 } : null,
      },
      {
        stage: 'documents',
        total: 40,
        done: finished ? 40 : Math.max(0, done - 2),
        active: finished ? 0 : 1,
        waiting: finished ? 0 : 41 - Math.max(2, done),
        failed: 0,
        durations: done > 2 ? { count: done - 2, p50: 0.08, p90: 0.11, max: 0.4 } : null,
      },
      {
        stage: 'index',
        total: 1,
        done: finished ? 1 : 0,
        active: 0,
        waiting: finished ? 0 : 1,
        failed: 0,
        durations: finished ? { count: 1, p50: 6.4, p90: 6.4, max: 6.4 } : null,
      },
    ],
    tracks: { planned: 8_000, analysed: done * 200 - 3, failed: 3, truncated: 2 },
    progress: share,
    audio: {
      analysedSeconds: 239_000 * share,
      totalSeconds: share > 0 ? 239_000 : null,
      estimated: !finished,
    },
    audioPerSecond: 206.2,
    tracksPerMinute: 412.4,
    secondsLeft: share < 0.05 ? null : Math.round((1 - share) * 1_170),
    failures: [
      {
        code: 'AUDIO_WITHOUT_FRAMES',
        count: 2,
        passing: false,
        samples: [
          { track: '098565', path: '098/098565.mp3', message: 'tags, but no audio frame' },
          { track: '098567', path: '098/098567.mp3', message: 'tags, but no audio frame' },
        ],
      },
      {
        code: 'AUDIO_TIMED_OUT',
        count: 1,
        passing: true,
        samples: [
          { track: '133297', path: '133/133297.mp3', message: 'the analysis took longer than the limit' },
        ],
      },
    ],
    retries: 0,
    stragglers: finished
      ? []
      : [{ stage: 'extract', partition: '0b7710cce3a94f20', worker: 'studio:4121:m1', seconds: 118 }],
    workers: finished
      ? []
      : [
          {
            id: 'studio:4121:m1',
            host: 'studio',
            pid: 4121,
            concurrency: 2,
            cores: 8,
            busyCores: 1.93,
            memory: 1_310_000_000,
            current: [
              { stage: 'extract', run, partition: '9f2c41d07be81a55' },
              { stage: 'extract', run, partition: '0b7710cce3a94f20' },
            ],
            seenAt: new Date().toISOString(),
          },
          {
            id: 'attic:902:m2',
            host: 'attic',
            pid: 902,
            concurrency: 4,
            cores: 4,
            busyCores: null,
            memory: null,
            current: [],
            seenAt: new Date(Date.now() - 9_000).toISOString(),
          },
        ],
    cleaning: {
      rows: 8_012,
      files: 8_006,
      matched: 8_003,
      filesWithoutRow: 3,
      rowsWithoutFile: 9,
      repaired: { 'id padded': 5_120, 'white space stripped': 41 },
      dropped: { 'known to be damaged': 6 },
      sampled: null,
    },
  };
}

/** The same as it stands in the list of runs. */
export function fakeSummary(name: string, share: number): RunSummary {
  const { run, source, createdAt, state, reason, tracks, progress, secondsLeft } = fakeRun(name, share);
  return { run, source, createdAt, state, reason, tracks, progress, secondsLeft };
}

/** Two workers with two processors each, one of which was killed. */
export function fakeTimeline(): Timeline {
  const blocks: Timeline['blocks'] = [
    { worker: 0, lane: 0, stage: 'plan', begin: 0, end: 2, attempts: 1, outcome: 'done' },
  ];
  for (let i = 0; i < 24; i++) {
    const [worker, lane] = [i % 2, (i >> 1) % 2];
    const begin = 3 + 30 * Math.floor(i / 4) + 7 * worker + 4 * lane;
    const outcome = i === 22 ? 'active' : i === 23 ? 'lost' : i === 9 ? 'failed' : 'done';
    blocks.push({ worker, lane, stage: 'extract', begin, end: begin + 28, attempts: 1 + (i % 3), outcome });
  }
  return {
    beginsAt: '2026-03-02T20:15:02.000Z',
    seconds: 192,
    workers: [
      { id: 'studio:4121:m1', attempts: 13, failed: 0, busySeconds: 338 },
      { id: 'attic:902:m2', attempts: 12, failed: 2, busySeconds: 336 },
    ],
    blocks,
  };
}

/** Takes each file whose content looks like audio for one sound; the real analysis needs the compiled program. */
export function fakeUploads(dataDir: string): Uploads {
  return {
    store: openUploads(dataDir),
    async analyse(file) {
      if (detectFormat(await readFile(file))) return { statistics: {} as ClipStatistics, seconds: 12 };
      throw new SoundalikeError('AUDIO_UNKNOWN_FORMAT', 'the content is of no known format');
    },
  };
}

export interface TestDashboard {
  address: string;
  /** What was logged as a fault of the program. */
  faults: unknown[];
  /** The audio of every track. */
  wav: Buffer;
  /** The folder the audio file lies in. */
  folder: string;
  close(): Promise<void>;
}

/**
 * Serves a dashboard on a free port of 127.0.0.1 with one real audio file.
 *
 * @param ports Replaces any of the fakes.
 * @param environment Settings, as a user gives them.
 */
export async function startDashboard(
  ports: Partial<DashboardPorts> = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<TestDashboard> {
  const settings = dashboardSettings(readConfig({ PORT: '0', ...environment }));
  // With a leading dot: that a folder is hidden must not hide the music in it.
  const folder = await mkdtemp(join(tmpdir(), '.soundalike-dashboard-'));
  const wav = sineWav(12, 220);
  const file = join(folder, 'a tone & 50 % more.wav');
  await writeFile(file, wav);
  const faults: unknown[] = [];
  const collection = fakeCollection(fakeTracks(120), () => file);
  const fakes: DashboardPorts = {
    listRuns: async () => [],
    runStatus: async (run) => {
      throw new SoundalikeError('RUN_NOT_FOUND', `there is no run ${run}`);
    },
    runTimeline: async () => fakeTimeline(),
    control: {
      pause: async () => {},
      resume: async () => {},
      cancel: async () => {},
      retry: async () => 0,
      again: async (run) => run,
    },
    collection: async () => collection,
    queues: [],
    listeners: fakeListeners(ports.collection ?? (async () => collection)),
    playlists: openPlaylists(memoryDocuments()),
    sessions: openSessions(folder),
    uploads: fakeUploads(folder),
    logFault: (error) => faults.push(error),
    ...ports,
  };
  const server = await listen(createDashboard(fakes, settings), settings.host, settings.port);
  return {
    address: server.address.replace('0.0.0.0', '127.0.0.1'),
    faults,
    wav,
    folder,
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
