// Clips per minute of a whole run, and where the time of its workers goes.
// Usage: npm run build && npx tsx bench/end-to-end.ts FOLDER [CONCURRENCY]
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job } from 'bullmq';
import { readConfig } from '../src/config.ts';
import { openQueues } from '../src/jobs/queues.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import type { ExtractEffort } from '../src/workers/extract-partition.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Linux counts a process's CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

const [folder, concurrency = String(availableParallelism())] = process.argv.slice(2);
if (!folder) {
  console.error('Usage: npx tsx bench/end-to-end.ts FOLDER [CONCURRENCY]');
  process.exit(2);
}

/** CPU seconds of one process so far, without its children; null where there is no /proc. */
async function cpuSeconds(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // Fields 14 and 15 (utime, stime) of proc(5), counted after the name in brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** CPU seconds of the process that holds queue and documents, at a time in ms since 1970. */
interface CpuSample {
  at: number;
  seconds: number;
}

interface Outcome {
  seconds: number;
  tracks: number;
  samples: CpuSample[];
}

async function runCollection(dataDir: string): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, 'run', folder!, '--json', '--concurrency', concurrency], {
    env: { ...process.env, DATA_DIR: dataDir, QUEUE_URL: '', MONGODB_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  const samples: CpuSample[] = [];
  const sampler = setInterval(async () => {
    const seconds = await cpuSeconds(child.pid!);
    if (seconds !== null) samples.push({ at: Date.now(), seconds });
  }, 50);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(sampler);
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, samples, tracks: JSON.parse(output).tracks.analysed };
}

/** CPU seconds spent between two times, as far as they were sampled. */
function cpuBetween(samples: CpuSample[], from: number, to: number): number | null {
  const within = samples.filter(({ at }) => at >= from && at <= to);
  return within.length < 2 ? null : within.at(-1)!.seconds - within[0]!.seconds;
}

/** The extract jobs of the run, as the embedded queue keeps them. */
async function extractJobs(dataDir: string): Promise<Job[]> {
  const embedded = await openEmbedded(dataDir);
  const queues = await openQueues(readConfig({}), embedded.database, (error) => {
    throw error;
  });
  const jobs = await queues.stages.extract.getJobs(['completed'], 0, -1);
  await queues.close();
  await embedded.close();
  return jobs;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const dataDir = await mkdtemp(join(tmpdir(), 'soundalike-bench-'));
try {
  const { seconds, samples, tracks } = await runCollection(dataDir);
  const jobs = await extractJobs(dataDir);
  const times = jobs.map((job) => job.returnvalue as ExtractEffort);
  const firstStart = Math.min(...jobs.map((job) => job.processedOn!));
  const lastEnd = Math.max(...jobs.map((job) => job.finishedOn!));
  const extractSeconds = (lastEnd - firstStart) / 1_000;
  const processorSeconds = extractSeconds * Number(concurrency);
  const jobSeconds = sum(jobs.map((job) => job.finishedOn! - job.processedOn!)) / 1_000;
  const work = {
    decoding: sum(times.map(({ decode }) => decode)) / 1_000,
    features: sum(times.map(({ features }) => features)) / 1_000,
    reading: sum(times.map(({ read }) => read)) / 1_000,
    writing: sum(times.map(({ write }) => write)) / 1_000,
  };
  const workSeconds = sum(Object.values(work));
  const spent = {
    ...work,
    'forking and messages': jobSeconds - workSeconds,
    'waiting for a job': processorSeconds - jobSeconds,
  };
  const queueCpuSeconds = cpuBetween(samples, firstStart, lastEnd);
  const result = {
    tracks,
    concurrency: Number(concurrency),
    wholeRunSeconds: seconds,
    extractSeconds,
    clipsPerMinute: (tracks / extractSeconds) * 60,
    shares: Object.fromEntries(
      Object.entries(spent).map(([name, value]) => [name, value / processorSeconds]),
    ),
    queueAndDocumentsCpuSeconds: queueCpuSeconds,
    queueAndDocumentsShareOfWork: queueCpuSeconds === null ? null : queueCpuSeconds / workSeconds,
  };
  console.log(
    `${tracks} clips, ${concurrency} processors: ${result.clipsPerMinute.toFixed(0)} clips a minute while extracting,`,
  );
  console.log(
    `${((tracks / seconds) * 60).toFixed(0)} over the whole run of ${seconds.toFixed(1)} s. The processors’ time while extracting:`,
  );
  for (const [name, share] of Object.entries(result.shares)) {
    console.log(`  ${name.padEnd(22)} ${(share * 100).toFixed(1).padStart(5)} %`);
  }
  if (queueCpuSeconds !== null) {
    const share = ((queueCpuSeconds / workSeconds) * 100).toFixed(1);
    console.log(
      `Beside them, queue and documents: ${queueCpuSeconds.toFixed(1)} s of CPU, ${share} % of the work`,
    );
  }
  console.log(JSON.stringify(result));
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
