import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DescriptorName } from '../audio/descriptors.ts';
import { sha256 } from '../sha256.ts';
import { moveIntoPlace, publishOnce, writeTemporary } from './atomic-file.ts';
import { canonicalJson } from './json-file.ts';
import type { Manifest, TrackFailure } from './manifest.ts';
import { manifestFile, readManifest } from './manifest-files.ts';
import { columnMoments } from './moments.ts';
import { runPaths } from './paths.ts';
import { encodeShard, type ShardRow } from './shard.ts';
import { SHARD_VERSION } from './shard-columns.ts';

export interface PartitionResult {
  dataDir: string;
  run: string;
  partition: string;
  /** Names the attempt in the temporary file's name, for people who find one left over. */
  attempt: string;
  /** In any order. */
  rows: ShardRow[];
  failures: TrackFailure[];
  /** Those that every row has the statistics of, and the version of all of them. */
  descriptors: readonly DescriptorName[];
  featureVersion: string;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What an attempt wants to commit: the manifest, and the shard that it names. */
async function prepare(result: PartitionResult): Promise<{ manifest: Manifest; shard: Uint8Array | null }> {
  const rows = result.rows.toSorted((a, b) => compareText(a.id, b.id));
  const failures = result.failures.toSorted((a, b) => compareText(a.track, b.track));
  const shard = rows.length === 0 ? null : await encodeShard(rows, result.descriptors);
  const hash = shard && sha256(shard);
  const manifest: Manifest = {
    run: result.run,
    stage: 'extract',
    partition: result.partition,
    file: hash && `${result.partition}-${hash.slice(0, 16)}.parquet`,
    rows: rows.length,
    failures,
    seconds: rows.reduce((sum, row) => sum + row.features.seconds, 0),
    truncated: rows.filter((row) => row.features.truncated).length,
    bytes: shard?.byteLength ?? 0,
    sha256: hash,
    moments: columnMoments(rows, result.descriptors),
    versions: { features: result.featureVersion, shard: SHARD_VERSION },
  };
  return { manifest, shard };
}

/**
 * Commits what an attempt made of a partition. Any number of attempts may do so, at once or one after the
 * other: one wins, and every attempt gets the winner's manifest. An attempt that dies leaves at most a file
 * that no manifest names.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE, and the partition is as uncommitted as before.
 */
export async function commitPartition(result: PartitionResult): Promise<Manifest> {
  const { dataDir, run, partition, attempt } = result;
  const committed = await readManifest(dataDir, run, partition);
  if (committed) return committed;

  const { shards } = runPaths(dataDir, run);
  const { manifest, shard } = await prepare(result);
  if (shard) {
    const temporary = await writeTemporary(shards, `${partition}-${attempt}.parquet`, shard);
    await moveIntoPlace(temporary, join(shards, manifest.file!));
  }
  const outcome = await publishOnce(manifestFile(dataDir, run, partition), canonicalJson(manifest));
  if (outcome === 'created') return manifest;

  const winner = (await readManifest(dataDir, run, partition))!;
  if (manifest.file && manifest.file !== winner.file) await rm(join(shards, manifest.file), { force: true });
  return winner;
}
