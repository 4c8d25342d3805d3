import { DESCRIPTORS, type DescriptorName, STATISTICS, type StatisticName } from '../audio/descriptors.ts';

/** The version of the columns below; part of every manifest. Raise it with any change of them. */
export const SHARD_VERSION = 2;

/** What a shard tells of a track besides its features: a column each, in this order. */
export interface IdentityColumns {
  id: string;
  /** sha256 of the file's bytes, hexadecimal. */
  content_hash: string;
  path: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  genres: string[];
  tags: string[];
  /** ISO 8601. */
  date: string | null;
  license: string | null;
  listens: number | null;
  title_search: string | null;
  artist_search: string | null;
  album_search: string | null;
  genre_search: string | null;
  seconds: number;
  /** In Hz, of the file itself. */
  sample_rate: number;
  channels: number;
  truncated: boolean;
  feature_version: string;
}

export type IdentityColumn = keyof IdentityColumns;

/** How a track goes over time: a column each, behind those of its identity. */
export interface CourseColumns {
  /** As `peaksOf` gives them. */
  peaks: Uint8Array;
  segment_count: number;
  /** As `createSegments` gives them, little-endian float32. */
  segments: Uint8Array;
}

export type CourseColumn = keyof CourseColumns;

export type ColumnKind =
  | 'text'
  | 'optional text'
  | 'texts'
  | 'integer'
  | 'optional integer'
  | 'double'
  | 'floats'
  | 'boolean'
  | 'bytes';

export const IDENTITY_COLUMNS = {
  id: 'text',
  content_hash: 'text',
  path: 'text',
  title: 'optional text',
  artist: 'optional text',
  album: 'optional text',
  genre: 'optional text',
  genres: 'texts',
  tags: 'texts',
  date: 'optional text',
  license: 'optional text',
  listens: 'optional integer',
  title_search: 'optional text',
  artist_search: 'optional text',
  album_search: 'optional text',
  genre_search: 'optional text',
  seconds: 'double',
  sample_rate: 'integer',
  channels: 'integer',
  truncated: 'boolean',
  feature_version: 'text',
} as const satisfies Record<IdentityColumn, ColumnKind>;

export const COURSE_COLUMNS = {
  peaks: 'bytes',
  segment_count: 'integer',
  segments: 'bytes',
} as const satisfies Record<CourseColumn, ColumnKind>;

/** E.g. `mfcc_mean`. */
export type FeatureColumnName = `${DescriptorName}_${StatisticName}`;

export interface FeatureColumn {
  name: FeatureColumnName;
  descriptor: DescriptorName;
  statistic: StatisticName;
  /** Values a track. */
  bands: number;
}

/** One list column for each statistic of each descriptor, in that order. */
export function featureColumns(descriptors: readonly DescriptorName[]): FeatureColumn[] {
  return descriptors.flatMap((descriptor) =>
    STATISTICS.map((statistic) => ({
      name: `${descriptor}_${statistic}` as const,
      descriptor,
      statistic,
      bands: DESCRIPTORS[descriptor],
    })),
  );
}
