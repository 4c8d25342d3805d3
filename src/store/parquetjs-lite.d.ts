// parquetjs-lite 0.8.7 has no types: these are of what src/store uses.
declare module 'parquetjs-lite' {
  import type { Writable } from 'node:stream';

  interface Field {
    type?: 'UTF8' | 'INT32' | 'INT64' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'LIST';
    optional?: boolean;
    repeated?: boolean;
    compression?: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP';
    statistics?: boolean;
    fields?: Record<string, Field>;
  }

  class ParquetSchema {
    constructor(fields: Record<string, Field>);
  }

  class ParquetWriter {
    static openStream(
      schema: ParquetSchema,
      stream: Writable,
      options: { rowGroupSize: number; pageIndex: boolean },
    ): Promise<ParquetWriter>;
    appendRow(row: Record<string, unknown>): Promise<void>;
    close(): Promise<void>;
  }

  const parquet: { ParquetSchema: typeof ParquetSchema; ParquetWriter: typeof ParquetWriter };

  export type { Field };
  export default parquet;
}
