import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedPool } from '../../src/jobs/embedded-pool.ts';

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(() => database.close());

it('passes notifications on, also where a comment stands before LISTEN, as in the files of BullMQ', async () => {
  const client = await (await openEmbeddedPool(database)).connect();
  const told: unknown[] = [];
  client.on('notification', (message) => told.push(message));
  await client.query('-- Waits for jobs\n-- (and LISTEN is not in vain).\nLISTEN first;\n');
  await client.query('LISTEN "second"');
  await client.query("SELECT pg_notify('first', 'a'), pg_notify('second', 'b'), pg_notify('third', 'c')");
  await expect.poll(() => told.length).toBe(2);
  expect(told).toEqual([
    { channel: 'first', payload: 'a' },
    { channel: 'second', payload: 'b' },
  ]);
  client.release();
});
