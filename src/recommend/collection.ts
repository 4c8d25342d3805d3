import type { AnalysisSettings } from '../audio/analysis-settings.ts';
import type { ClipStatistics } from '../audio/descriptors.ts';
import type { Aspect } from '../search/aspects.ts';
import type { TrackFilter } from '../search/meeting-rows.ts';
import type { SearchMethod } from '../search/method.ts';
import type { CollectionAlbum } from './collection-albums.ts';
import type { CollectionMap } from './collection-map.ts';
import type { ListenerProfile } from './listener-profile.ts';
import type { Recommendation } from './recommend-for.ts';
import type { GenreCount } from './track-filter.ts';
import type { ListedTracks, ListOptions } from './track-list.ts';

/** A track as it is shown; everything comes from the index, never from a database. */
export interface CollectionTrack {
  id: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  path: string;
  seconds: number;
  /** Beats a minute; null where the preset has none. */
  tempo: number | null;
  cluster: number;
}

export interface SimilarTrack extends CollectionTrack {
  /**
   * Euclidean, between scaled and weighted feature vectors. With several seeds the root of the mean squared distance to
   * them, by which results are ranked.
   */
  distance: number;
  /** 1 / (1 + distance): 1 is the same sound. */
  similarity: number;
  /** How it is like the seeds and how it is not, in a few words: `same tempo ±3, darker timbre`. */
  why: string;
}

/** A track on the way from one to another. */
export interface PathTrack extends CollectionTrack {
  /** From the track before it, as in `SimilarTrack`; null for the first. */
  distance: number | null;
  /** How it is like the track before it; null for the first. */
  why: string | null;
}

/** Tracks that are the same recording, or sound as if; in the order of ids. */
export type DuplicateGroup = (CollectionTrack & {
  /** To the nearest other track of the group, as in `SimilarTrack`. */
  distance: number;
})[];

export interface SearchOptions {
  /** @defaultValue 10 */
  k?: number;
  /** @defaultValue `Collection.method` */
  method?: SearchMethod;
  /** Compare by this alone; all tracks are then looked at, whatever the method. By default the whole sound. */
  aspect?: Aspect;
  /** Only tracks that meet it. */
  filter?: TrackFilter;
  /** No track of an artist that a seed in the collection is by. */
  otherArtists?: boolean;
}

/** What to sound like: a track's id, or the statistics of a sound that need not be in the collection. */
export type Seed = string | ClipStatistics;

/** The live index, opened. */
export interface Collection {
  /** Id of the index that CURRENT names. */
  index: string;
  size: number;
  /** How neighbours are searched where nothing else is asked for. */
  method: SearchMethod;
  /** How a sound that is not in the collection must be analysed to be compared. */
  analysis: AnalysisSettings;
  /** @throws SoundalikeError TRACK_NOT_FOUND */
  track(id: string): CollectionTrack;
  /**
   * Some of the tracks, or of those that a query and a filter find.
   *
   * @throws SoundalikeError GENRE_UNKNOWN
   */
  list(options: ListOptions): Promise<ListedTracks>;
  /** All albums, in no order that means anything; made anew at each call. */
  albums(): Promise<CollectionAlbum[]>;
  /** The tracks at some paths, as `rowsOfPaths` finds them; null where there is none. */
  tracksOfPaths(paths: readonly string[]): Promise<(CollectionTrack | null)[]>;
  /** The genres, those with most tracks first. */
  genres(): Promise<GenreCount[]>;
  /**
   * The nearest tracks to all of some seeds, at least one; these are left out, and their order does not matter.
   *
   * @throws SoundalikeError TRACK_NOT_FOUND, GENRE_UNKNOWN, ASPECT_MISSING
   */
  similar(seeds: readonly Seed[], options?: SearchOptions): Promise<SimilarTrack[]>;
  /** What a listener may like, the best first; as `recommendFor`. */
  recommend(profile: ListenerProfile): Promise<Recommendation[]>;
  /**
   * A way from a track to another in steps of near-equal size, no artist twice in a row where that can be.
   *
   * @param steps From a track to the next; at least 1, and fewer where the collection has too few tracks.
   * @returns The tracks in their order, both ends included.
   * @throws SoundalikeError TRACK_NOT_FOUND; USAGE where both are the same
   */
  path(from: string, to: string, steps: number): Promise<PathTrack[]>;
  /**
   * Groups of tracks that pairs nearer than `below` connect. LSH finds the pairs: equal ones always, others the
   * more surely the nearer they are. @throws SoundalikeError USAGE where `below` is not 0 or more.
   */
  duplicates(below: number): Promise<DuplicateGroup[]>;
  /** Where the tracks lie in the picture of the collection. */
  map(): Promise<CollectionMap>;
  /** Absolute path of the track's audio, its real path checked to lie below the root. @throws TRACK_NOT_FOUND */
  audioFile(id: string): Promise<string>;
  /**
   * The track's waveform, as `peaksOf` gives it.
   *
   * @throws SoundalikeError TRACK_NOT_FOUND, SHARD_DAMAGED, RUN_INCOMPLETE for a moment after the index has changed.
   */
  peaks(id: string): Promise<Uint8Array>;
}
