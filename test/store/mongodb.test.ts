import { randomBytes } from 'node:crypto';
import { Long, MongoClient, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openMongodbDocuments } from '../../src/store/documents-mongodb.ts';
import { readMongoCollection } from '../../src/store/read-mongo-collection.ts';
import { type MongoServer, startMongo } from '../support/mongodb.ts';
import { freePort } from '../support/server-process.ts';
import { documentsContract } from './documents.contract.ts';

let server: MongoServer;
beforeAll(async () => {
  server = await startMongo();
}, 300_000);
afterAll(() => server?.stop());

/** The address of a database of the server that nobody has used. */
const newDatabase = () => `${server.url}_${randomBytes(4).toString('hex')}`;

describe('documents', () => {
  documentsContract(async () => {
    const documents = await openMongodbDocuments(newDatabase());
    onTestFinished(() => documents.close());
    return documents;
  });

  test('vectors stand in the database as BSON vectors, and the database is the one of the URL', async () => {
    const url = newDatabase();
    const documents = await openMongodbDocuments(url);
    await documents.upsert('tracks', [{ _id: 'a', vector: new Float32Array([1, 2]) }]);
    await documents.close();
    const client = await MongoClient.connect(url);
    const raw = await client.db().collection('tracks').findOne();
    await client.close();
    // Sub-type 9 is the vector (BSON specification); 0x27 is float32.
    expect(raw?.vector.sub_type).toBe(9);
    expect(raw?.vector.buffer[0]).toBe(0x27);
  });
});

describe('a server that does not answer', () => {
  test('is told without the credentials', async () => {
    const port = await freePort();
    const url = `mongodb://user:secret%40word@127.0.0.1:${port}/db`;
    const error = await openMongodbDocuments(url).catch((error: unknown) => error);
    const address = `mongodb://***@127.0.0.1:${port}/db`;
    expect(error).toMatchObject({ code: 'MONGODB_UNREACHABLE', message: expect.stringContaining(address) });
    expect(String(error)).not.toMatch(/user|secret/);
  }, 30_000);
});

describe('a collection as a source', () => {
  test('its documents come in the order of ids, as plain values', async () => {
    const url = newDatabase();
    const client = await MongoClient.connect(url);
    const id = new ObjectId();
    const date = new Date('2020-01-02T03:04:05.000Z');
    await client
      .db()
      .collection<{ _id: string; [key: string]: unknown }>('my tracks')
      .insertMany([
        { _id: 'b', path: 'b.mp3' },
        {
          _id: 'a',
          path: 'a.mp3',
          released: date,
          ref: id,
          plays: Long.fromString('9007199254740993'),
          tags: ['x'],
        },
      ]);
    await client.close();
    const read = [];
    for await (const document of readMongoCollection(`${url}/my%20tracks?appName=test`)) read.push(document);
    expect(read).toEqual([
      {
        _id: 'a',
        path: 'a.mp3',
        released: '2020-01-02T03:04:05.000Z',
        ref: id.toHexString(),
        plays: '9007199254740993',
        tags: ['x'],
      },
      { _id: 'b', path: 'b.mp3' },
    ]);
  });

  test('an address without a collection is told', async () => {
    const reading = readMongoCollection('mongodb://host/database');
    await expect(reading.next()).rejects.toMatchObject({ code: 'USAGE' });
  });
});
