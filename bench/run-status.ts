import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRESETS } from '../src/audio/descriptors.ts';
import { createRunStatusReader } from '../src/jobs/run-status-reader.ts';
import { canonicalJson } from '../src/store/json-file.ts';
import { featureColumns } from '../src/store/shard-columns.ts';

/**
 * How long the state of a run takes to read, of which nine tenths of the partitions are done: the first look of a process, and
 * later ones. `npx tsx bench/run-status.ts [partitions]`
 */
const partitions = Number(process.argv[2] ?? 10_000);
const ROUNDS = 21;
const run = 'bench-0123456789';

const folder = await mkdtemp(join(tmpdir(), 'soundalike-bench-status-'));
try {
  await writeRun(join(folder, 'runs', run));
  const reader = createRunStatusReader({ dataDir: folder, queues: null, documents: null });
  const first = await time(() => reader.runStatus(run));
  const rows: Record<string, number> = {
    'status, first look': first,
    'status, later looks': await median(() => reader.runStatus(run)),
    timeline: await median(() => reader.runTimeline(run)),
    'timeline, blocks': (await reader.runTimeline(run)).blocks.length,
    'timeline, KB of JSON': JSON.stringify(await reader.runTimeline(run)).length / 1_000,
  };
  const files = (await readdir(join(folder, 'runs', run, 'manifests'))).length;
  process.stdout.write(`${partitions} partitions, ${files} manifests; ms unless said otherwise\n`);
  for (const [name, value] of Object.entries(rows)) {
    process.stdout.write(`${name.padEnd(24)} ${value.toFixed(1)}\n`);
  }
  process.stdout.write(`${JSON.stringify({ partitions, ...rows })}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function time(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

async function median(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await time(action));
  return times.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

/** A run as the store writes it, with manifests of the size that the default descriptors give. */
async function writeRun(runFolder: string): Promise<void> {
  await mkdir(join(runFolder, 'manifests'), { recursive: true });
  await mkdir(join(runFolder, 'attempts'), { recursive: true });
  const settings = { featureVersion: 'bench', maximumSeconds: 3_600 };
  const request = { source: '/music', metadata: null, sample: null };
  const createdAt = '2026-01-01T00:00:00.000Z';
  await writeFile(join(runFolder, 'request.json'), canonicalJson({ run, request, settings, createdAt }));
  const ids = Array.from({ length: partitions }, (_, i) =>
    createHash('sha256').update(String(i)).digest('hex').slice(0, 16),
  );
  const report = { rows: 0, files: 0, matched: 0, filesWithoutRow: 0, rowsWithoutFile: 0 };
  const plan = {
    run,
    request,
    settings,
    root: '/music',
    tracks: 16 * partitions,
    bytes: 16e6 * partitions,
    report: { ...report, repaired: {}, dropped: {}, sampled: null },
    partitions: ids.map((id) => ({ id, tracks: 16, bytes: 16e6, offset: 0, length: 0 })),
  };
  await writeFile(join(runFolder, 'plan.json'), canonicalJson(plan));

  const moments = Object.fromEntries(
    featureColumns(PRESETS.default).map(({ name, bands }) => {
      const values = Array.from({ length: bands }, (_, band) => Math.sin(band + 1) * 1e3);
      return [name, { count: 16, mean: values, m2: values }];
    }),
  );
  const manifest = { run, stage: 'extract', rows: 15, seconds: 4_000, truncated: 0, bytes: 1e5, moments };
  const failure = { path: 'a.mp3', code: 'AUDIO_EMPTY', message: 'no bytes' };
  for (const [i, id] of ids.slice(0, 0.9 * partitions).entries()) {
    const content = canonicalJson({
      ...manifest,
      partition: id,
      file: `${id}-0.parquet`,
      sha256: id,
      failures: [{ ...failure, track: String(i) }],
      versions: { features: 'bench', shard: 1 },
    });
    await writeFile(join(runFolder, 'manifests', `${id}.json`), content);
    // Eight workers with four processors each; extraction and documents of each partition.
    const begun = Date.parse(createdAt) + Math.floor(i / 32) * 60_000;
    const lines = ['extract', 'documents'].flatMap((stage, second) => {
      const line = { attempt: 2 * i + second, stage, partition: id };
      const at = begun + second * 55_000;
      return [
        { ...line, at, event: 'begun' },
        { ...line, at: at + (second ? 80 : 50_000), event: 'done' },
      ];
    });
    const log = join(runFolder, 'attempts', `bench%3A${i % 8}%3A0.jsonl`);
    await appendFile(log, lines.map((line) => `${canonicalJson(line)}\n`).join(''));
  }
}
