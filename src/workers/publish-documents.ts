import { UnrecoverableError } from 'bullmq';
import { jobId } from '../jobs/registry.ts';
import type { Documents } from '../store/documents.ts';
import { readManifest, readShardBytes } from '../store/manifest-files.ts';
import { readShard } from '../store/read-shard.ts';
import { trackDocuments } from '../store/track-documents.ts';

/**
 * Writes the documents of one committed partition. Only after them it is noted as published, so that a worker
 * that dies in between leaves work to do and not a gap.
 */
export async function publishDocuments(
  dataDir: string,
  documents: Documents,
  run: string,
  partition: string,
): Promise<{ documents: number }> {
  const manifest = await readManifest(dataDir, run, partition);
  if (!manifest) throw new UnrecoverableError(`partition ${partition} was not analysed; see its extract job`);
  const shard = await readShardBytes(dataDir, manifest);
  const rows = shard ? await readShard(shard) : [];
  if (rows.length > 0) await documents.upsert('tracks', trackDocuments(rows));
  const { sha256 } = manifest;
  await documents.upsert('partitions', [{ _id: jobId('documents', run, partition), run, partition, sha256 }]);
  return { documents: rows.length };
}
