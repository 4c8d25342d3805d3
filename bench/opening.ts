/**
 * What the opening of a segment takes until the first answer by each method, and what the machine takes for the same bytes.
 *
 *     npx tsx bench/opening.ts ROWS DIMENSION FOLDER [ROWS DIMENSION FOLDER ...]
 *
 * A FOLDER keeps its segment for the next run (bench/opening-segment.ts makes it, in minutes for a million rows). Each
 * opening is in a process of its own, as a program's first one is, with the files in the system's cache; medians of the
 * rounds. Milliseconds by the clock, and in brackets of processor time, which other programs on the machine count less
 * in. Prints tables, then JSON.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openSegmentAside } from '../src/search/open-segment-aside.ts';
import { searchSegment } from '../src/search/search.ts';
import { inlinePool } from '../src/search/search-pool.ts';
import { openSegment } from '../src/search/segment.ts';
import { allocateShared } from '../src/wasm/shared-memory.ts';
import { openingSegment } from './opening-segment.ts';

const ROUNDS = 7;
const METHODS = ['exact', 'lsh', 'tree'] as const;
/** A page of the system's memory. */
const PAGE = 4096;
const CHUNK = 65_536;

type Times = Record<string, { clock: number; processor: number }>;

/** Times the steps of one opening. */
async function timesOf(path: string, what: string): Promise<Times> {
  const times: Times = {};
  const step = async <Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(used);
    times[name] = { clock: performance.now() - start, processor: (user + system) / 1000 };
    return result;
  };
  if (what === 'whole') await step('openSegment, all read', () => openSegment(path));
  else if (what === 'machine') await timeMachine(join(path, 'vectors.arrow'), step);
  else {
    const segment = await step('open', () => openSegmentAside(path, inlinePool));
    const { dimension } = segment.header;
    const queries = new Float32Array(readFileSync(join(dirname(path), 'queries.f32')).buffer);
    const search = (at: number) => () =>
      searchSegment(segment, queries.subarray(at * dimension, (at + 1) * dimension), {
        k: 10,
        method: what as (typeof METHODS)[number],
      });
    await step('first answer', search(0));
    await step('second answer', search(1));
  }
  return times;
}

/** What nobody who brings the bytes of the matrix into new memory, and checks them, can do without. */
async function timeMachine(
  file: string,
  step: (name: string, work: () => unknown) => Promise<unknown>,
): Promise<void> {
  const { size } = statSync(file);
  const bytes = allocateShared(size);
  await step('page faults of new memory', () => {
    for (let at = 0; at < size; at += PAGE) bytes[at] = 1;
  });
  const descriptor = openSync(file, 'r');
  await step('reading into it then', () => {
    for (let at = 0; at < size; at += CHUNK) readSync(descriptor, bytes, at, Math.min(CHUNK, size - at), at);
  });
  closeSync(descriptor);
  await step('CRC-32', () => crc32(bytes));
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** By step, over processes of their own. */
function measure(path: string, what: string): Times {
  const runs = Array.from({ length: ROUNDS }, (): Times => {
    const answer = execFileSync(process.execPath, [
      ...process.execArgv,
      import.meta.filename,
      'one',
      path,
      what,
    ]);
    return JSON.parse(answer.toString());
  });
  return Object.fromEntries(
    Object.keys(runs[0]!).map((name) => [
      name,
      {
        clock: median(runs.map((run) => run[name]!.clock)),
        processor: median(runs.map((run) => run[name]!.processor)),
      },
    ]),
  );
}

const shown = (times: Times) =>
  Object.fromEntries(
    Object.entries(times).map(([name, { clock, processor }]) => [
      name,
      `${clock.toFixed(1)} (${processor.toFixed(1)})`,
    ]),
  );

const [first, ...others] = process.argv.slice(2);
if (first === 'one') {
  process.stdout.write(JSON.stringify(await timesOf(others[0]!, others[1]!)));
} else {
  const given = [first!, ...others];
  const results = [];
  for (let at = 0; at < given.length; at += 3) {
    const [rows, dimension, folder] = [Number(given[at]), Number(given[at + 1]), given[at + 2]!];
    const path = openingSegment(folder, rows, dimension);
    const bytes = readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
    const methods = Object.fromEntries(METHODS.map((method) => [method, measure(path, method)]));
    const [whole, machine] = [measure(path, 'whole'), measure(path, 'machine')];
    console.log(`${rows} × ${dimension}, ${Math.round(bytes / 1e6)} MB; milliseconds (of processor time):`);
    console.table(Object.fromEntries(METHODS.map((method) => [method, shown(methods[method]!)])));
    console.table(shown({ ...whole, ...machine }));
    results.push({ rows, dimension, bytes, methods, whole, machine });
  }
  console.log(JSON.stringify(results));
}
