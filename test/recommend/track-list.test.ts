import { tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { collectionAlbums } from '../../src/recommend/collection-albums.ts';
import { trackFilters } from '../../src/recommend/track-filter.ts';
import { type ListOptions, trackLists } from '../../src/recommend/track-list.ts';
import { createRandom } from '../../src/search/random.ts';
import { rowSetOf } from '../../src/search/row-set.ts';
import { inlinePool } from '../../src/search/search-pool.ts';
import type { Segment } from '../../src/search/segment.ts';
import { listSegments } from '../../src/search/segment-list.ts';
import { decodeTracks, encodeTracks, type SegmentTrack } from '../../src/search/segment-tracks.ts';
import type { OpenSegment } from '../../src/store/open-index.ts';

const random = createRandom(3);
const pick = <Value>(values: readonly Value[]) => values[Math.floor(random.uniform() * values.length)]!;
const tracks: SegmentTrack[] = Array.from({ length: 400 }, (_, i) => ({
  id: String(i).padStart(6, '0'),
  title: pick(['Snow', 'First Snow', 'Unsnowed', 'Road', null]),
  artist: pick(['Ada', 'Snow Owls', null]),
  album: pick(['Snow Hill', 'Roads', null]),
  genre: pick(['Rock', 'Folk', null]),
  path: `${(i * 7919) % 400}.mp3`,
  seconds: Math.round(300 * random.uniform()),
  tempo: i % 9 === 0 ? null : Math.round(60 + 40 * random.uniform()),
}));
const isDeleted = ({ id }: SegmentTrack) => Number(id) % 11 === 0;

/** An index whose segments hold the tracks that are dealt to each; some of them are deleted where `deleting`. */
function open(dealt: SegmentTrack[][], deleting: boolean) {
  const segments = dealt.map((own) => {
    const table = decodeTracks(tableFromIPC(encodeTracks(own, new Uint32Array(own.length))));
    const segment = { header: { rows: own.length }, tracks: table } as Segment;
    const live = rowSetOf(own.length, (row) => !deleting || !isDeleted(own[row]!));
    return { segment, live, rows: { live } };
  });
  const list = listSegments(segments);
  const opened = segments as unknown as OpenSegment[];
  const listed = trackLists({ segments: opened, list }, trackFilters(segments, list, inlinePool), inlinePool);
  return {
    albums: () => collectionAlbums(segments, list),
    async ids(options: ListOptions) {
      const { total, tracks: shown } = await listed(options);
      return { total, ids: shown.map(({ id }) => id) };
    },
  };
}

const live = tracks.filter((track) => !isDeleted(track));
const whole = open([live], false);
const parts = open([tracks.filter((_, i) => i % 3 === 0), tracks.filter((_, i) => i % 3 !== 0)], true);

describe.each<[string, ListOptions]>([
  ['all', {}],
  ['a page far in', { offset: 130, limit: 20 }],
  ['a filter', { filter: { genre: ['Folk'], seconds: [50, 200] }, limit: 200 }],
  ['words', { query: 'snow', limit: 400 }],
  ['words, page by page', { query: 'snow', offset: 37, limit: 11 }],
  ['words of several fields and a filter', { query: 'sn ada', filter: { tempo: [70, 90] } }],
  ['by title', { sort: 'title', limit: 400 }],
  ['by artist from the end', { sort: 'artist', descending: true, offset: 5, limit: 300 }],
  ['by tempo, words and a filter', { sort: 'tempo', query: 'road', filter: { genre: ['Rock'] } }],
  ['beyond the end', { query: 'snow', offset: 1000 }],
])('%s', (_, options) => {
  test('of two segments with deleted tracks is as of one without them', async () => {
    const expected = await whole.ids(options);
    expect(await parts.ids(options)).toEqual(expected);
    expect(new Set(expected.ids).size).toBe(expected.ids.length);
  });
});

test('what has no tempo comes last, either way', async () => {
  const tempoOf = new Map(tracks.map(({ id, tempo }) => [id, tempo]));
  const known = live.flatMap(({ tempo }) => tempo ?? []).sort((a, b) => a - b);
  const none = live.filter(({ tempo }) => tempo === null).map(() => null);
  for (const descending of [false, true]) {
    const { ids } = await whole.ids({ sort: 'tempo', descending, limit: 400 });
    const expected = [...(descending ? known.toReversed() : known), ...none];
    expect(ids.map((id) => tempoOf.get(id))).toEqual(expected);
  }
});

test('albums hold each track once, in the order of paths', async () => {
  const byNames = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  const albums = (await parts.albums()).sort(byNames);
  expect(albums.map(({ artist, album, tracks }) => ({ artist, album, tracks }))).toEqual(
    [...new Set(live.map(({ artist, album }) => JSON.stringify([artist, album])))]
      .map((names) => {
        const [artist, album] = JSON.parse(names);
        const own = live.filter((track) => track.artist === artist && track.album === album);
        own.sort((a, b) => (a.path < b.path ? -1 : 1));
        return { artist, album, tracks: own.map(({ id }) => id) };
      })
      .sort(byNames),
  );
  const seconds = albums.reduce((sum, album) => sum + album.seconds, 0);
  expect(seconds).toBe(live.reduce((sum, track) => sum + track.seconds, 0));
});
