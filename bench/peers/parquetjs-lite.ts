import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { type encodeShard, identityOf } from '../../src/store/shard.ts';
import { featureColumns, IDENTITY_COLUMNS } from '../../src/store/shard-columns.ts';

/** What is used of parquetjs-lite 0.8.7, which has no types. */
interface ParquetJs {
  ParquetSchema: new (fields: Record<string, unknown>) => unknown;
  ParquetWriter: {
    openStream(
      schema: unknown,
      stream: Writable,
      options: { rowGroupSize: number; pageIndex: boolean },
    ): Promise<{ appendRow(row: Record<string, unknown>): Promise<void>; close(): Promise<void> }>;
  };
}

const snappy = { compression: 'SNAPPY' };
const list = (element: object) => ({
  type: 'LIST',
  fields: { list: { repeated: true, fields: { element } } },
});
const KINDS = {
  text: { type: 'UTF8', ...snappy },
  'optional text': { type: 'UTF8', optional: true, ...snappy },
  texts: list({ type: 'UTF8', ...snappy }),
  integer: { type: 'INT32', ...snappy },
  'optional integer': { type: 'INT64', optional: true, ...snappy },
  double: { type: 'DOUBLE', ...snappy },
  boolean: { type: 'BOOLEAN', ...snappy },
};
const FEATURE = list({ type: 'FLOAT', statistics: false, ...snappy });

const listOf = (values: ArrayLike<unknown>) => ({ list: Array.from(values, (element) => ({ element })) });

/**
 * The identity and feature columns of a shard, written by parquetjs-lite.
 *
 * @param folder Where it is installed, the folder that holds node_modules.
 */
export function parquetJsEncoder(folder: string): typeof encodeShard {
  const require = createRequire(import.meta.url);
  const { ParquetSchema, ParquetWriter } = require(
    resolve(folder, 'node_modules/parquetjs-lite'),
  ) as ParquetJs;
  return async (rows, descriptors) => {
    const columns = featureColumns(descriptors);
    const schema = new ParquetSchema({
      ...Object.fromEntries(Object.entries(IDENTITY_COLUMNS).map(([name, kind]) => [name, KINDS[kind]])),
      ...Object.fromEntries(columns.map(({ name }) => [name, FEATURE])),
    });
    const parts: Uint8Array[] = [];
    const collector = new Writable({
      write(part: Uint8Array, _encoding, done) {
        parts.push(part);
        done();
      },
    });
    const writer = await ParquetWriter.openStream(schema, collector, { rowGroupSize: 256, pageIndex: false });
    for (const row of rows) {
      const identity = identityOf(row);
      const record: Record<string, unknown> = {
        ...identity,
        genres: listOf(identity.genres),
        tags: listOf(identity.tags),
      };
      for (const { name, descriptor, statistic } of columns) {
        record[name] = listOf(row.features.statistics[descriptor]![statistic]);
      }
      await writer.appendRow(record);
    }
    await writer.close();
    return Buffer.concat(parts);
  };
}
