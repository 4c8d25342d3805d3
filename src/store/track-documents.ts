import type { DocumentValue, StoredDocument } from './documents.ts';
import { identityOf, type ShardRow } from './shard.ts';
import { FEATURE_COLUMNS } from './shard-columns.ts';

/**
 * The documents of analysed tracks, for the collection `tracks`: fields named as the shard's columns, with the
 * features as vectors below `features`. The same track analysed by the same feature version is the same
 * document, whichever run it was of, so that writing one twice changes nothing.
 */
export function trackDocuments(rows: ShardRow[]): StoredDocument[] {
  return rows.map((row) => {
    const { id, ...identity } = identityOf(row);
    const features: Record<string, DocumentValue> = {};
    for (const { name, descriptor, statistic } of FEATURE_COLUMNS) {
      features[name] = row.features.statistics[descriptor][statistic];
    }
    return { _id: `${id}:${row.featureVersion}`, track: id, ...identity, features };
  });
}
