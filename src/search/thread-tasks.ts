import { parentPort } from 'node:worker_threads';
import { type ErrorCode, messageOf, SoundalikeError } from '../errors.ts';
import { receive, type Shared } from '../wasm/share-arrays.ts';

/** What a thread can do, by name: functions of a target, which the thread has in memory, and of what may be cloned. */
export type ThreadTasks = Record<string, (target: never, ...values: never[]) => unknown>;

/** What a pool tells a thread. A target is told once, under a number, before the first task on it. */
export type ThreadMessage =
  | { target: number; shared: Shared<object> }
  | { forget: number }
  | { task: string; on: number; values: unknown[] };

/** The answer to a task. */
export type ThreadReply = { result: unknown } | { failure: { code: ErrorCode; message: string } };

/** Makes this thread one of a pool: it does a task after the other until the pool ends it. */
export function serveTasks(tasks: ThreadTasks): void {
  const targets = new Map<number, unknown>();
  parentPort!.on('message', (message: ThreadMessage) => {
    if ('target' in message) targets.set(message.target, receive(message.shared));
    else if ('forget' in message) targets.delete(message.forget);
    else parentPort!.postMessage(replyTo(tasks[message.task], targets.get(message.on), message.values));
  });
}

function replyTo(task: ThreadTasks[string], target: unknown, values: unknown[]): ThreadReply {
  try {
    return { result: task(target as never, ...(values as never[])) };
  } catch (error) {
    // What is thrown loses its class on the way to another thread.
    const code = error instanceof SoundalikeError ? error.code : 'INTERNAL';
    return { failure: { code, message: messageOf(error) } };
  }
}
