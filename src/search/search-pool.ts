import { extname } from 'node:path';
import { searchTasks } from './search-tasks.ts';
import { createThreadPool, type ThreadPool } from './thread-pool.ts';

export type SearchPool = ThreadPool<typeof searchTasks>;

/** Threads that search. @param size Threads at most, 1 or more; each is started when the others are busy. */
export function createSearchPool(size: number): SearchPool {
  // The module beside this one, in `src` as in `dist`.
  return createThreadPool(new URL(`./search-thread${extname(import.meta.url)}`, import.meta.url), size);
}

/** A pool of no threads, which searches on the calling one: for a program that asks once, and has nothing else to do meanwhile. */
export const inlinePool: SearchPool = {
  run: async (task, target, ...values) => {
    const work = searchTasks[task] as (target: unknown, ...values: unknown[]) => never;
    return work(target, ...values);
  },
  async close() {},
};
