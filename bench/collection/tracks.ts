import type { ClipStatistics } from '../../src/audio/descriptors.ts';
import { DESCRIPTORS, STATISTICS } from '../../src/audio/descriptors.ts';
import { dimensionOf, type Layout } from '../../src/search/feature-vector.ts';
import type { Random } from '../../src/search/random.ts';
import { albumName, artistName, GENRES, trackTitle } from './names.ts';

/** Tracks of an album, about. */
const ALBUM = 10;

/** Stretches of a waveform. */
const PEAKS = 700;

/** What is told of a track. */
export interface GeneratedTrack {
  id: string;
  path: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  seconds: number;
  tempo: number;
}

/**
 * Tracks with names, lengths and tempi as a collection has them: artists of one genre with some albums, titles that
 * come again, some without a title, artist, album or genre.
 *
 * @param artistOf The number of each track's artist, and of each artist's genre.
 */
export function generateTracks(
  { artistOf, genreOfArtist }: { artistOf: Uint32Array; genreOfArtist: Uint8Array },
  random: Random,
): GeneratedTrack[] {
  const uniform = () => random.uniform();
  const artists = Array.from(genreOfArtist, () => ({ name: artistName(uniform), albums: [] as string[] }));
  const counts = new Uint32Array(artists.length);
  return Array.from(artistOf, (number, row) => {
    const artist = artists[number]!;
    const album = Math.floor(counts[number]++ / ALBUM);
    artist.albums[album] ??= albumName(uniform);
    const { name, tempo } = GENRES[genreOfArtist[number]!]!;
    const id = String(row + 2).padStart(6, '0');
    const unlessMissing = (share: number, text: string) => (uniform() < share ? null : text);
    return {
      id,
      path: `${id.slice(0, 3)}/${id}.mp3`,
      title: unlessMissing(0.005, trackTitle(uniform)),
      artist: unlessMissing(0.002, artist.name),
      album: unlessMissing(0.03, artist.albums[album]!),
      genre: unlessMissing(0.05, name),
      // Half of them from 2:45 to 5:30, as lengths of songs go, and a few of an hour.
      seconds: Math.min(3600, Math.max(8, Math.round(216 * Math.exp(0.55 * random.normal())))),
      tempo: Math.fround(Math.min(210, Math.max(50, tempo * Math.exp(0.18 * random.normal())))),
    };
  });
}

/** What a value of a column is about, and how far it goes; 0 and 1 where nothing is said. */
const SCALES: Record<string, [mean: number, deviation: number]> = {
  spectral_centroid_mean: [1900, 600],
  spectral_flatness_mean: [0.03, 0.02],
  onset_strength_mean: [1.2, 0.35],
  loudness_mean: [22, 7],
  dynamic_range_mean: [12, 5],
  key_strength_mean: [0.6, 0.12],
};

/**
 * Columns of a track's sound, made of its vector, so that tracks that lie together sound alike by every aspect.
 *
 * @param sources Names of shard columns (`mfcc_mean`, …).
 */
export function soundColumns(
  sources: readonly string[],
  vector: Float32Array,
  { tempo }: GeneratedTrack,
): Record<string, Float32Array> {
  let at = 0;
  // Of a few values of the vector, so that no two columns are the same.
  const next = () => {
    at++;
    const place = (7 * at) % vector.length;
    return 5 * (vector[place]! + vector[(place + 3 * at + 1) % vector.length]!);
  };
  const columns = sources.map((column): [string, Float32Array] => {
    if (column === 'tempo_mean') return [column, Float32Array.of(tempo)];
    if (column === 'key_mean') return [column, Float32Array.of(Math.floor(Math.abs(100 * next())) % 24)];
    const bands = DESCRIPTORS[column.slice(0, column.lastIndexOf('_')) as keyof typeof DESCRIPTORS];
    const [mean, deviation] = SCALES[column] ?? [0, 1];
    const values = Float32Array.from({ length: bands }, () => mean + deviation * next());
    return [column, column in SCALES ? values.map(Math.abs) : values];
  });
  return Object.fromEntries(columns);
}

/** A vector as the statistics that its layout names. */
export function statisticsOf(vector: Float32Array, layout: Layout): ClipStatistics {
  let end = 0;
  const slices = layout.map(({ column, bands }): [string, Float32Array] => {
    end += bands;
    return [column, vector.slice(end - bands, end)];
  });
  if (end !== dimensionOf(layout) || end !== vector.length) throw new Error('a vector of another layout');
  const byColumn = new Map(slices);
  const descriptors = new Set(layout.map(({ column }) => column.slice(0, column.lastIndexOf('_'))));
  return Object.fromEntries(
    Array.from(descriptors, (descriptor) => [
      descriptor,
      Object.fromEntries(STATISTICS.map((name) => [name, byColumn.get(`${descriptor}_${name}`)!])),
    ]),
  );
}

/** A waveform: parts of different loudness, each with its beats. */
export function waveform(random: Random): Uint8Array {
  const peaks = new Uint8Array(PEAKS);
  let [level, left] = [0.5, 0];
  for (let i = 0; i < PEAKS; i++) {
    if (left-- === 0)
      [level, left] = [0.25 + 0.7 * random.uniform(), 40 + Math.floor(120 * random.uniform())];
    const beat = i % 4 === 0 ? 1 : 0.75;
    peaks[i] = 255 * level * beat * (0.8 + 0.2 * random.uniform());
  }
  return peaks;
}
