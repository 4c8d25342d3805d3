import { describe, expect, it } from 'vitest';
import { profileOf } from '../../src/recommend/listener-profile.ts';
import { recommendFor, type SoundSpace } from '../../src/recommend/recommend-for.ts';
import { exactNearestNeighbors } from '../../src/search/exact.ts';
import { createRandom } from '../../src/search/random.ts';
import { numbered, randomEvents } from './events.ts';

const DIMENSION = 8;
const OF_GROUP = 100;

/** Groups of 100 tracks around far apart points, the larger numbers the wider; three tracks an artist. */
function groups(count: number): SoundSpace {
  const random = createRandom(5);
  const centres = Array.from({ length: count }, (_, group) =>
    Float32Array.from({ length: DIMENSION }, (_, i) => (i === group ? 20 : 0)),
  );
  const vectors = new Float32Array(count * OF_GROUP * DIMENSION);
  for (let row = 0; row < count * OF_GROUP; row++) {
    const group = Math.floor(row / OF_GROUP);
    for (let i = 0; i < DIMENSION; i++) {
      vectors[row * DIMENSION + i] = centres[group]![i]! + (1 + group) * random.normal();
    }
  }
  return {
    size: count * OF_GROUP,
    rowOf: (id) => (/^t\d+$/.test(id) ? Number(id.slice(1)) : undefined),
    track: (row) => ({ id: `t${row}`, artist: row % 10 === 9 ? null : `artist ${Math.floor(row / 3)}` }),
    vectorOf: (row) => vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION),
    nearest: async (query, k, excludeRows) => exactNearestNeighbors(vectors, query, k, { excludeRows }),
    starts: () => centres,
  };
}

const groupOf = (track: string) => Math.floor(Number(track.slice(1)) / OF_GROUP);
const space = groups(4);
const recommend = (...events: ReturnType<typeof numbered>[]) => recommendFor(profileOf(events), space);

describe('recommendations', () => {
  it('for somebody new begin in different places', async () => {
    const list = await recommend();
    expect(list).toHaveLength(20);
    expect(list.every(({ because }) => because === null)).toBe(true);
    expect(new Set(list.slice(0, 4).map(({ track }) => groupOf(track))).size).toBe(4);
  });

  it('are like what was liked, and say so', async () => {
    const list = await recommend(numbered(1, 'like', 't205'));
    expect(list).toHaveLength(20);
    for (const { track, because } of list) {
      expect(groupOf(track)).toBe(2);
      expect(because).toEqual({ track: 't205', liked: true });
    }
    expect((await recommend(numbered(1, 'complete', 't205')))[0]!.because).toEqual({
      track: 't205',
      liked: false,
    });
  });

  it('keep two tastes apart, each from the beginning of the list, however dense either is', async () => {
    const list = await recommend(numbered(1, 'like', 't5'), numbered(2, 'like', 't305'));
    const first = list.slice(0, 6).map(({ track }) => groupOf(track));
    expect(new Set(first)).toEqual(new Set([0, 3]));
    const count = list.filter(({ track }) => groupOf(track) === 0).length;
    expect(count).toBeGreaterThanOrEqual(6);
    expect(count).toBeLessThanOrEqual(14);
    for (const { track, because } of list) expect(groupOf(because!.track)).toBe(groupOf(track));
  });

  it('follow what is liked now', async () => {
    const old = Array.from({ length: 12 }, (_, i) => numbered(i, 'like', `t${i}`));
    const since = Array.from({ length: 200 }, (_, i) => numbered(100 + i, 'play', `t${i % 10}`));
    const list = await recommend(...old, ...since, numbered(400, 'like', 't250'));
    expect(groupOf(list[0]!.track)).toBe(2);
  });

  it('keep away from what was disliked', async () => {
    const liked = numbered(1, 'like', 't305');
    const before = await recommend(liked);
    const bad = before[0]!.track;
    const after = await recommend(liked, numbered(2, 'dislike', bad));
    const distance = (track: string) =>
      Math.hypot(
        ...space
          .vectorOf(space.rowOf(track)!)
          .map((value, i) => value - space.vectorOf(space.rowOf(bad)!)[i]!),
      );
    const mean = (list: { track: string }[]) =>
      list.reduce((sum, { track }) => sum + distance(track), 0) / list.length;
    expect(after.map(({ track }) => track)).not.toContain(bad);
    expect(mean(after)).toBeGreaterThan(1.1 * mean(before.slice(1)));
  });

  it('are neither known nor just heard, and two of an artist at most', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const profile = profileOf(randomEvents(300, 400, seed));
      const list = await recommendFor(profile, space);
      const tracks = list.map(({ track }) => track);
      expect(list).toHaveLength(20);
      expect(new Set(tracks).size).toBe(20);
      const known = new Set([...profile.liked, ...profile.disliked, ...profile.heard.slice(0, 50)]);
      expect(tracks.filter((track) => known.has(track))).toEqual([]);
      const artists = tracks.map((track) => space.track(space.rowOf(track)!).artist);
      for (const artist of artists.filter((name) => name !== null)) {
        expect(artists.filter((other) => other === artist).length).toBeLessThanOrEqual(2);
      }
      expect(await recommendFor(profile, space)).toEqual(list);
    }
  });

  it('pass over tracks that the collection has lost', async () => {
    const list = await recommend(numbered(1, 'like', 'gone'), numbered(2, 'like', 't5'));
    expect(list.every(({ because }) => because?.track === 't5')).toBe(true);
    expect((await recommend(numbered(1, 'like', 'gone')))[0]!.because).toBeNull();
  });

  it('leave something of a small collection, even when all of it was heard', async () => {
    const small: SoundSpace = {
      ...groups(1),
      size: 6,
      nearest: async (query, k, excludeRows) => {
        const vectors = Float32Array.from(
          { length: 6 * DIMENSION },
          (_, i) => space.vectorOf(Math.floor(i / DIMENSION))[i % DIMENSION]!,
        );
        return exactNearestNeighbors(vectors, query, k, { excludeRows });
      },
    };
    const all = Array.from({ length: 6 }, (_, i) => numbered(i, 'complete', `t${i}`));
    const list = await recommendFor(profileOf(all), small);
    // Not the last two heard, t5 and t4, and of the artist of the first three only two.
    expect(list).toHaveLength(3);
    expect(list.map(({ track }) => track)).toContain('t3');
    expect(list.some(({ track }) => ['t4', 't5'].includes(track))).toBe(false);
  });
});
