import type { PGlite } from '@electric-sql/pglite';
import type { Documents, StoredDocument } from './documents.ts';

/** Marks a vector in JSON: its little-endian bytes in base64, exact and shorter than decimal numbers. */
const VECTOR = '$float32';

function encode(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Float32Array) {
      return { [VECTOR]: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64') };
    }
    // PostgreSQL's jsonb takes neither U+0000 nor halves of surrogate pairs; both occur in tags of old files.
    return typeof part === 'string' ? Buffer.from(part.replaceAll('\0', '\ufffd')).toString() : part;
  });
}

function decode({ body }: { body: string }): StoredDocument {
  return JSON.parse(body, (_key, part) => {
    const vector: unknown = part?.[VECTOR];
    if (typeof vector !== 'string') return part;
    // A copy: Float32Array needs an offset that is a multiple of four, and Buffers share their memory.
    return new Float32Array(new Uint8Array(Buffer.from(vector, 'base64')).buffer);
  });
}

// The schema is named everywhere: the queue shares the session and sets its search_path.
const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS soundalike;
  CREATE TABLE IF NOT EXISTS soundalike.documents (
    collection text NOT NULL,
    id text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (collection, id)
  );
`;

/** The documents on the embedded database; whoever opened the database closes it. */
export async function openEmbeddedDocuments(database: PGlite): Promise<Documents> {
  await database.exec(SCHEMA);
  return {
    async upsert(collection, documents) {
      await database.query(
        `INSERT INTO soundalike.documents
         SELECT $1, body->>'_id', body FROM jsonb_array_elements($2::jsonb) AS body
         ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body`,
        [collection, encode(documents)],
      );
    },

    async get(collection, id) {
      const { rows } = await database.query<{ body: string }>(
        'SELECT body::text FROM soundalike.documents WHERE collection = $1 AND id = $2',
        [collection, id],
      );
      return rows.length === 0 ? null : decode(rows[0]);
    },

    async find(collection, equals, limit) {
      const { rows } = await database.query<{ body: string }>(
        `SELECT body::text FROM soundalike.documents WHERE collection = $1 AND body @> $2::jsonb
         ORDER BY id LIMIT $3`,
        [collection, encode(equals), limit ?? null],
      );
      return rows.map(decode);
    },

    async between(collection, from, to) {
      const { rows } = await database.query<{ body: string }>(
        `SELECT body::text FROM soundalike.documents WHERE collection = $1 AND id >= $2 AND id < $3 ORDER BY id`,
        [collection, from, to],
      );
      return rows.map(decode);
    },

    async count(collection, equals) {
      const { rows } = await database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM soundalike.documents WHERE collection = $1 AND body @> $2::jsonb`,
        [collection, encode(equals)],
      );
      return rows[0].count;
    },

    async remove(collection, ids) {
      await database.query(
        'DELETE FROM soundalike.documents WHERE collection = $1 AND id = ANY($2::text[])',
        [collection, ids],
      );
    },

    async close() {},
  };
}
