import { describe, expect, it } from 'vitest';
import { similarPath } from '../../src/dashboard/public/assets/alike-choices.js';
import { chooseNext } from '../../src/dashboard/public/assets/endless.js';
import { recallHeard, rememberHeard } from '../../src/dashboard/public/assets/heard-tracks.js';

const track = (id: string, artist: string | null = `artist of ${id}`) => ({ id, artist });

describe('the track that endless play goes on with', () => {
  it('is the nearest that was not heard', () => {
    const heard = [track('a'), track('b')];
    expect(chooseNext(heard, [track('b'), track('a'), track('d'), track('c')])).toEqual(track('d'));
    expect(chooseNext([], [track('x')])).toEqual(track('x'));
  });

  it('is never the third of one artist in a row', () => {
    const heard = [track('a'), track('b', 'Mara'), track('c', 'Mara')];
    expect(chooseNext(heard, [track('d', 'Mara'), track('e', 'Ikue')])).toEqual(track('e', 'Ikue'));
    expect(chooseNext(heard, [track('d', 'Mara')])).toBeNull();
    expect(chooseNext(heard.slice(0, 2), [track('d', 'Mara')])).toEqual(track('d', 'Mara'));
  });

  it('may be of an artist that is not known, however often', () => {
    const heard = [track('a', null), track('b', null)];
    expect(chooseNext(heard, [track('c', null)])).toEqual(track('c', null));
  });

  it('is what was heard the longest ago, where all was', () => {
    const heard = [track('a'), track('b'), track('c'), track('a')];
    expect(chooseNext(heard, [track('a'), track('c'), track('b')])).toEqual(track('b'));
  });

  it('never comes to an end, in a collection of few tracks by two artists', () => {
    const tracks = Array.from({ length: 9 }, (_, i) => track(String(i), i % 3 === 0 ? 'Mara' : 'Ikue'));
    const heard = [tracks[0]!];
    for (let i = 0; i < 200; i++) {
      const playing = heard.at(-1)!;
      const next = chooseNext(
        heard,
        tracks.filter(({ id }) => id !== playing.id),
      );
      heard.push(next!);
    }
    for (let i = 2; i < heard.length; i++) {
      expect(new Set(heard.slice(i - 2, i + 1).map(({ artist }) => artist)).size).toBe(2);
    }
    expect(new Set(heard.slice(0, 9)).size).toBe(9);
  });
});

describe('what was heard', () => {
  const storage = (items: Record<string, string> = {}) => ({
    getItem: (key: string) => items[key] ?? null,
    setItem: (key: string, value: string) => {
      items[key] = value;
    },
  });

  it('is kept, the last 500 of it, and nothing more of a track than is needed', () => {
    const kept = storage();
    const heard = Array.from({ length: 600 }, (_, i) => ({
      id: String(i),
      artist: null,
      tempo: i,
      title: 'a',
    }));
    rememberHeard(kept, heard);
    expect(recallHeard(kept)).toEqual(
      Array.from({ length: 500 }, (_, i) => ({ id: String(i + 100), artist: null, tempo: i + 100 })),
    );
  });

  it.each(['', 'no JSON', 'null', '[]', '{"version":0,"tracks":[{"id":"a"}]}', '{"version":1,"tracks":7}'])(
    'is nothing where %j is kept',
    (value) => {
      expect(recallHeard(storage({ 'soundalike.heard': value }))).toEqual([]);
    },
  );

  it('is of this visit alone where nothing can be kept', () => {
    const forbidden = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    expect(recallHeard({ getItem: forbidden })).toEqual([]);
    expect(() => rememberHeard({ setItem: forbidden }, [])).not.toThrow();
  });
});

describe('what is asked about', () => {
  const nothing = { aspect: '', genre: '', tempo: '', duration: '', otherArtists: false };

  it.each([
    [[{ id: 'a/b', tempo: 100 }], nothing, '/tracks/a%2Fb/similar?k=20'],
    [
      [
        { id: 'a', tempo: 100 },
        { id: 'b', tempo: 150 },
      ],
      { ...nothing, aspect: 'rhythm', tempo: 'near', otherArtists: true },
      '/similar?id=a&id=b&k=20&aspect=rhythm&tempo=92.0-108.0&other_artists=1',
    ],
    [
      [{ id: 'a', tempo: null }],
      { ...nothing, genre: 'Hip-Hop & Rap', tempo: 'near', duration: '0-120' },
      '/tracks/a/similar?k=20&genre=Hip-Hop+%26+Rap&duration=0-120',
    ],
  ])('%j by %j', (seeds, choices, path) => {
    expect(similarPath(seeds, choices, 20)).toBe(path);
  });
});
