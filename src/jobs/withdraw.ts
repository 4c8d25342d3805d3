import type { Plan } from '../store/plan.ts';
import type { Queues } from './queues.ts';
import { jobId } from './registry.ts';

/** Jobs that are removed at once; each is a request to the queue. */
const AT_ONCE = 100;

/**
 * Takes the jobs of a run off the queue, but for those under way, whose locks protect them. What they leave is taken
 * off by the next call. BullMQ pauses whole queues only, which would hold up other runs.
 *
 * @param lacking The partitions that have jobs.
 */
export async function withdrawRun(
  { stages }: Queues,
  run: string,
  lacking: readonly Plan['partitions'][number][],
): Promise<void> {
  await stages.plan.remove(jobId('plan', run));
  // Children first: a parent cannot go while one of its children is under way. Where the last child goes, the index
  // job is given out; its processor puts it off, as the run is to stop.
  for (let start = 0; start < lacking.length; start += AT_ONCE) {
    const ids = lacking.slice(start, start + AT_ONCE).map(({ id }) => id);
    await Promise.all(ids.map((id) => stages.documents.remove(jobId('documents', run, id))));
  }
  await stages.index.remove(jobId('index', run));
}
