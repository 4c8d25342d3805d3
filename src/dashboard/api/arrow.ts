import {
  type DataType,
  Field,
  Float64,
  Int32,
  List,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { z } from 'zod';

export const ARROW = 'application/vnd.apache.arrow.stream';

/**
 * The list `rows` of an answer as the one table of an Arrow IPC stream, a column a member of the rows' schema. What
 * else the answer holds stands in the table's metadata, under the key `answer`, as JSON.
 *
 * @throws Error where the rows hold anything else than texts, numbers and lists of those.
 */
export function encodeRows(schema: z.ZodObject, rows: string, answer: Record<string, unknown>): Uint8Array {
  const { [rows]: list, ...rest } = answer as Record<string, Record<string, unknown>[]>;
  const columns: Record<string, Vector> = {};
  for (const [name, member] of Object.entries(membersOf(schema, rows))) {
    columns[name] = vectorFromArray(
      list!.map((row) => row[name] ?? null),
      arrowType(member),
    );
  }
  const table = new Table(columns);
  table.schema.metadata.set('answer', JSON.stringify(rest));
  return tableToIPC(table, 'stream');
}

function membersOf(schema: z.ZodObject, rows: string): Record<string, z.core.$ZodType> {
  const list = schema.shape[rows];
  if (list instanceof z.ZodArray && list.element instanceof z.ZodObject) return list.element.shape;
  throw new Error(`${rows} is no list of objects`);
}

function arrowType(schema: z.core.$ZodType): DataType {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return arrowType(schema.unwrap());
  if (schema instanceof z.ZodArray) return new List(new Field('item', arrowType(schema.element), true));
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return new Utf8();
  if (schema instanceof z.ZodNumber) return schema.format === 'int32' ? new Int32() : new Float64();
  throw new Error('Arrow has no column here for what is no text, number or list');
}
