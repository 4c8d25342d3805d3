import { extractPartition } from './extract-partition.ts';
import { forkedProcessor } from './forked.ts';

export default forkedProcessor('extract', async ({ run, partition }, { config, job }) => {
  const { manifest, effort } = await extractPartition({
    dataDir: config.DATA_DIR,
    run,
    partition,
    attempt: `${job.attemptsStarted ?? 0}-${process.pid}`,
    lastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
    timeoutSeconds: config.TRACK_TIMEOUT_SECONDS,
  });
  return { rows: manifest.rows, failures: manifest.failures.length, ...effort };
});
