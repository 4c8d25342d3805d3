import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { ClipFeatures, DescriptorName } from '../audio/descriptors.ts';
import type { TrackMetadata } from '../dataset/track.ts';
import { parquetSchema } from './parquet-schema.ts';
import {
  COURSE_COLUMNS,
  type ColumnKind,
  type CourseColumn,
  type CourseColumns,
  type FeatureColumn,
  featureColumns,
  IDENTITY_COLUMNS,
  type IdentityColumn,
  type IdentityColumns,
} from './shard-columns.ts';

/** One analysed track. */
export interface ShardRow {
  id: string;
  /** sha256 of the file's bytes, hexadecimal. */
  contentHash: string;
  path: string;
  metadata: TrackMetadata;
  /** The lowercased texts that a search goes by, beside the untouched ones of `metadata`. */
  search: Record<'title' | 'artist' | 'album' | 'genre', string | null>;
  features: ClipFeatures;
  featureVersion: string;
}

/** Rows of one row group: bounds the memory, and the descriptions of its columns stay at some 1 % of its values. */
const ROW_GROUP_SIZE = 256;

const IDENTITY = Object.entries(IDENTITY_COLUMNS) as [IdentityColumn, ColumnKind][];

const schemaOf = (features: FeatureColumn[]) =>
  parquetSchema([
    ...IDENTITY,
    ...Object.entries(COURSE_COLUMNS),
    ...features.map(({ name }): [string, ColumnKind] => [name, 'floats']),
  ]);

/** Minimum and maximum of sound over all tracks help no reader, and its values hardly ever repeat. */
const SOUND = { statistics: false, encoding: 'PLAIN' } as const;

/** The identity columns of a row. */
export function identityOf(row: ShardRow): IdentityColumns {
  const { metadata, search, features } = row;
  return {
    id: row.id,
    content_hash: row.contentHash,
    path: row.path,
    title: metadata.title,
    artist: metadata.artist,
    album: metadata.album,
    genre: metadata.genre,
    genres: metadata.genres,
    tags: metadata.tags,
    date: metadata.date,
    license: metadata.license,
    listens: metadata.listens,
    title_search: search.title,
    artist_search: search.artist,
    album_search: search.album,
    genre_search: search.genre,
    seconds: features.seconds,
    sample_rate: features.sampleRate,
    channels: features.channels,
    truncated: features.truncated,
    feature_version: row.featureVersion,
  };
}

/** hyparquet-writer takes 64-bit integers as BigInt. */
const toBigInt = (value: unknown) => (typeof value === 'number' ? BigInt(value) : value);

function identityValues(rows: ShardRow[]): ColumnSource[] {
  const identities = rows.map(identityOf);
  return IDENTITY.map(([name, kind]) => {
    const values = identities.map((identity) => identity[name]);
    return { name, data: kind === 'optional integer' ? values.map(toBigInt) : values };
  });
}

function courseValues(rows: ShardRow[]): ColumnSource[] {
  const courses = rows.map(({ features }): CourseColumns => {
    const { buffer, byteOffset, byteLength } = features.segments;
    return {
      peaks: features.peaks,
      segment_count: features.segmentCount,
      segments: new Uint8Array(buffer, byteOffset, byteLength),
    };
  });
  const names = Object.keys(COURSE_COLUMNS) as CourseColumn[];
  return names.map((name) => ({ name, data: courses.map((course) => course[name]), ...SOUND }));
}

function featureValues(rows: ShardRow[], features: FeatureColumn[]): ColumnSource[] {
  return features.map(({ name, descriptor, statistic, bands }) => {
    const data = rows.map((row) => {
      const values = row.features.statistics[descriptor]?.[statistic];
      if (values?.length === bands) return Array.from(values);
      throw new RangeError(
        `${name} of track ${row.id} has ${values?.length ?? 'no'} values instead of ${bands}`,
      );
    });
    return { name, data, ...SOUND };
  });
}

/** Groups of ROW_GROUP_SIZE rows; the last may be smaller. */
async function* rowGroups(rows: Iterable<ShardRow> | AsyncIterable<ShardRow>): AsyncGenerator<ShardRow[]> {
  let group: ShardRow[] = [];
  for await (const row of rows) {
    if (group.push(row) < ROW_GROUP_SIZE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/**
 * Encodes rows as one Parquet file, in the order given, with one row group in memory at a time. The bytes depend
 * on the rows alone.
 *
 * @param descriptors Those that every row has the statistics of.
 * @throws RangeError where a feature has not the number of bands of its descriptor.
 */
export async function* encodeRows(
  rows: Iterable<ShardRow> | AsyncIterable<ShardRow>,
  descriptors: readonly DescriptorName[],
): AsyncGenerator<Uint8Array> {
  const features = featureColumns(descriptors);
  const bytes = new ByteWriter();
  const takeBytes = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const file = new ParquetWriter({ writer: bytes, schema: schemaOf(features), createdBy: 'soundalike' });
  for await (const group of rowGroups(rows)) {
    file.write({
      columnData: [...identityValues(group), ...courseValues(group), ...featureValues(group, features)],
      rowGroupSize: group.length,
    });
    yield takeBytes();
  }
  file.finish();
  yield takeBytes();
}

/** The bytes of a shard. Shards are small, so that a whole one fits into memory many times over. */
export async function encodeShard(
  rows: ShardRow[],
  descriptors: readonly DescriptorName[],
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeRows(rows, descriptors)) parts.push(part);
  return Buffer.concat(parts);
}
