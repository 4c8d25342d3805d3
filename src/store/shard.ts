import { Writable } from 'node:stream';
import parquet, { type Field } from 'parquetjs-lite';
import type { ClipFeatures, DescriptorName } from '../audio/descriptors.ts';
import type { TrackMetadata } from '../dataset/track.ts';
import {
  type ColumnKind,
  type FeatureColumn,
  featureColumns,
  IDENTITY_COLUMNS,
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

/**
 * Rows of one row group. parquetjs-lite keeps a group's values as boxed numbers and in sets besides: this bounds
 * the memory, and the descriptions of the columns of each group stay at some 1 % of its values.
 */
const ROW_GROUP_SIZE = 256;

/** Standard three-level lists: DuckDB, Spark and pandas all read them as arrays. */
const list = (element: Field): Field => ({
  type: 'LIST',
  fields: { list: { repeated: true, fields: { element } } },
});

const snappy = { compression: 'SNAPPY' } as const;

const FIELDS: Record<ColumnKind, Field> = {
  text: { type: 'UTF8', ...snappy },
  'optional text': { type: 'UTF8', optional: true, ...snappy },
  texts: list({ type: 'UTF8', ...snappy }),
  integer: { type: 'INT32', ...snappy },
  'optional integer': { type: 'INT64', optional: true, ...snappy },
  double: { type: 'DOUBLE', ...snappy },
  boolean: { type: 'BOOLEAN', ...snappy },
};

/** Minimum and maximum of a feature over all tracks help no reader, and cost as much as the values. */
const FEATURE_FIELD = list({ type: 'FLOAT', statistics: false, ...snappy });

const schemaOf = (columns: FeatureColumn[]) =>
  new parquet.ParquetSchema({
    ...Object.fromEntries(Object.entries(IDENTITY_COLUMNS).map(([name, kind]) => [name, FIELDS[kind]])),
    ...Object.fromEntries(columns.map(({ name }) => [name, FEATURE_FIELD])),
  });

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

const listOf = (values: ArrayLike<number | string>) => ({
  list: Array.from(values, (element) => ({ element })),
});

function recordOf(row: ShardRow, columns: FeatureColumn[]): Record<string, unknown> {
  const identity = identityOf(row);
  const record: Record<string, unknown> = {
    ...identity,
    genres: listOf(identity.genres),
    tags: listOf(identity.tags),
  };
  for (const { name, descriptor, statistic, bands } of columns) {
    const values = row.features.statistics[descriptor]?.[statistic];
    if (values?.length !== bands) {
      throw new RangeError(
        `${name} of track ${row.id} has ${values?.length ?? 'no'} values instead of ${bands}`,
      );
    }
    record[name] = listOf(values);
  }
  return record;
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
  const columns = featureColumns(descriptors);
  const parts: Uint8Array[] = [];
  const collector = new Writable({
    write(part: Uint8Array, _encoding, done) {
      parts.push(part);
      done();
    },
  });
  const writer = await parquet.ParquetWriter.openStream(schemaOf(columns), collector, {
    rowGroupSize: ROW_GROUP_SIZE,
    pageIndex: false,
  });
  for await (const row of rows) {
    await writer.appendRow(recordOf(row, columns));
    yield* parts.splice(0);
  }
  await writer.close();
  yield* parts;
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
