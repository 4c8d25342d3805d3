import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SoundalikeError } from '../errors.ts';
import type { Documents } from './documents.ts';

const playlistSchema = z.object({
  listener: z.string(),
  id: z.string(),
  name: z.string(),
  /** Ids in their order; a track may be in it twice, and need not be in the index any more. */
  tracks: z.array(z.string()),
  /** Raised by each change, so that two pages do not undo each other's. */
  revision: z.int(),
  /** ISO 8601. */
  changedAt: z.string(),
});

export type Playlist = Omit<z.infer<typeof playlistSchema>, 'listener'>;

/** Of one listener; what a listener can fill the store with has to end somewhere. */
const MOST_PLAYLISTS = 200;
export const MOST_TRACKS = 5_000;

/** The playlists of listeners. Each is found under its listener alone. */
export interface Playlists {
  /** By their names. */
  list(listener: string): Promise<Playlist[]>;
  /** @throws SoundalikeError PLAYLIST_NOT_FOUND */
  find(listener: string, id: string): Promise<Playlist>;
  /** @throws SoundalikeError PLAYLIST_LIMIT */
  create(listener: string, name: string, tracks: readonly string[]): Promise<Playlist>;
  /**
   * Changes a playlist, one change after the other within this process.
   *
   * @throws SoundalikeError PLAYLIST_NOT_FOUND, PLAYLIST_LIMIT, and what `change` throws.
   */
  change(
    listener: string,
    id: string,
    change: (playlist: Playlist) => { name?: string | undefined; tracks?: readonly string[] | undefined },
  ): Promise<Playlist>;
  /** @throws SoundalikeError PLAYLIST_NOT_FOUND */
  remove(listener: string, id: string): Promise<void>;
}

/** The playlists in the documents. */
export function openPlaylists(documents: Documents): Playlists {
  const keyOf = (listener: string, id: string) => `${listener} ${id}`;
  const changes = new Map<string, Promise<unknown>>();

  async function find(listener: string, id: string): Promise<Playlist> {
    const found = await documents.get('playlists', keyOf(listener, id));
    if (!found) {
      throw new SoundalikeError('PLAYLIST_NOT_FOUND', `there is no playlist ${JSON.stringify(id)} of yours`);
    }
    return readPlaylist(found);
  }

  async function keep(listener: string, playlist: Playlist): Promise<Playlist> {
    if (playlist.tracks.length > MOST_TRACKS) {
      throw new SoundalikeError(
        'PLAYLIST_LIMIT',
        `a playlist holds ${MOST_TRACKS} tracks at most: begin another`,
      );
    }
    await documents.upsert('playlists', [{ _id: keyOf(listener, playlist.id), listener, ...playlist }]);
    return playlist;
  }

  /** Lets what is done to one playlist happen in turn: a change is a reading and a writing. */
  async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (changes.get(key) ?? Promise.resolve()).then(work, work);
    changes.set(key, turn);
    try {
      return await turn;
    } finally {
      if (changes.get(key) === turn) changes.delete(key);
    }
  }

  return {
    find,

    async list(listener) {
      const playlists = (await documents.find('playlists', { listener })).map(readPlaylist);
      return playlists.sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
    },

    create: (listener, name, tracks) =>
      inTurn(listener, async () => {
        if ((await documents.count('playlists', { listener })) >= MOST_PLAYLISTS) {
          throw new SoundalikeError(
            'PLAYLIST_LIMIT',
            `${MOST_PLAYLISTS} playlists are as many as are kept: delete one`,
          );
        }
        const id = randomBytes(8).toString('hex');
        return keep(listener, { id, name, tracks: [...tracks], revision: 1, changedAt: now() });
      }),

    change: (listener, id, change) =>
      inTurn(keyOf(listener, id), async () => {
        const before = await find(listener, id);
        const { name = before.name, tracks = before.tracks } = change(before);
        const { revision } = before;
        return keep(listener, { id, name, tracks: [...tracks], revision: revision + 1, changedAt: now() });
      }),

    remove: (listener, id) =>
      inTurn(keyOf(listener, id), async () => {
        await find(listener, id);
        await documents.remove('playlists', [keyOf(listener, id)]);
      }),
  };
}

const now = () => new Date().toISOString();

function readPlaylist(document: unknown): Playlist {
  const { listener: _, ...playlist } = playlistSchema.parse(document);
  return playlist;
}
