import { tableFromIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/search/random.ts';
import { decodeTracks, encodeTracks, type SegmentTrack } from '../../src/search/segment-tracks.ts';
import { ORDERS, orderTracks } from '../../src/search/track-order.ts';

const random = createRandom(1);
const pick = <Value>(values: readonly Value[]) => values[Math.floor(random.uniform() * values.length)]!;
const TITLES = [
  'Snow',
  'snow',
  'Snowfall in the Evening',
  'Snowfall in the Morning',
  'Ötzi',
  'Zebra',
  '…',
  null,
];
const tracks: SegmentTrack[] = Array.from({ length: 300 }, (_, i) => ({
  id: String(i).padStart(6, '0'),
  title: pick(TITLES),
  artist: pick(['Ada', 'Ádám', 'Bo & Co.', null]),
  album: pick(['One', 'Two', null]),
  genre: pick(['Rock', 'Folk', 'Música', null]),
  path: `${i}.mp3`,
  seconds: Math.round(300 * random.uniform()),
  tempo: i % 9 === 0 ? null : Math.round(60 + 40 * random.uniform()),
}));

/** Some tracks as a segment whose first row has a number. */
function part(shown: SegmentTrack[], first: number) {
  const { texts, ids, columns } = decodeTracks(
    tableFromIPC(encodeTracks(shown, new Uint32Array(shown.length))),
  );
  const { tempos, seconds } = columns;
  return { texts, ids, tempos, seconds, first };
}

/** What a person would write on index cards. */
const PLAIN: Record<string, string> = {
  Ötzi: 'otzi',
  Ádám: 'adam',
  Música: 'musica',
  'Bo & Co.': 'bo co',
  '…': '',
};
const card = (text: string | null) => (text === null ? '' : (PLAIN[text] ?? text.toLowerCase()));
const KEYS: Record<(typeof ORDERS)[number], (track: SegmentTrack) => (string | number | null)[]> = {
  title: ({ title, artist }) => [card(title) || null, card(artist)],
  artist: ({ artist, album }) => [card(artist) || null, card(album)],
  album: ({ artist, album }) => [card(album) || null, card(artist)],
  genre: ({ artist, album, genre }) => [card(genre) || null, card(artist), card(album)],
  tempo: ({ tempo }) => [tempo],
  seconds: ({ seconds }) => [seconds],
};

function compare(a: (string | number | null)[], b: (string | number | null)[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i]!;
    if (one === other) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other ? -1 : 1;
  }
  return 0;
}

describe.each(ORDERS)('by %s', (by) => {
  const keyOf = KEYS[by];
  const expected = [...tracks.keys()].sort((a, b) => compare(keyOf(tracks[a]!), keyOf(tracks[b]!)) || a - b);

  test('rows are in order, those without it last', () => {
    const { rows, known } = orderTracks({ all: part(tracks, 0) }, by);
    expect([...rows].map((row) => keyOf(tracks[row]!))).toEqual(expected.map((row) => keyOf(tracks[row]!)));
    expect(known).toBe(tracks.filter((track) => keyOf(track)[0] !== null).length);
  });

  test('two segments are as one', () => {
    const { rows } = orderTracks({ a: part(tracks.slice(0, 96), 0), b: part(tracks.slice(96), 96) }, by);
    expect([...rows]).toEqual([...orderTracks({ all: part(tracks, 0) }, by).rows]);
    const apart = orderTracks({ a: part(tracks.slice(0, 96), 0), b: part(tracks.slice(96), 992) }, by);
    expect([...apart.rows]).toEqual(Array.from(rows, (row) => (row < 96 ? row : row + 896)));
  });
});
