import type { AnalysisSettings } from '../audio/analysis-settings.ts';
import type { ClipStatistics } from '../audio/descriptors.ts';
import type { SearchMethod } from '../search/method.ts';

/** A track as it is shown; everything comes from the index, never from a database. */
export interface CollectionTrack {
  id: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  path: string;
  seconds: number;
  cluster: number;
}

export interface SimilarTrack extends CollectionTrack {
  /** Euclidean, between scaled and weighted feature vectors. */
  distance: number;
  /** 1 / (1 + distance): 1 is the same sound. */
  similarity: number;
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
}

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
  /** Tracks whose title, artist, album or genre contains every word of `query`, in the order of ids. */
  list(options: { query?: string; offset?: number; limit?: number }): Promise<{
    total: number;
    tracks: CollectionTrack[];
  }>;
  /** The nearest tracks, the track itself left out. @throws SoundalikeError TRACK_NOT_FOUND */
  similarToTrack(id: string, options?: SearchOptions): Promise<SimilarTrack[]>;
  /** The nearest tracks to a sound that need not be in the collection. */
  similarToSound(statistics: ClipStatistics, options?: SearchOptions): Promise<SimilarTrack[]>;
  /**
   * Groups of tracks that pairs nearer than `below` connect. LSH finds the pairs: equal ones always, others the
   * more surely the nearer they are. @throws SoundalikeError USAGE where `below` is not 0 or more.
   */
  duplicates(below: number): Promise<DuplicateGroup[]>;
  /** Absolute path of the track's audio, its real path checked to lie below the root. @throws TRACK_NOT_FOUND */
  audioFile(id: string): Promise<string>;
  /**
   * The track's waveform, as `peaksOf` gives it.
   *
   * @throws SoundalikeError TRACK_NOT_FOUND, SHARD_DAMAGED, RUN_INCOMPLETE for a moment after the index has changed.
   */
  peaks(id: string): Promise<Uint8Array>;
}
