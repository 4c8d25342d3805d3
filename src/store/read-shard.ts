import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet';
import { type ClipStatistics, DESCRIPTOR_NAMES } from '../audio/descriptors.ts';
import type { ShardRow } from './shard.ts';
import {
  COURSE_COLUMNS,
  type CourseColumn,
  type CourseColumns,
  type FeatureColumn,
  type FeatureColumnName,
  featureColumns,
  IDENTITY_COLUMNS,
  type IdentityColumn,
  type IdentityColumns,
} from './shard-columns.ts';

/** The columns with one value a row. */
type SingleColumns = IdentityColumns & CourseColumns;

type ColumnName = keyof SingleColumns | FeatureColumnName;

/** Columns by name: a feature column as one Float32Array (rows × bands, row-major), any other as an array. */
export type Columns<Name extends ColumnName> = {
  [Key in Name]: Key extends keyof SingleColumns ? SingleColumns[Key][] : Float32Array;
};

const BANDS = new Map<string, number>(
  featureColumns(DESCRIPTOR_NAMES).map(({ name, bands }) => [name, bands]),
);

const flatten = (lists: ArrayLike<ArrayLike<number>>, bands: number): Float32Array => {
  const values = new Float32Array(lists.length * bands);
  for (let row = 0; row < lists.length; row++) values.set(lists[row], row * bands);
  return values;
};

async function openFile(shard: string | Uint8Array): Promise<AsyncBuffer> {
  return typeof shard === 'string' ? asyncBufferFromFile(shard) : new Uint8Array(shard).buffer;
}

/** hyparquet gives 64-bit integers as BigInt and a missing value as undefined. */
const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : (value ?? null));

/**
 * Reads columns of a shard.
 *
 * @param shard The path of the file, of which only these columns are read; or its bytes.
 */
export async function readColumns<const Name extends ColumnName>(
  shard: string | Uint8Array,
  names: readonly Name[],
): Promise<Columns<Name>> {
  const file = await openFile(shard);
  return columnsOf(file, await parquetMetadataAsync(file), names);
}

async function columnsOf<Name extends ColumnName>(
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly Name[],
): Promise<Columns<Name>> {
  // Texts are marked as such; without `utf8: false` bytes would be taken for texts, too.
  const scan = await parquetScan({ file, metadata, columns: [...names], utf8: false });
  const columns: Record<string, unknown> = {};
  for (const column of names) {
    const parts = await Promise.all(scan.ranges.map((range) => scan.readColumn({ column, ...range })));
    const values: unknown[] = parts.flatMap((part) => Array.from<unknown>(part));
    const bands = BANDS.get(column);
    columns[column] = bands === undefined ? values.map(plain) : flatten(values as ArrayLike<number>[], bands);
  }
  return columns as Columns<Name>;
}

/**
 * Reads columns of one row of a shard.
 *
 * @param path Of the file, of which only these columns of the row's row group are read.
 * @throws Error where the file cannot be read or has no such row or column.
 */
export async function readRow<const Name extends keyof SingleColumns>(
  path: string,
  names: readonly Name[],
  row: number,
): Promise<Pick<SingleColumns, Name>> {
  const scan = await parquetScan({ file: await openFile(path), columns: [...names], utf8: false });
  const entries = names.map(async (column) => {
    const [value] = await scan.readColumn({ column, rowStart: row, rowEnd: row + 1 });
    return [column, plain(value)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Pick<SingleColumns, Name>;
}

/** The feature columns that a shard has. */
function featuresIn(metadata: FileMetaData): FeatureColumn[] {
  const { children } = parquetSchema(metadata);
  const names = new Set(children.map(({ element }) => element.name));
  return featureColumns(DESCRIPTOR_NAMES).filter(({ name }) => names.has(name));
}

function statisticsOf(
  columns: Columns<FeatureColumnName>,
  features: FeatureColumn[],
  row: number,
): ClipStatistics {
  const statistics: Partial<Record<string, Record<string, Float32Array>>> = {};
  for (const { name, descriptor, statistic, bands } of features) {
    statistics[descriptor] ??= {};
    statistics[descriptor][statistic] = columns[name].slice(row * bands, (row + 1) * bands);
  }
  return statistics as ClipStatistics;
}

/** Reads all rows of a shard, given as its path or its bytes. */
export async function readShard(shard: string | Uint8Array): Promise<ShardRow[]> {
  const file = await openFile(shard);
  const metadata = await parquetMetadataAsync(file);
  const features = featuresIn(metadata);
  const names = [
    ...(Object.keys(IDENTITY_COLUMNS) as IdentityColumn[]),
    ...(Object.keys(COURSE_COLUMNS) as CourseColumn[]),
    ...features.map(({ name }) => name),
  ];
  const columns: Columns<ColumnName> = await columnsOf(file, metadata, names);
  return columns.id.map((id, row) => ({
    id,
    contentHash: columns.content_hash[row],
    path: columns.path[row],
    metadata: {
      title: columns.title[row],
      artist: columns.artist[row],
      album: columns.album[row],
      genre: columns.genre[row],
      genres: columns.genres[row],
      tags: columns.tags[row],
      date: columns.date[row],
      license: columns.license[row],
      listens: columns.listens[row],
    },
    search: {
      title: columns.title_search[row],
      artist: columns.artist_search[row],
      album: columns.album_search[row],
      genre: columns.genre_search[row],
    },
    features: {
      seconds: columns.seconds[row],
      sampleRate: columns.sample_rate[row],
      channels: columns.channels[row],
      truncated: columns.truncated[row],
      statistics: statisticsOf(columns, features, row),
      // Copies: what hyparquet gives are views of whole pages.
      peaks: columns.peaks[row].slice(),
      segments: new Float32Array(columns.segments[row].slice().buffer),
      segmentCount: columns.segment_count[row],
    },
    featureVersion: columns.feature_version[row],
  }));
}
