import { join } from 'node:path';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
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

/**
 * Writes a table under a name that tells its content.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE
 */
export async function writeTable(
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<{ file: string; bytes: number; sha256: string }> {
  const hash = sha256(bytes);
  const file = `${name}-${hash.slice(0, 16)}.parquet`;
  await moveIntoPlace(await writeTemporary(folder, file, bytes), join(folder, file));
  return { file, bytes: bytes.length, sha256: hash };
}
