import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEATURE_VERSION } from '../../src/audio/descriptors.ts';
import { liveCollection } from '../../src/recommend/open-collection.ts';
import { inlinePool } from '../../src/search/search-pool.ts';
import { buildSegment } from '../../src/search/segment-build.ts';
import { writePlan } from '../../src/store/plan-files.ts';
import { publishIndex } from '../../src/store/publish-index.ts';
import { musicLikeVectors } from '../search/music-like.ts';
import { sampleHead, samplePartitions } from '../support/plans.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

const DIMENSION = 4;
const MUSIC = 'the bytes of a song';

/** Paths as the index names them, below the music's folder, and what is to be sent of each. */
const PATHS = {
  'song.wav': 200,
  'same-song.wav': 200,
  'link-out.wav': 404,
  'folder-out/secret.wav': 404,
  '../outside/secret.wav': 404,
  'folder/../../outside/secret.wav': 404,
  'notes.wav': 404,
  'notes.txt': 404,
  'gone.wav': 404,
  folder: 404,
};

let folder: string;
let dashboard: TestDashboard;

beforeAll(async () => {
  folder = await suiteFolder();
  const [music, outside, data] = ['music', 'outside', 'data'].map((name) => join(folder, name));
  await mkdir(join(music!, 'folder'), { recursive: true });
  await mkdir(outside!);
  await writeFile(join(music!, 'song.wav'), MUSIC);
  await writeFile(join(music!, 'notes.txt'), 'a secret');
  await writeFile(join(outside!, 'secret.wav'), 'a secret');
  await symlink('song.wav', join(music!, 'same-song.wav'));
  await symlink('notes.txt', join(music!, 'notes.wav'));
  await symlink(join(outside!, 'secret.wav'), join(music!, 'link-out.wav'));
  await symlink(outside!, join(music!, 'folder-out'));

  const paths = Object.keys(PATHS);
  const segment = buildSegment({
    tracks: paths.map((path, i) => {
      const known = { title: null, artist: null, album: null, genre: null, seconds: 1, tempo: null };
      return { ...known, id: String(i).padStart(6, '0'), path };
    }),
    vectors: musicLikeVectors(paths.length, DIMENSION, 1),
    layout: [{ column: 'mfcc_mean', bands: DIMENSION, weight: 1 }],
    scaling: { mean: [0, 0, 0, 0], deviation: [1, 1, 1, 1] },
    featureVersion: FEATURE_VERSION,
  });
  await writePlan(data!, { ...sampleHead, root: music! }, samplePartitions(1, 1));
  await publishIndex(data!, [{ ...segment, runs: [sampleHead.run], rows: null }]);
  dashboard = await startDashboard({ collection: liveCollection(data!, inlinePool) });
});

afterAll(async () => {
  await dashboard?.close();
  await removeFolder(folder);
});

describe('the audio of a track', () => {
  it.each(Object.entries(PATHS))('whose path is %s is answered by %i', async (path, status) => {
    const id = String(Object.keys(PATHS).indexOf(path)).padStart(6, '0');
    const track = await send(dashboard.address, `/api/tracks/${id}`);
    expect(track.json().path).toBe(path);
    const answer = await send(dashboard.address, `/api/tracks/${id}/audio`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.toString()).toBe(MUSIC);
    else {
      expect(answer.json().error.code).toBe('TRACK_NOT_FOUND');
      expect(answer.body.toString()).not.toContain('a secret');
      expect(answer.body.toString()).not.toContain(folder);
    }
  });
});
