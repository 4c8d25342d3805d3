import type { SchemaElement } from 'hyparquet-writer';
import type { ColumnKind } from './shard-columns.ts';

/** What a single value of each kind is in Parquet; lists are made of these. */
const VALUES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  'optional text': { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  integer: { type: 'INT32', repetition_type: 'REQUIRED' },
  'optional integer': { type: 'INT64', repetition_type: 'OPTIONAL' },
  float: { type: 'FLOAT', repetition_type: 'REQUIRED' },
  double: { type: 'DOUBLE', repetition_type: 'REQUIRED' },
  bytes: { type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' },
  boolean: { type: 'BOOLEAN', repetition_type: 'REQUIRED' },
} as const satisfies Record<string, Omit<SchemaElement, 'name'>>;

const value = (name: string, kind: keyof typeof VALUES): SchemaElement[] => [{ name, ...VALUES[kind] }];

/** Standard three-level lists (LogicalTypes.md of parquet-format): DuckDB, Spark and pandas read them as arrays. */
const list = (name: string, kind: keyof typeof VALUES): SchemaElement[] => [
  { name, converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', ...VALUES[kind] },
];

function elementsOf(name: string, kind: ColumnKind): SchemaElement[] {
  if (kind === 'texts') return list(name, 'text');
  if (kind === 'floats') return list(name, 'float');
  return value(name, kind);
}

/** The schema of a Parquet file with these columns, in this order. */
export function parquetSchema(columns: [name: string, kind: ColumnKind][]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(([name, kind]) => elementsOf(name, kind)),
  ];
}
