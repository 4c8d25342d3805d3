import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import type { DashboardPorts } from '../../src/dashboard/ports.ts';
import { createDashboard, listen } from '../../src/dashboard/server.ts';
import { dashboardSettings } from '../../src/dashboard/settings.ts';
import { SoundalikeError } from '../../src/errors.ts';
import type { RunStatus } from '../../src/jobs/run-status.ts';
import type { Collection, CollectionTrack } from '../../src/recommend/collection.ts';
import { recommendFor } from '../../src/recommend/recommend-for.ts';
import type { TrackFilter } from '../../src/recommend/track-filter.ts';
import { openPlaylists } from '../../src/store/playlists.ts';
import { openSessions } from '../../src/store/sessions.ts';
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
    async list({ query = '', filter = {}, offset = 0, limit = 50 }) {
      const words = query.toLowerCase().split(/\s+/);
      const found = tracks.filter(({ title, artist, album, genre }) => {
        const text = [title, artist, album, genre].join(' ').toLowerCase();
        return words.every((word) => text.includes(word));
      });
      const kept = found.filter(meets(filter));
      return { total: kept.length, tracks: kept.slice(offset, offset + limit) };
    },
    tracksOfPaths: async (paths) => paths.map((path) => tracks.find((track) => track.path === path) ?? null),
    genres: () =>
      GENRES.map((genre) => ({ genre, tracks: tracks.filter((track) => track.genre === genre).length })),
    async similar(ids, { k = 10, aspect, filter = {}, otherArtists = false } = {}) {
      const seeds = ids.map((id) => position(String(id)));
      const artists = otherArtists ? seeds.map((seed) => tracks[seed].artist) : [];
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
      { stage: 'plan', total: 1, done: 1, active: 0, waiting: 0, failed: 0 },
      {
        stage: 'extract',
        total: 40,
        done,
        active: finished ? 0 : 2,
        waiting: finished ? 0 : 37 - done,
        failed: finished ? 0 : 1,
      },
      {
        stage: 'documents',
        total: 40,
        done: finished ? 40 : Math.max(0, done - 2),
        active: finished ? 0 : 1,
        waiting: finished ? 0 : 41 - Math.max(2, done),
        failed: 0,
      },
      { stage: 'index', total: 1, done: finished ? 1 : 0, active: 0, waiting: finished ? 0 : 1, failed: 0 },
    ],
    tracks: { planned: 8_000, analysed: done * 200 - 3, failed: 3, truncated: 2 },
    progress: share,
    tracksPerMinute: 412.4,
    secondsLeft: share < 0.05 ? null : Math.round((1 - share) * 1_170),
    failures: [
      {
        code: 'AUDIO_WITHOUT_FRAMES',
        count: 2,
        samples: [
          { track: '098565', path: '098/098565.mp3', message: 'tags, but no audio frame' },
          { track: '098567', path: '098/098567.mp3', message: 'tags, but no audio frame' },
        ],
      },
      {
        code: 'AUDIO_SILENT',
        count: 1,
        samples: [{ track: '133297', path: '133/133297.mp3', message: 'every sample is zero' }],
      },
    ],
    workers: finished
      ? []
      : [
          {
            id: 'studio:4121',
            host: 'studio',
            pid: 4121,
            concurrency: 2,
            current: [
              { stage: 'extract', run, partition: '9f2c41d07be81a55' },
              { stage: 'extract', run, partition: '0b7710cce3a94f20' },
            ],
            seenAt: new Date().toISOString(),
          },
          {
            id: 'attic:902',
            host: 'attic',
            pid: 902,
            concurrency: 4,
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
    collection: async () => collection,
    queues: [],
    listeners: fakeListeners(ports.collection ?? (async () => collection)),
    playlists: openPlaylists(memoryDocuments()),
    sessions: openSessions(folder),
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
