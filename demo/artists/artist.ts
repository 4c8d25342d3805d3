import type { GenreTitle } from '../collection/genres.ts';
import type { Composer } from '../music/composer.ts';

/** An invented artist: what the catalogue tells, and the habits that a listener would know again. */
export interface Artist {
  name: string;
  /** The artist's branch of the tree of genres. */
  genre: GenreTitle;
  location: string;
  tags: string[];
  /** Title of an album -> titles of its tracks. */
  albums: Record<string, string[]>;
  compose: Composer;
}
