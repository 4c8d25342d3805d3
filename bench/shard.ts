/**
 * What it costs to write the shard of a partition and to read it back: milliseconds and bytes a track, over
 * generated rows (test/support/shard-rows.ts) of the default preset.
 *
 *     npx tsx bench/shard.ts [ROWS] [PARQUETJS]
 *
 * ROWS is 200 by default. PARQUETJS is a folder where parquetjs-lite is installed (npm install parquetjs-lite@0.8.7),
 * which then writes the same rows in turn. Processor time of this process, median of nine rounds, so that other programs
 * on the machine count little. Prints a table, then JSON.
 */
import { PRESETS } from '../src/audio/descriptors.ts';
import { readShard } from '../src/store/read-shard.ts';
import { encodeShard } from '../src/store/shard.ts';
import { sampleRows } from '../test/support/shard-rows.ts';
import { parquetJsEncoder } from './peers/parquetjs-lite.ts';

const ROUNDS = 9;

const [count = '200', peer] = process.argv.slice(2);
const rows = sampleRows(Number(count));
const encoders: Record<string, typeof encodeShard> = { encodeShard };
if (peer !== undefined) encoders['parquetjs-lite'] = parquetJsEncoder(peer);

const measured = Object.keys(encoders).map((name) => ({
  name,
  writing: [] as number[],
  reading: [] as number[],
  bytes: 0,
}));
// The round before the first warms up.
for (let round = -1; round < ROUNDS; round++) {
  for (const figures of measured) {
    const start = processorTime();
    const shard = await encoders[figures.name](rows, PRESETS.default);
    const written = processorTime();
    await readShard(shard);
    const read = processorTime();
    figures.bytes = shard.length / rows.length;
    if (round < 0) continue;
    figures.writing.push((written - start) / rows.length);
    figures.reading.push((read - written) / rows.length);
  }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const result = measured.map(({ name, writing, reading, bytes }) => ({
  name,
  writeMs: median(writing),
  readMs: median(reading),
  bytes,
}));
console.log('a track           writing     reading       bytes');
for (const { name, writeMs, readMs, bytes } of result) {
  const figures = [`${writeMs.toFixed(2)} ms`, `${readMs.toFixed(2)} ms`, bytes.toFixed(0)];
  console.log(name.padEnd(14) + figures.map((figure) => figure.padStart(11)).join(' '));
}
console.log(JSON.stringify({ rows: rows.length, result }));
