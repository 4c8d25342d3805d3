import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { SoundalikeError } from '../../src/errors.ts';
import { serveTasks } from '../../src/search/thread-tasks.ts';
import { memoryOf } from '../../src/wasm/shared-memory.ts';

interface Numbers {
  numbers: Uint32Array;
}

const seen = new Set<WeakRef<Numbers>>();

/** What the pool's own tests let a thread do. */
export const poolTasks = {
  /** The number at a place, and the thread that read it. */
  read({ numbers }: Numbers, place: number) {
    return { number: numbers[place], thread: threadId };
  },
  write({ numbers }: Numbers, place: number, number: number) {
    numbers[place] = number;
  },
  describe(target: { one: Float32Array; inner: { one: Float32Array; two: Uint8Array } }) {
    const { one, inner } = target;
    return {
      same: one === inner.one,
      reached: memoryOf(one.buffer) !== undefined && memoryOf(inner.two.buffer) !== undefined,
      one: [...one],
      two: [...inner.two],
    };
  },
  /** Comes back when another thread writes anything but 0 there. */
  waitAt({ numbers }: Numbers, place: number) {
    while (Atomics.load(numbers, place) === 0);
  },
  bufferLength: (_: Numbers, array: Float32Array) => array.buffer.byteLength,
  refuse(_: Numbers, message: string): never {
    throw new SoundalikeError('USAGE', message);
  },
  fail(_: Numbers): never {
    throw new TypeError('a fault');
  },
  crash(_: Numbers) {
    process.exit(7);
  },
  remember(target: Numbers) {
    seen.add(new WeakRef(target));
  },
  remembered(_: Numbers) {
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    return [...seen].filter((target) => target.deref() !== undefined).length;
  },
};

serveTasks(poolTasks);
