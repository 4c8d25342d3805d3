import { WaitingChildrenError } from 'bullmq';
import { SoundalikeError } from '../errors.ts';
import { PUT_OFF } from '../jobs/registry.ts';
import { listCommitted } from '../store/manifest-files.ts';
import { requirePlan } from '../store/plan-files.ts';
import { buildIndex } from './build-index.ts';
import { forkedProcessor } from './forked.ts';

export default forkedProcessor('index', async ({ run }, { config, job, token }) => {
  const { partitions } = await requirePlan(config.DATA_DIR, run);
  const committed = await listCommitted(config.DATA_DIR, run);
  const missing = partitions.filter(({ id }) => !committed.has(id));
  if (missing.length > 0) {
    // Partitions of a long plan are added in batches: those added last may still be under way.
    if (await job.moveToWaitingChildren(token)) {
      await job.updateProgress(PUT_OFF);
      throw new WaitingChildrenError();
    }
    throw new SoundalikeError(
      'RUN_INCOMPLETE',
      `${missing.length} of ${partitions.length} partitions were not analysed; see the failed extract jobs, then \`soundalike resume ${run}\``,
    );
  }
  return buildIndex(config.DATA_DIR, run);
});
