import { open, stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { SoundalikeError } from '../errors.ts';
import { evenlySpread } from '../search/evenly-spread.ts';
import { requireFinite } from '../search/finite-rows.ts';
import { gatherRows } from '../search/gather-rows.ts';
import type { SearchMethod } from '../search/method.ts';
import { METRICS, type Metric } from '../search/metric.ts';
import { readShared } from '../search/segment-bytes.ts';
import { type Answer, timedAnswers } from '../search/timed-answers.ts';
import { buildVectorIndex } from '../search/vector-index.ts';
import { share, wholeNumber } from './options.ts';

/** Rows that threads seek the neighbours of before the time is taken, for so many milliseconds, or once. */
const WARM_UP_ROWS = 100;
const WARM_UP = 1000;

/** Queries that a thread is given at once: few enough for all threads to end at about the same time. */
const PART = 50;

interface BenchOptions {
  base: string;
  queries: string;
  dim: number;
  metric: Metric;
  method: SearchMethod | 'auto';
  recall: number;
  neighbours: number;
  batch?: boolean;
  threads: number;
  out: string;
}

const EXAMPLES = `
Examples:
  soundalike bench-search --base base.f32 --queries queries.f32 --dim 100 --metric cosine --out results.jsonl
  soundalike bench-search --base base.f32 --queries queries.f32 --dim 128 --method tree --recall 0.99 --out results.jsonl

The files hold rows of raw little-endian float32. The index is tuned on a sample of the base. Each query is asked
alone and gets a line of the results, {"q": number, "ids": rows, "us": microseconds}; a summary goes to stdout.`;

export function benchSearchCommand(): Command {
  return new Command('bench-search')
    .requiredOption('--base <file>', 'rows to search in')
    .requiredOption('--queries <file>', 'rows to search for')
    .addOption(new Option('--dim <n>', 'values of a row').argParser(wholeNumber(1)).makeOptionMandatory())
    .addOption(new Option('--metric <metric>', 'what counts as near').choices(METRICS).default('euclidean'))
    .addOption(
      new Option('--method <method>', 'search method')
        .choices(['exact', 'lsh', 'tree', 'auto'])
        .default('auto'),
    )
    .addOption(
      new Option('--recall <share>', 'share of the true neighbours to find').argParser(share).default(0.95),
    )
    .addOption(new Option('-k, --neighbours <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .option('--batch', 'ask all queries at once; each then counts an equal part of the time')
    .addOption(
      new Option('--threads <n>', 'threads that ask queries at the same time')
        .argParser(wholeNumber(1))
        .default(1),
    )
    .requiredOption('--out <file>', 'where the results go, a line a query')
    .addHelpText('after', EXAMPLES)
    .action(benchSearch);
}

async function benchSearch(options: BenchOptions): Promise<void> {
  const { dim, metric, method, recall, neighbours: k, threads } = options;
  // Room for the value that rows may get by other metrics: a second matrix would take as much memory again.
  const base = await readRows(options.base, dim, metric === 'euclidean' ? 0 : 1);
  const queries = await readRows(options.queries, dim);
  const out = await open(options.out, 'w').catch((cause) => {
    throw new SoundalikeError('USAGE', `${options.out} cannot be written: choose another --out`, { cause });
  });
  // What only threads need takes memory, too.
  const pool = threads > 1 && (await import('../search/search-pool.ts')).createSearchPool(threads);
  try {
    // A copy, since the metric may change the rows.
    const sample = gatherRows(base, dim, evenlySpread(base.length / dim, WARM_UP_ROWS));
    const started = performance.now();
    const index = buildVectorIndex(base, dim, { metric, method, recall });
    const buildSeconds = (performance.now() - started) / 1000;

    const count = queries.length / dim;
    const batch = options.batch ?? false;
    const ask = async (asked: Float32Array) =>
      pool
        ? pool.run('timedAnswers', index.data, asked, dim, k, batch)
        : timedAnswers(index.data, asked, dim, k, batch);
    // The first queries of a thread have it compile what answers them, which no later one pays for.
    await Promise.all(
      Array.from({ length: threads }, async () => {
        const begun = performance.now();
        do await ask(sample);
        while (performance.now() - begun < WARM_UP);
      }),
    );
    const part = batch ? Math.ceil(count / threads) : PART;
    const asked = performance.now();
    const answers = await Promise.all(
      Array.from({ length: Math.ceil(count / part) }, (_, i) =>
        ask(queries.subarray(i * part * dim, Math.min(count, (i + 1) * part) * dim)),
      ),
    );
    const searchSeconds = (performance.now() - asked) / 1000;
    await out.writeFile(answers.flat().map(lineOf).join(''));
    const summary = {
      rows: base.length / dim,
      dim,
      metric,
      method: index.data.method,
      recall,
      k,
      queries: count,
      threads,
      queriesPerSecond: Math.round(count / searchSeconds),
      buildSeconds,
      indexBytes: index.bytes,
      peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
      setting: index.setting,
    };
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  } finally {
    if (pool) await pool.close();
    await out.close();
  }
}

const lineOf = ({ ids, us }: Answer, q: number) =>
  `${JSON.stringify({ q, ids: Array.from(ids), us: Number(us.toFixed(1)) })}\n`;

/**
 * @param room Values a row that the memory has behind the rows.
 * @throws SoundalikeError USAGE where the file is not rows of finite numbers.
 */
async function readRows(path: string, dimension: number, room = 0): Promise<Float32Array> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new SoundalikeError('USAGE', `there is no file ${path}: check the path`);
  const rowBytes = 4 * dimension;
  if (found.size === 0 || found.size % rowBytes !== 0) {
    throw new SoundalikeError(
      'USAGE',
      `${path} has ${found.size} bytes, which is no number of rows of ${dimension} float32: check --dim`,
    );
  }
  const rows = new Float32Array(readShared(path, (found.size / dimension) * room).buffer, 0, found.size / 4);
  requireFinite(rows, dimension, path);
  return rows;
}
