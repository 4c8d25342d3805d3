import { SoundalikeError } from '../errors.ts';
import { connectMongodb } from './mongodb.ts';

/** `mongodb://host/database/collection`, with options after `?` as in any MongoDB URL. */
const COLLECTION_URL = /^(mongodb(?:\+srv)?:\/\/[^/]+)\/([^/?]+)\/([^/?]+)(\?.*)?$/;

/** BSON types as text: ids and long numbers by their own form, dates as ISO 8601. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  if ('_bsontype' in value) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

/**
 * Reads the documents of a collection as plain values, in the order of `_id`.
 *
 * @param uri `mongodb://host/database/collection`
 * @throws SoundalikeError USAGE where `uri` names no collection.
 * @throws SoundalikeError MONGODB_UNREACHABLE
 */
export async function* readMongoCollection(uri: string): AsyncGenerator<Record<string, unknown>> {
  const parts = COLLECTION_URL.exec(uri);
  if (!parts) {
    throw new SoundalikeError('USAGE', 'a MongoDB source is named mongodb://host/database/collection');
  }
  const [, server, database, collection, options = ''] = parts;
  const client = await connectMongodb(`${server}/${database}${options}`);
  try {
    for await (const document of client
      .db()
      .collection(decodeURIComponent(collection))
      .find()
      .sort({ _id: 1 })) {
      yield plain(document) as Record<string, unknown>;
    }
  } finally {
    await client.close();
  }
}
