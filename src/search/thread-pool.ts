import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf, SoundalikeError } from '../errors.ts';
import { type Shared, share } from '../wasm/share-arrays.ts';
import type { ThreadMessage, ThreadReply, ThreadTasks } from './thread-tasks.ts';

/** Threads that do tasks on targets in shared memory, so that the calling thread is never busy with them. */
export interface ThreadPool<Tasks extends ThreadTasks> {
  /**
   * Does a task on the next free thread; requests are served in the order they came.
   *
   * @param target Plain objects of typed arrays (see `share`). Its first task brings it to a thread, without a copy;
   * threads drop it when the caller has.
   * @param values Are cloned.
   * @throws SoundalikeError what the task throws (INTERNAL for what is none); SEARCH_CRASHED where its thread ended,
   * which another one then replaces; SEARCH_CLOSED.
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    target: Parameters<Tasks[Name]>[0],
    ...values: Rest<Parameters<Tasks[Name]>>
  ): Promise<ReturnType<Tasks[Name]>>;
  /** Ends the threads. What waits or runs fails with SEARCH_CLOSED. */
  close(): Promise<void>;
}

type Rest<Parameters extends unknown[]> = Parameters extends [unknown, ...infer Others] ? Others : never;

interface Request {
  task: string;
  target: object;
  values: unknown[];
  resolve(result: unknown): void;
  reject(error: SoundalikeError): void;
}

interface Thread {
  worker: Worker;
  /** Numbers of the targets that it was told of. */
  knows: Set<number>;
  current: Request | null;
}

/**
 * Threads are started when they are needed. They keep the process alive only while a task is unanswered.
 *
 * @param entry Module that calls `serveTasks`.
 * @param size Threads at most, 1 or more.
 */
export function createThreadPool<Tasks extends ThreadTasks>(entry: URL, size: number): ThreadPool<Tasks> {
  const threads = new Set<Thread>();
  const idle: Thread[] = [];
  const waiting: Request[] = [];
  const targets = new WeakMap<object, { target: number; shared: Shared<object> }>();
  const dropped = new FinalizationRegistry<number>((forget) => {
    for (const { worker, knows } of threads) if (knows.delete(forget)) post(worker, { forget });
  });
  let told = 0;
  let closed = false;

  const start = (): Thread => {
    const worker = startWorker(entry);
    const thread: Thread = { worker, knows: new Set(), current: null };
    let cause: unknown;
    worker.on('message', (reply: ThreadReply) => {
      const { resolve, reject } = thread.current!;
      release(thread);
      if ('result' in reply) resolve(reply.result);
      else reject(new SoundalikeError(reply.failure.code, reply.failure.message));
    });
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      threads.delete(thread);
      const place = idle.indexOf(thread);
      if (place >= 0) idle.splice(place, 1);
      thread.current?.reject(crashed(cause ?? new Error(`exit code ${code}`)));
      serve();
    });
    threads.add(thread);
    return thread;
  };

  const release = (thread: Thread): void => {
    thread.current = null;
    thread.worker.unref();
    idle.push(thread);
    serve();
  };

  const serve = (): void => {
    while (waiting.length > 0 && !closed) {
      const thread = idle.pop() ?? (threads.size < size ? start() : undefined);
      if (!thread) return;
      give(thread, waiting.shift()!);
    }
  };

  const give = (thread: Thread, request: Request): void => {
    const { worker, knows } = thread;
    let target = targets.get(request.target);
    if (!target) {
      target = { target: ++told, shared: share(request.target) };
      targets.set(request.target, target);
      dropped.register(request.target, told);
    }
    thread.current = request;
    worker.ref();
    try {
      if (!knows.has(target.target)) post(worker, target);
      knows.add(target.target);
      post(worker, { task: request.task, on: target.target, values: request.values });
    } catch (error) {
      // A value that cannot be cloned.
      request.reject(new SoundalikeError('INTERNAL', messageOf(error), { cause: error }));
      release(thread);
    }
  };

  return {
    run: (task, target, ...values) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(closing());
        waiting.push({
          task,
          target,
          values: values.map(withoutSurroundings),
          resolve: resolve as (result: unknown) => void,
          reject,
        });
        serve();
      }),
    async close() {
      closed = true;
      const running = [...threads].flatMap(({ current }) => current ?? []);
      for (const { reject } of [...running, ...waiting.splice(0)]) reject(closing());
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function startWorker(entry: URL): Worker {
  if (extname(entry.pathname) !== '.ts') return new Worker(entry);
  // A source file, as in tests and benches: a thread does not inherit what compiles it.
  const load = `import('tsx/esm/api').then(({ register }) => register() && import(${JSON.stringify(entry.href)}))`;
  return new Worker(load, { eval: true });
}

function post(worker: Worker, message: ThreadMessage): void {
  worker.postMessage(message);
}

/** A clone of an array takes the whole of its buffer along. */
function withoutSurroundings(value: unknown): unknown {
  const isPart =
    value instanceof Float32Array &&
    value.buffer instanceof ArrayBuffer &&
    value.byteLength < value.buffer.byteLength;
  return isPart ? value.slice() : value;
}

const crashed = (cause: unknown) =>
  new SoundalikeError(
    'SEARCH_CRASHED',
    `the thread that searched ended (${messageOf(cause)}): ask again; where it ends again, the search needs more memory than there is`,
    { cause },
  );

const closing = () => new SoundalikeError('SEARCH_CLOSED', 'the program is ending: ask again when it runs');
