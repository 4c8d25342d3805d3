import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import type { PgNotification, PgPool, PgPoolClient } from 'bullmq';
import { runMigrations } from 'bullmq';

/** With the comments that BullMQ's SQL files begin with. */
const LISTEN = /^(?:\s|--.*\n)*LISTEN\s+"?(\w+)"?\s*;?\s*$/i;

/** One "connection" of the pool: all of them share the one session of the in-process database. */
class EmbeddedClient extends EventEmitter {
  readonly #unlisten: (() => Promise<void>)[] = [];

  constructor(readonly database: PGlite) {
    super();
    // A worker waits with one listener a queue, and all queues share the client.
    this.setMaxListeners(0);
  }

  async query(text: string, parameters?: readonly unknown[]) {
    const channel = LISTEN.exec(text)?.[1];
    if (channel !== undefined) {
      const notify = (payload: string) =>
        this.emit('notification', { channel, payload } satisfies PgNotification);
      this.#unlisten.push(await this.database.listen(channel, notify));
      return { rows: [], rowCount: 0 };
    }
    // As in node-postgres, a text without parameters may hold several statements (the migrations do).
    const result =
      parameters === undefined
        ? (await this.database.exec(text)).at(-1)
        : await this.database.query(text, parameters as unknown[]);
    const rows = result?.rows ?? [];
    return { rows, rowCount: result?.affectedRows ?? rows.length };
  }

  release(): void {
    for (const unlisten of this.#unlisten.splice(0)) void unlisten().catch(() => {});
    this.removeAllListeners();
  }
}

/**
 * Lets BullMQ's PostgreSQL backend run on the embedded database: an object of the shape of a `pg.Pool` before
 * the one PGlite of this process. Its schema is created or brought up to date first.
 */
export async function openEmbeddedPool(database: PGlite): Promise<PgPool> {
  // Each queue and worker listens to it.
  const pool = Object.assign(new EventEmitter().setMaxListeners(0), {
    query: (text: string, parameters?: readonly unknown[]) =>
      new EmbeddedClient(database).query(text, parameters),
    connect: async () => new EmbeddedClient(database) as unknown as PgPoolClient,
    // The database outlives the pool: whoever opened it closes it.
    end: async () => {},
    options: { keepAlive: true },
  }) as unknown as PgPool;
  await runMigrations(await pool.connect());
  await database.exec('SET search_path TO bullmq, public');
  return pool;
}
