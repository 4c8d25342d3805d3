/** What is known of a track besides its sound. Every field is null (or empty) where the source does not tell. */
export interface TrackMetadata {
  /** As the source has them, untouched but for surrounding white space. */
  title: string | null;
  artist: string | null;
  album: string | null;
  /** The one genre that samples and evaluations go by. */
  genre: string | null;
  genres: string[];
  tags: string[];
  /** ISO 8601 date of release or creation. */
  date: string | null;
  license: string | null;
  listens: number | null;
}

/** One input of a run. */
export interface Track {
  /** The number that the file name or the metadata gives, zero-padded to six; else a hash of `path`. */
  id: string;
  /** Relative to the source's root, with `/`; absolute only where the source itself names absolute paths. */
  path: string;
  /** Size of the file; partitions are cut by it. */
  bytes: number;
  metadata: TrackMetadata;
}

/** What cleaning did; shown to the user and kept with the plan. */
export interface CleaningReport {
  /** Metadata rows read. */
  rows: number;
  /** Audio files found. */
  files: number;
  /** Files with a metadata row. */
  matched: number;
  /** Files without a metadata row, and rows without a file. */
  filesWithoutRow: number;
  rowsWithoutFile: number;
  /** Values mended, by kind (e.g. `id padded`, `white space stripped`, `list repaired`). */
  repaired: Record<string, number>;
  /** Rows or files left out, by reason. */
  dropped: Record<string, number>;
  /** Tracks left after `--sample`, where one was asked for. */
  sampled: number | null;
}

/** A collection, found and cleaned, in the order of track ids. */
export interface Dataset {
  /** The folder that relative paths start from. */
  root: string;
  tracks: Track[];
  report: CleaningReport;
}

/** What a user asks for: where the tracks are and which of them. */
export interface DatasetRequest {
  /** A folder, a CSV file, or `mongodb://host/database/collection`; paths absolute. */
  source: string;
  /** `tracks.csv` or `raw_tracks.csv` of fma_metadata, or a flat CSV with an id or path column; absolute. */
  metadata: string | null;
  /** Number of tracks of a stratified sample; null for all. */
  sample: number | null;
}
