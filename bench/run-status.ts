import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRunStatusReader } from '../src/jobs/run-status-reader.ts';
import { openEmbeddedDocuments } from '../src/store/documents-embedded.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { simulateRun } from './simulated-run.ts';

/**
 * What the Run page of a large run costs: how long its state and its timeline take to read at the first look of a process
 * and at later ones, how much of the processor that takes, and how many bytes go to the browser. 40 workers on
 * five machines, nine tenths of the partitions done. `npx tsx bench/run-status.ts [partitions] [failures of each]`
 */
const partitions = Number(process.argv[2] ?? 2_000);
const failuresEach = Number(process.argv[3] ?? 10);
const ROUNDS = 21;
const run = 'bench-0123456789';

const folder = await mkdtemp(join(tmpdir(), 'soundalike-bench-status-'));
const embedded = await openEmbedded(folder);
try {
  const documents = await openEmbeddedDocuments(embedded.database);
  const beat = await simulateRun(folder, documents, { run, partitions, failuresEach });
  const reader = createRunStatusReader({ dataDir: folder, queues: null, documents });
  await beat();
  const looks = {
    'status, first look': await median(() => reader.runStatus(run), 1),
    status: await median(() => reader.runStatus(run)),
    'timeline, first look': await median(() => reader.runTimeline(run), 1),
    timeline: await median(() => reader.runTimeline(run)),
    'list of runs': await median(() => reader.listRuns()),
  };
  const { tracks, workers } = await reader.runStatus(run);
  process.stdout.write(
    `${partitions} partitions, ${tracks.failed} failed tracks, ${workers.length} workers\n` +
      `${''.padEnd(24)}${'ms'.padStart(10)}${'CPU ms'.padStart(10)}${'KB'.padStart(10)}\n`,
  );
  for (const [name, { ms, processor, kilobytes }] of Object.entries(looks)) {
    process.stdout.write(
      `${name.padEnd(24)}${ms.toFixed(1).padStart(10)}${processor.toFixed(1).padStart(10)}${kilobytes.toFixed(1).padStart(10)}\n`,
    );
  }
  process.stdout.write(`${JSON.stringify({ partitions, failures: tracks.failed, ...looks })}\n`);
} finally {
  await embedded.close();
  await rm(folder, { recursive: true });
}

/** Medians of several looks: by the clock, and of the processor. */
async function median(look: () => Promise<unknown>, rounds = ROUNDS) {
  const times: number[] = [];
  const processor: number[] = [];
  let kilobytes = 0;
  for (let round = 0; round < rounds; round++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    const answer = await look();
    times.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1_000);
    kilobytes = sentKilobytes(answer);
  }
  const middle = (values: number[]) => values.sort((a, b) => a - b)[rounds >> 1]!;
  return { ms: middle(times), processor: middle(processor), kilobytes };
}

/** As the server sends it. */
function sentKilobytes(answer: unknown): number {
  return gzipSync(JSON.stringify(answer), { level: 1 }).length / 1_000;
}
