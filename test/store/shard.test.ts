import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { PRESETS } from '../../src/audio/descriptors.ts';
import { readColumns, readShard } from '../../src/store/read-shard.ts';
import { encodeRows, encodeShard } from '../../src/store/shard.ts';
import { COURSE_COLUMNS, featureColumns, IDENTITY_COLUMNS } from '../../src/store/shard-columns.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Runs one query of an independent reader of Parquet. */
async function duckdb(query: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(query)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test('rows come back as they went in', async () => {
  const rows = sampleRows(25);
  expect(await readShard(await encodeShard(rows, PRESETS.full))).toEqual(rows);
});

test('the bytes depend on the rows alone', async () => {
  const [first, second] = [
    await encodeShard(sampleRows(10), PRESETS.full),
    await encodeShard(sampleRows(10), PRESETS.full),
  ];
  expect(Buffer.compare(first, second)).toBe(0);
  expect(Buffer.compare(first, await encodeShard(sampleRows(10, 2), PRESETS.full))).not.toBe(0);
});

test('more rows than a row group holds come back in order', async () => {
  const rows = sampleRows(300);
  const shard = await encodeShard(rows, ['mfcc', 'rms']);
  const columns = await readColumns(shard, ['id', 'rms_mean', 'mfcc_std']);
  expect(columns.id).toEqual(rows.map((row) => row.id));
  expect(Array.from(columns.rms_mean)).toEqual(rows.map((row) => row.features.statistics.rms!.mean[0]));
  const last = columns.mfcc_std.subarray(299 * 20);
  expect(last).toEqual(rows[299].features.statistics.mfcc!.std);
});

test('a row group is written before the next one is read', async () => {
  let taken = 0;
  function* source() {
    for (const row of sampleRows(300)) {
      taken++;
      yield row;
    }
  }
  const seen: number[] = [];
  for await (const part of encodeRows(source(), ['rms'])) {
    expect(part.length).toBeGreaterThan(0);
    seen.push(taken);
  }
  expect(seen).toEqual([256, 300, 300]);
});

test('DuckDB reads the same columns, types and values, over row groups', async () => {
  const file = join(await temporaryFolder(), 'shard.parquet');
  const rows = sampleRows(260);
  await writeFile(file, await encodeShard(rows, PRESETS.full));

  const described = await duckdb(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
  const types = new Map(described.map((column) => [column.column_name, column.column_type]));
  expect([...types.keys()]).toEqual([
    ...Object.keys(IDENTITY_COLUMNS),
    ...Object.keys(COURSE_COLUMNS),
    ...featureColumns(PRESETS.full).map(({ name }) => name),
  ]);
  expect(types.get('title')).toBe('VARCHAR');
  expect(types.get('genres')).toBe('VARCHAR[]');
  expect(types.get('listens')).toBe('BIGINT');
  expect(types.get('seconds')).toBe('DOUBLE');
  expect(types.get('truncated')).toBe('BOOLEAN');
  expect(types.get('peaks')).toBe('BLOB');
  expect(types.get('segment_count')).toBe('INTEGER');
  expect(types.get('segments')).toBe('BLOB');
  for (const { name } of featureColumns(PRESETS.full)) expect(types.get(name)).toBe('FLOAT[]');

  const read = await duckdb(`
    SELECT *, lower(hex(peaks)) AS peaks_hex, lower(hex(segments)) AS segments_hex,
      list_transform(mel_mean, value -> value::DOUBLE) AS mel_doubles
    FROM read_parquet('${file}') ORDER BY id`);
  expect(read).toHaveLength(rows.length);
  rows.forEach((row, index) => {
    expect(read[index]).toMatchObject({
      id: row.id,
      content_hash: row.contentHash,
      title: row.metadata.title,
      artist: row.metadata.artist,
      genres: row.metadata.genres,
      tags: row.metadata.tags,
      listens: row.metadata.listens === null ? null : String(row.metadata.listens),
      seconds: row.features.seconds,
      sample_rate: row.features.sampleRate,
      truncated: row.features.truncated,
      segment_count: row.features.segmentCount,
      peaks_hex: Buffer.from(row.features.peaks).toString('hex'),
      segments_hex: Buffer.from(row.features.segments.buffer).toString('hex'),
    });
    expect(read[index].mel_doubles).toEqual(Array.from(row.features.statistics.mel!.mean));
  });
});

test('hyparquet reads single columns of a file as it reads all of them', async () => {
  const file = join(await temporaryFolder(), 'shard.parquet');
  const rows = sampleRows(9);
  await writeFile(file, await encodeShard(rows, PRESETS.full));
  const columns = await readColumns(file, ['content_hash', 'chroma_stft_skew', 'listens']);
  expect(columns.content_hash).toEqual(rows.map((row) => row.contentHash));
  expect(columns.listens).toEqual(rows.map((row) => row.metadata.listens));
  expect(columns.chroma_stft_skew).toHaveLength(9 * 12);
  expect(columns.chroma_stft_skew.subarray(12, 24)).toEqual(rows[1].features.statistics.chroma_stft!.skew);
});

test('a shard of fewer descriptors has no columns of the others', async () => {
  const rows = sampleRows(3);
  const shard = await encodeShard(rows, PRESETS.minimal);
  const read = await readShard(shard);
  expect(read.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  for (const { features } of read) expect(Object.keys(features.statistics)).toEqual(PRESETS.minimal);
});

test('a feature of the wrong number of bands is refused', async () => {
  const [row] = sampleRows(1);
  row.features.statistics.mfcc!.mean = new Float32Array(13);
  await expect(encodeShard([row], PRESETS.full)).rejects.toThrow(
    'mfcc_mean of track 001000 has 13 values instead of 20',
  );
});
