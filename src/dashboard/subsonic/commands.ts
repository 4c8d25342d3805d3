import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { searchText } from '../../dataset/search-fields.ts';
import type { Collection } from '../../recommend/collection.ts';
import type { Element } from './answer.ts';
import { type Album, type Catalogue, catalogueOf } from './catalogue.ts';
import { albumElement, albumFolder, artistElement, byLetter, songElement } from './describe.ts';
import { SubsonicError } from './errors.ts';
import { turnOfOnesOwn } from './in-turns.ts';
import { count, type Parameters, readParameters } from './parameters.ts';

/** What a command answers, besides the envelope. */
export type Command = (parameters: Parameters, collection: () => Promise<Collection>) => Promise<Element>;

const NO_ARTICLES = { ignoredArticles: '' };

/** The whole collection is one folder. */
const FOLDER = { id: 0, name: 'Music' };

/** All that is told to who has not said who it is. */
export const EXTENSIONS = [
  { name: 'sonicSimilarity', versions: [1] },
  { name: 'formPost', versions: [1] },
  { name: 'apiKeyAuthentication', versions: [1] },
];

const missing = (kind: string) => new SubsonicError('notFound', `there is no such ${kind}`);

/** A command whose parameters a schema checks. */
export function command<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  answer: (asked: z.output<z.ZodObject<Shape>>, collection: Collection) => Element | Promise<Element>,
): Command {
  const schema = z.object(shape);
  return async (parameters, collection) => answer(readParameters(schema, parameters), await collection());
}

const id = { id: z.string() };

/** Browsing, listing and searching. */
export const BROWSING: Record<string, Command> = {
  ping: async () => ({}),
  getLicense: async () => ({ license: { valid: true } }),
  getMusicFolders: async () => ({ musicFolders: { musicFolder: [FOLDER] } }),
  // Nothing is starred or scanned here; players ask at their start.
  getStarred2: async () => ({ starred2: {} }),
  getScanStatus: command({}, (_asked, { size }) => ({ scanStatus: { scanning: false, count: size } })),
  getPlaylists: async () => ({ playlists: {} }),

  getArtists: command({}, async (_asked, collection) => ({
    artists: { ...NO_ARTICLES, index: await lettersOf(collection) },
  })),
  getIndexes: command({}, async (_asked, collection) => ({
    indexes: { ...NO_ARTICLES, lastModified: 0, index: await lettersOf(collection) },
  })),
  getArtist: command(id, async ({ id }, collection) => {
    const artist = (await catalogueOf(collection)).artist(id);
    if (!artist) throw missing('artist');
    return { artist: { ...artistElement(artist), album: artist.albums.map(albumElement) } };
  }),
  getAlbum: command(id, async ({ id }, collection) => {
    const album = (await catalogueOf(collection)).album(id);
    if (!album) throw missing('album');
    return { album: { ...albumElement(album), song: songsOf(collection, album.tracks) } };
  }),
  getMusicDirectory: command(id, async ({ id }, collection) => {
    const catalogue = await catalogueOf(collection);
    const [artist, album] = [catalogue.artist(id), catalogue.album(id)];
    if (artist) return { directory: { id, name: artist.name, child: artist.albums.map(albumFolder) } };
    if (!album) throw missing('folder');
    const child = songsOf(collection, album.tracks);
    return { directory: { id, parent: album.artist.id, name: album.name, child } };
  }),
  getSong: command(id, ({ id }, collection) => ({ song: songElement(collection.track(id)) })),

  getGenres: command({}, async (_asked, collection) => {
    const albums = new Map<string | null, number>();
    for (const { genre } of (await catalogueOf(collection)).albums)
      albums.set(genre, (albums.get(genre) ?? 0) + 1);
    const genre = (await collection.genres()).map(({ genre, tracks }) => ({
      songCount: tracks,
      albumCount: albums.get(genre) ?? 0,
      value: genre,
    }));
    return { genres: { genre } };
  }),
  getSongsByGenre: command(
    { genre: z.string(), count: count(10), offset: count(0, Number.MAX_SAFE_INTEGER) },
    async ({ genre, count: limit, offset }, collection) => {
      const { tracks } = await collection.list({ filter: { genre: [genre] }, offset, limit });
      return { songsByGenre: { song: tracks.map(songElement) } };
    },
  ),
  getRandomSongs: command(
    { size: count(10), genre: z.string().optional() },
    async ({ size, genre }, collection) => {
      const filter = genre === undefined ? {} : { genre: [genre] };
      const { total } = await collection.list({ filter, limit: 1 });
      const places = randomPlaces(total, size);
      const pages = await Promise.all(places.map((offset) => collection.list({ filter, offset, limit: 1 })));
      return { randomSongs: { song: pages.flatMap(({ tracks }) => tracks.map(songElement)) } };
    },
  ),
  getAlbumList2: command(
    {
      type: z.string(),
      size: count(10),
      offset: count(0, Number.MAX_SAFE_INTEGER),
      genre: z.string().optional(),
    },
    async ({ type, size, offset, genre }, collection) => {
      const listed = listAlbums(await catalogueOf(collection), type, genre, size);
      const album = (type === 'random' ? listed : listed.slice(offset, offset + size)).map(albumElement);
      return { albumList2: { album } };
    },
  ),

  search3: command(
    {
      query: z.string(),
      artistCount: count(20),
      artistOffset: count(0, Number.MAX_SAFE_INTEGER),
      albumCount: count(20),
      albumOffset: count(0, Number.MAX_SAFE_INTEGER),
      songCount: count(20),
      songOffset: count(0, Number.MAX_SAFE_INTEGER),
    },
    async (asked, collection) => {
      // `""` asks for everything, page by page: how players fetch a whole collection.
      const words = searchText(asked.query).split(' ').filter(Boolean);
      const catalogue = await catalogueOf(collection);
      const songs = await collection.list({
        query: words.join(' '),
        offset: asked.songOffset,
        limit: asked.songCount,
      });
      return {
        searchResult3: {
          artist: catalogue.findArtists(words, asked.artistOffset, asked.artistCount).map(artistElement),
          album: catalogue.findAlbums(words, asked.albumOffset, asked.albumCount).map(albumElement),
          song: songs.tracks.map(songElement),
        },
      };
    },
  ),
};

const letters = new WeakMap<Catalogue, Element[]>();

/** The artists by their first letters: every player asks for all of them, so they are kept, and sent one at a time. */
async function lettersOf(collection: Collection): Promise<Element[]> {
  const catalogue = await catalogueOf(collection);
  const found = letters.get(catalogue) ?? byLetter(catalogue.artists);
  letters.set(catalogue, found);
  await turnOfOnesOwn();
  return found;
}

const songsOf = (collection: Collection, ids: readonly string[]) =>
  ids.map((id) => songElement(collection.track(id)));

/** By what an index knows: neither dates nor plays nor stars, so lists by those are in the order of names, or empty. */
function listAlbums(
  { albums, albumsByArtist }: Catalogue,
  type: string,
  genre: string | undefined,
  size: number,
): readonly Album[] {
  if (type === 'random') return randomPlaces(albums.length, size).map((place) => albums[place]!);
  if (type === 'byGenre') return albums.filter((album) => album.genre === genre);
  if (type === 'alphabeticalByArtist') return albumsByArtist;
  return ['alphabeticalByName', 'newest'].includes(type) ? albums : [];
}

/** Different numbers below `total`, so many as there are, at most `size`. */
function randomPlaces(total: number, size: number): number[] {
  const places = new Set<number>();
  while (places.size < Math.min(size, total)) places.add(randomInt(total));
  return [...places];
}
