import type { Documents, StoredDocument } from '../../src/store/documents.ts';

/** The documents in memory, for tests of what only reads and writes them. */
export function memoryDocuments(): Documents {
  const collections = new Map<string, Map<string, StoredDocument>>();
  const open = (name: string) => {
    const found = collections.get(name) ?? new Map<string, StoredDocument>();
    collections.set(name, found);
    return found;
  };
  const matching = (name: string, equals: Record<string, unknown>) =>
    [...open(name).values()]
      .filter((document) => Object.entries(equals).every(([key, value]) => document[key] === value))
      .sort((a, b) => (a._id < b._id ? -1 : 1));

  return {
    async upsert(name, documents) {
      for (const document of documents) open(name).set(document._id, structuredClone(document));
    },
    get: async (name, id) => open(name).get(id) ?? null,
    find: async (name, equals, limit) => matching(name, equals).slice(0, limit),
    between: async (name, from, to) => matching(name, {}).filter(({ _id }) => _id >= from && _id < to),
    count: async (name, equals) => matching(name, equals).length,
    async remove(name, ids) {
      for (const id of ids) open(name).delete(id);
    },
    async close() {},
  };
}
