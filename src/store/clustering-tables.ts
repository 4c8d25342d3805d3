import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { z } from 'zod';
import { messageOf, SoundalikeError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { moveIntoPlace, writeTemporary } from './atomic-file.ts';
import { parquetSchema } from './parquet-schema.ts';

/** The tracks of a clustering, column by column. */
export interface ClusteredTracks {
  id: string[];
  cluster: ArrayLike<number>;
  /** Euclidean, to the centre of the cluster. */
  distance: Float64Array;
  /** With squared Euclidean distances. */
  silhouette: Float64Array;
}

/** tracks.parquet: a row a track. */
export function encodeClusteredTracks(tracks: ClusteredTracks): Uint8Array {
  return encode(
    [
      ['id', 'text'],
      ['cluster', 'integer'],
      ['distance', 'double'],
      ['silhouette', 'double'],
    ],
    { ...tracks, cluster: Int32Array.from(tracks.cluster) },
  );
}

/**
 * clusters.parquet: a row a cluster.
 *
 * @param centres Float32Array, clusters × dimension, row-major.
 */
export function encodeClusters(sizes: readonly number[], centres: Float32Array): Uint8Array {
  const dimension = centres.length / sizes.length;
  return encode(
    [
      ['cluster', 'integer'],
      ['tracks', 'integer'],
      ['centre', 'floats'],
    ],
    {
      cluster: Int32Array.from(sizes.keys()),
      tracks: Int32Array.from(sizes),
      centre: sizes.map((_, k) => Array.from(centres.subarray(k * dimension, (k + 1) * dimension))),
    },
  );
}

function encode(
  columns: Parameters<typeof parquetSchema>[0],
  data: Record<string, unknown[] | Int32Array | Float64Array>,
): Uint8Array {
  const writer = new ByteWriter();
  const columnData = columns.map(([name]) => ({ name, data: data[name] }));
  parquetWrite({ writer, columnData, schema: parquetSchema(columns), createdBy: 'soundalike' });
  return writer.getBytes();
}

const trackSchema = z.object({
  id: z.string(),
  cluster: z.int(),
  distance: z.number(),
  silhouette: z.number(),
});

const clusterSchema = z.object({ centre: z.array(z.number()) });

/** What came out of a clustering, as its tables have it. */
export interface ClusteringTables {
  tracks: { id: string; cluster: number; distance: number; silhouette: number }[];
  /** Float32Array, clusters × dimension, row-major. */
  centres: Float32Array;
}

/**
 * Reads the tables of a clustering.
 *
 * @throws SoundalikeError SHARD_DAMAGED where one is gone or its content another.
 */
export async function readClusteringTables(
  folder: string,
  files: Record<'tracks' | 'clusters', WrittenTable>,
): Promise<ClusteringTables> {
  const tracks = await readTable(folder, files.tracks, trackSchema);
  const clusters = await readTable(folder, files.clusters, clusterSchema);
  return {
    tracks,
    centres: Float32Array.from(clusters.flatMap(({ centre }) => centre)),
  };
}

async function readTable<Row>(
  folder: string,
  { file, sha256: expected }: WrittenTable,
  schema: z.ZodType<Row>,
): Promise<Row[]> {
  const path = join(folder, file);
  try {
    const bytes = await readFile(path);
    if (sha256(bytes) !== expected) throw new Error('its sha256 is another');
    return z.array(schema).parse(await parquetReadObjects({ file: new Uint8Array(bytes).buffer }));
  } catch (error) {
    const message = `${path} cannot be read (${messageOf(error)}): delete ${folder} and ask for the clustering again`;
    throw new SoundalikeError('SHARD_DAMAGED', message, { cause: error });
  }
}

/** A table as `clustering.json` names it. */
interface WrittenTable {
  file: string;
  bytes: number;
  sha256: string;
}

/**
 * Writes a table under a name that tells its content.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeTable(folder: string, name: string, bytes: Uint8Array): Promise<WrittenTable> {
  const hash = sha256(bytes);
  const file = `${name}-${hash.slice(0, 16)}.parquet`;
  await moveIntoPlace(await writeTemporary(folder, file, bytes), join(folder, file));
  return { file, bytes: bytes.length, sha256: hash };
}
