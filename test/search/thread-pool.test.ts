import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { createThreadPool, type ThreadPool } from '../../src/search/thread-pool.ts';
import { allocateFloats } from '../../src/wasm/shared-memory.ts';
import type { poolTasks } from './pool-thread.ts';

const ENTRY = new URL('./pool-thread.ts', import.meta.url);

let pool: ThreadPool<typeof poolTasks>;
const open = (size: number) => {
  pool = createThreadPool(ENTRY, size);
  return pool;
};
afterEach(() => pool.close());

/** Numbers that the threads see change. */
const sharedNumbers = (length: number) => ({ numbers: new Uint32Array(new SharedArrayBuffer(4 * length)) });

test('answers each request with its own result, on as many threads as there are to be', async () => {
  const target = { numbers: Uint32Array.from({ length: 500 }, (_, i) => i * i) };
  const run = open(3).run;
  const answers = await Promise.all([...target.numbers.keys()].map((place) => run('read', target, place)));
  expect(answers.map(({ number }) => number)).toEqual([...target.numbers]);
  const threads = new Set(answers.map(({ thread }) => thread));
  expect(threads.size).toBeGreaterThan(0);
  expect(threads.size).toBeLessThanOrEqual(3);
});

test('serves requests in the order they came, on whichever thread is free', async () => {
  const target = sharedNumbers(2);
  const { run } = open(2);
  const order: string[] = [];
  const note = (name: string) => () => order.push(name);
  const held = run('waitAt', target, 0).then(note('held'));
  const others = Promise.all(['a', 'b', 'c'].map((name) => run('read', target, 1).then(note(name))));
  await others;
  await run('write', target, 0, 1);
  await held;
  expect(order).toEqual(['a', 'b', 'c', 'held']);
});

test('shares arrays with the threads, and keeps what is one array one', async () => {
  const one = allocateFloats(3);
  one.set([1, 2, 3]);
  const target = { one, inner: { one, two: Uint8Array.of(4, 5) } };
  const { run } = open(1);
  const before = await run('describe', target);
  expect(before).toEqual({ same: true, reached: true, one: [1, 2, 3], two: [4, 5] });
  one[1] = 9;
  expect((await run('describe', target)).one).toEqual([1, 9, 3]);
});

test('gives arrays in plain memory to the threads as one copy', async () => {
  const one = Float32Array.of(1, 2);
  const { run } = open(2);
  expect(await run('describe', { one, inner: { one, two: new Uint8Array(0) } })).toEqual({
    same: true,
    reached: true,
    one: [1, 2],
    two: [],
  });
  const target = { numbers: Uint32Array.of(0) };
  await run('write', target, 0, 5);
  const answers = await Promise.all([1, 2, 3, 4].map(() => run('read', target, 0)));
  expect(answers.map(({ number }) => number)).toEqual([5, 5, 5, 5]);
  expect(target.numbers[0]).toBe(0);
});

test('gives a part of an array without the rest of its buffer', async () => {
  const buffer = Float32Array.of(1, 2, 3);
  expect(await open(1).run('bufferLength', sharedNumbers(1), buffer.subarray(1, 2))).toBe(4);
});

test('passes on what a task throws', async () => {
  const { run } = open(1);
  const target = sharedNumbers(1);
  await expect(run('refuse', target, 'not so')).rejects.toMatchObject({ code: 'USAGE', message: 'not so' });
  await expect(run('fail', target)).rejects.toMatchObject({ code: 'INTERNAL', message: 'a fault' });
  expect((await run('read', target, 0)).number).toBe(0);
});

test('a thread that ends fails its own request alone, and is replaced', async () => {
  const { run } = open(2);
  const target = sharedNumbers(2);
  const before = await run('read', target, 1);
  const requests = [
    run('waitAt', target, 0),
    run('crash', target),
    run('read', target, 1),
    run('crash', target),
    run('write', target, 0, 1),
    run('read', target, 1),
  ];
  const outcomes = await Promise.allSettled(requests);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  await expect(requests[1]).rejects.toMatchObject({
    code: 'SEARCH_CRASHED',
    message: expect.stringContaining('exit code 7'),
  });
  const after = await Promise.all([1, 2, 3, 4].map(() => run('read', target, 1)));
  expect(after.filter(({ thread }) => thread < before.thread)).toEqual([]);
});

test('a module that does not load fails requests one by one', async () => {
  pool = createThreadPool(new URL('./no-such-thread.ts', import.meta.url), 2);
  const target = sharedNumbers(1);
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => pool.run('read', target, 0)));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'SEARCH_CRASHED' } });
  }
});

test('refuses values that no message can carry, and goes on', async () => {
  const { run } = open(1);
  const target = sharedNumbers(1);
  await expect(run('refuse', target, (() => '') as never)).rejects.toThrow('could not be cloned');
  expect((await run('read', target, 0)).number).toBe(0);
});

test('a closed pool fails what runs, what waits and what comes', async () => {
  const { run } = open(1);
  const target = sharedNumbers(1);
  const requests = [run('waitAt', target, 0), run('read', target, 0), run('read', target, 0)];
  const outcomes = Promise.allSettled(requests);
  await wait(1);
  await pool.close();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'SEARCH_CLOSED' } });
  }
  await expect(run('read', target, 0)).rejects.toMatchObject({ code: 'SEARCH_CLOSED' });
  await pool.close();
});

test('the event loop turns while threads are busy', async () => {
  const { run } = open(2);
  const target = sharedNumbers(1);
  const held = Promise.all([run('waitAt', target, 0), run('waitAt', target, 0)]);
  let turns = 0;
  while (turns < 100) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  // Both threads are held until this thread, which is free, lets them go.
  Atomics.store(target.numbers, 0, 1);
  await held;
  expect(turns).toBe(100);
});

test('threads keep the process alive while a request is unanswered, and no longer', async () => {
  const program = `
    import { createThreadPool } from './src/search/thread-pool.ts';
    const pool = createThreadPool(new URL(${JSON.stringify(ENTRY.href)}), 2);
    console.log((await pool.run('read', { numbers: Uint32Array.of(5, 6) }, 1)).number);`;
  const options = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 15_000 });
  expect(stdout).toBe('6\n');
});

test('threads drop what the caller has dropped', async () => {
  const { run } = open(1);
  const kept = sharedNumbers(1);
  await run('remember', kept);
  for (let i = 0; i < 5; i++) await run('remember', sharedNumbers(1));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let remembered = 6;
  for (let round = 0; round < 50 && remembered > 1; round++) {
    collect();
    await wait(5);
    remembered = await run('remembered', kept);
  }
  expect(remembered).toBe(1);
  expect((await run('read', kept, 0)).number).toBe(0);
});
