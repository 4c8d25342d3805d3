import { PGlite } from '@electric-sql/pglite';
import { afterAll, expect, test } from 'vitest';
import { openEmbeddedDocuments } from '../../src/store/documents-embedded.ts';
import { documentsContract } from './documents.contract.ts';

const database = await PGlite.create();
afterAll(() => database.close());

const openEmpty = async () => {
  await database.exec('DROP SCHEMA IF EXISTS soundalike CASCADE');
  return openEmbeddedDocuments(database);
};

documentsContract(openEmpty);

test('another user of the session, and opening twice, do no harm', async () => {
  const documents = await openEmpty();
  await documents.upsert('tracks', [{ _id: 'a' }]);
  await database.exec('CREATE SCHEMA IF NOT EXISTS bullmq; SET search_path TO bullmq, public');
  const again = await openEmbeddedDocuments(database);
  expect(await again.count('tracks', {})).toBe(1);
  await again.close();
  expect(await documents.get('tracks', 'a')).toEqual({ _id: 'a' });
});
