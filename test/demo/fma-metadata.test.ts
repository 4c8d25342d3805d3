import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { catalogue } from '../../demo/collection/catalogue.ts';
import { genresCsv, tracksCsv } from '../../demo/collection/fma-metadata.ts';

const tracks = catalogue();
const [groups, fields, indexName, ...rows] = parse(tracksCsv(tracks)) as string[][];

function cell(id: number, group: string, field: string): string | undefined {
  const column = groups!.findIndex((name, index) => name === group && fields![index] === field);
  return rows.find((row) => row[0] === String(id))?.[column];
}

const trackCalled = (title: string) => tracks.find((track) => track.title === title)!.id;

test('tracks.csv has three header rows and 52 columns besides the id, sorted as pandas sorts them', () => {
  expect(indexName).toEqual(['track_id', ...Array(52).fill('')]);
  expect([groups![0], fields![0]]).toEqual(['', '']);
  const names = groups!.slice(1).map((group, index) => `${group}.${fields![index + 1]}`);
  expect(names).toHaveLength(52);
  expect(names).toEqual([...names].sort());
  expect(new Set(groups!.slice(1))).toEqual(new Set(['album', 'artist', 'set', 'track']));
});

test('tracks.csv has a row a track, with ids that are unique and rise', () => {
  const ids = rows.map(([id]) => Number(id));
  expect(ids).toEqual(tracks.map((track) => track.id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test('titles with quotes and commas, and markup over several lines, survive', () => {
  const id = trackCalled('Don\'t Call the "Landlord"');
  expect(cell(id, 'track', 'title')).toBe('Don\'t Call the "Landlord"');
  expect(cell(trackCalled('Low Tide, 4:10 a.m.'), 'track', 'title')).toBe('Low Tide, 4:10 a.m.');
  expect(cell(id, 'album', 'information')).toMatch(/\n.*"hello", and/);
});

test('lists are written as Python writes them', () => {
  expect(cell(trackCalled('Overpass'), 'track', 'tags')).toBe(`['techno', "peak time, 4 o'clock"]`);
  expect(cell(trackCalled('Overpass'), 'track', 'genres_all')).toBe('[15, 181]');
});

test('only a track with one root genre has a top genre', () => {
  expect(cell(trackCalled('Overpass'), 'track', 'genre_top')).toBe('Electronic');
  expect(cell(trackCalled('Relais (Drehstrom Version)'), 'track', 'genre_top')).toBe('');
  expect(cell(trackCalled('Relais (Drehstrom Version)'), 'track', 'genres')).toBe('[181, 38]');
  expect(cell(trackCalled('Untitled 7'), 'track', 'genres')).toBe('[]');
});

test('genres.csv names every genre that a track has', () => {
  const genres = parse(genresCsv(tracks), { columns: true }) as Record<string, string>[];
  const ids = new Set(genres.map((genre) => genre.genre_id));
  for (const track of tracks) {
    for (const id of JSON.parse(cell(track.id, 'track', 'genres_all')!)) expect(ids).toContain(String(id));
  }
  expect(genres.find(({ title }) => title === 'Punk')).toMatchObject({ parent: '12', top_level: '12' });
});
