import { createHash } from 'node:crypto';
import { appendFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRESETS } from '../src/audio/descriptors.ts';
import type { Documents } from '../src/store/documents.ts';
import { canonicalJson } from '../src/store/json-file.ts';
import { featureColumns } from '../src/store/shard-columns.ts';

const MACHINES = 5;
const WORKERS = 40;
const PROCESSORS = 8;
const TRACKS_A_PARTITION = 150;
const EXTRACT_MS = 50_000;

/** Shares of classes of failures as a collection of doubtful origin has them. */
const FAULTS = [
  { code: 'AUDIO_WITHOUT_FRAMES', message: 'tags, but no audio frame' },
  { code: 'AUDIO_EMPTY', message: 'the file has no bytes' },
  { code: 'AUDIO_TIMED_OUT', message: 'the analysis took longer than the limit' },
  { code: 'AUDIO_TOO_SHORT', message: '1.2 s of audio, less than 5 s' },
];

const workerId = (worker: number) => `node-${1 + (worker % MACHINES)}:${4_000 + worker}:bench`;

/**
 * Writes a run as the store and its workers write it, with manifests of the size that the default descriptors give: of
 * nine tenths of its partitions it is done.
 *
 * @param failuresEach Failed tracks of each partition.
 * @returns Has the workers tell again that they live.
 */
export async function simulateRun(
  dataDir: string,
  documents: Documents,
  { run, partitions, failuresEach }: { run: string; partitions: number; failuresEach: number },
): Promise<() => Promise<void>> {
  const folder = join(dataDir, 'runs', run);
  await mkdir(join(folder, 'manifests'), { recursive: true });
  await mkdir(join(folder, 'attempts'), { recursive: true });
  const settings = { featureVersion: 'bench', maximumSeconds: 3_600 };
  const request = { source: '/mnt/archive/music', metadata: null, sample: null };
  const done = Math.floor(0.9 * partitions);
  const slots = WORKERS * PROCESSORS;
  const started = Date.now() - Math.ceil(done / slots) * (EXTRACT_MS + 5_000);
  const createdAt = new Date(started - 90_000).toISOString();
  await writeFile(join(folder, 'request.json'), canonicalJson({ run, request, settings, createdAt }));
  const ids = Array.from({ length: partitions }, (_, i) =>
    createHash('sha256').update(String(i)).digest('hex').slice(0, 16),
  );
  const tracks = TRACKS_A_PARTITION * partitions;
  const plan = {
    run,
    request,
    settings,
    root: request.source,
    tracks,
    bytes: 9e6 * tracks,
    report: {
      ...{ rows: tracks + 812, files: tracks + 31, matched: tracks - 204, filesWithoutRow: 204 },
      ...{ rowsWithoutFile: 812, repaired: { 'id padded': 5_120 }, dropped: { 'known to be damaged': 31 } },
      sampled: null,
    },
    partitions: ids.map((id) => ({
      ...{ id, tracks: TRACKS_A_PARTITION, bytes: 9e6 * TRACKS_A_PARTITION, offset: 0, length: 0 },
    })),
  };
  await writeFile(join(folder, 'plan.json'), canonicalJson(plan));

  const moments = Object.fromEntries(
    featureColumns(PRESETS.default).map(({ name, bands }) => {
      const values = Array.from({ length: bands }, (_, band) => Math.sin(band + 1) * 1e3);
      return [name, { count: 16, mean: values, m2: values }];
    }),
  );
  const line = (attempt: number, stage: string, partition: string, at: number, event: string) =>
    `${canonicalJson({ attempt, stage, partition, at, event })}\n`;
  const logs = Array.from({ length: WORKERS }, () => '');
  const current = Array.from({ length: WORKERS }, (): string[] => []);
  for (const [i, id] of ids.slice(0, done + slots).entries()) {
    const worker = i % WORKERS;
    const begun = started + Math.floor(i / slots) * (EXTRACT_MS + 5_000) + (i % 37) * 100;
    logs[worker] += line(2 * i, 'extract', id, begun, 'begun');
    if (i >= done) {
      current[worker]!.push(id);
      continue;
    }
    const failures = Array.from({ length: failuresEach }, (_, failure) => {
      const track = String(i * failuresEach + failure).padStart(7, '0');
      return {
        track,
        path: `${track.slice(0, 4)}/${track}.mp3`,
        ...FAULTS[(i + failure ** 2) % FAULTS.length]!,
      };
    });
    const manifest = {
      ...{ run, stage: 'extract', partition: id, file: `${id}-0.parquet`, sha256: id, moments, failures },
      ...{ rows: TRACKS_A_PARTITION - failuresEach, seconds: 40_000, truncated: 0, bytes: 1e5 },
      versions: { features: 'bench', shard: 1 },
    };
    const end = begun + EXTRACT_MS - (i % 17) * 900;
    const file = join(folder, 'manifests', `${id}.json`);
    await writeFile(file, canonicalJson(manifest));
    await utimes(file, end / 1_000, end / 1_000);
    logs[worker] += line(2 * i, 'extract', id, end, 'done');
    logs[worker] += line(2 * i + 1, 'documents', id, end + 10, 'begun');
    logs[worker] += line(2 * i + 1, 'documents', id, end + 90, 'done');
  }
  for (const [worker, log] of logs.entries()) {
    await appendFile(join(folder, 'attempts', `${encodeURIComponent(workerId(worker))}.jsonl`), log);
  }
  await documents.upsert(
    'partitions',
    ids.slice(0, done).map((partition) => ({ _id: `${run} ${partition}`, run, partition })),
  );
  const beat = () =>
    documents.upsert(
      'workers',
      current.map((work, worker) => {
        const [host = '', pid] = workerId(worker).split(':');
        return {
          ...{ _id: workerId(worker), id: workerId(worker), host, pid: Number(pid), cores: 64 },
          ...{ concurrency: PROCESSORS, busyCores: work.length * 0.97, memory: 1.6e9 },
          current: work.map((partition) => ({ stage: 'extract', run, partition })),
          seenAt: new Date().toISOString(),
        };
      }),
    );
  await beat();
  return beat;
}
