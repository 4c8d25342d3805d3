import type { DocumentValue, StoredDocument } from './documents.ts';
import { identityOf, type ShardRow } from './shard.ts';

/**
 * The documents of analysed tracks, for the collection `tracks`: fields named as the shard's columns, with the
 * features as vectors below `features`. Waveform and segments stay in the shards. The same track analysed by the same feature version is the same
 * document, whichever run it was of, so that writing one twice changes nothing.
 */
export function trackDocuments(rows: ShardRow[]): StoredDocument[] {
  return rows.map((row) => {
    const { id, ...identity } = identityOf(row);
    const features: Record<string, DocumentValue> = {};
    for (const [descriptor, statistics] of Object.entries(row.features.statistics)) {
      for (const [statistic, values] of Object.entries(statistics))
        features[`${descriptor}_${statistic}`] = values;
    }
    return { _id: `${id}:${row.featureVersion}`, track: id, ...identity, features };
  });
}
