import { Binary, type Collection, MongoServerError } from 'mongodb';
import type { CollectionName, Documents, DocumentValue, StoredDocument } from './documents.ts';
import { connectMongodb } from './mongodb.ts';

/** Where MONGODB_URL names no database. */
const DEFAULT_DATABASE = 'soundalike';

/**
 * Documents of one command. FerretDB 1.24 keeps a connection to its SQLite for each document that a command
 * replaces, of a hundred in all (msg_update.go, opendb.go), and waits for ever where they run out; this leaves
 * room for four writers at once. To MongoDB the difference is a round trip for each 100 kB.
 */
const COMMAND_SIZE = 20;

/** MongoDB's code of an error. */
const DUPLICATE_KEY = 11000;

type Bson = null | boolean | number | string | Binary | Bson[] | { [key: string]: Bson };

function encode(value: DocumentValue): Bson {
  if (value instanceof Float32Array) return Binary.fromFloat32Array(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(encode);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, encode(part)]));
}

function decode(value: Bson): DocumentValue {
  if (value instanceof Binary) return value.toFloat32Array();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(decode);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decode(part)]));
}

const decodeDocument = (document: { [key: string]: Bson }) => decode(document) as StoredDocument;

const isDuplicateKey = (error: unknown) => error instanceof MongoServerError && error.code === DUPLICATE_KEY;

/**
 * The documents on a MongoDB server.
 *
 * @throws SoundalikeError MONGODB_UNREACHABLE
 */
export async function openMongodbDocuments(url: string): Promise<Documents> {
  const client = await connectMongodb(url);
  const named = /^[^:]+:\/\/[^/]+\/[^?]+/.test(url);
  const database = client.db(named ? undefined : DEFAULT_DATABASE);
  await database.collection('partitions').createIndex({ run: 1 });
  await database.collection('playlists').createIndex({ listener: 1 });
  const open = (name: CollectionName): Collection<{ _id: string; [key: string]: Bson }> =>
    database.collection(name);

  return {
    async upsert(collection, documents) {
      const operations = documents.map((document) => ({
        replaceOne: {
          filter: { _id: document._id },
          replacement: encode(document) as { _id: string },
          upsert: true,
        },
      }));
      for (let start = 0; start < operations.length; start += COMMAND_SIZE) {
        const command = operations.slice(start, start + COMMAND_SIZE);
        const write = () => open(collection).bulkWrite(command, { ordered: false });
        // Of writers that bring the same new document in at once all but one may be told that it is there: now it is,
        // and is replaced.
        await write().catch((error) => (isDuplicateKey(error) ? write() : Promise.reject(error)));
      }
    },

    async get(collection, id) {
      const document = await open(collection).findOne({ _id: id });
      return document && decodeDocument(document);
    },

    async find(collection, equals, limit) {
      // A limit of 0 means none to MongoDB.
      const cursor = open(collection)
        .find(equals)
        .sort({ _id: 1 })
        .limit(limit ?? 0);
      return (await cursor.toArray()).map(decodeDocument);
    },

    async between(collection, from, to) {
      const cursor = open(collection)
        .find({ _id: { $gte: from, $lt: to } })
        .sort({ _id: 1 });
      return (await cursor.toArray()).map(decodeDocument);
    },

    count: (collection, equals) => open(collection).countDocuments(equals),

    async remove(collection, ids) {
      await open(collection).deleteMany({ _id: { $in: ids } });
    },

    close: () => client.close(),
  };
}
