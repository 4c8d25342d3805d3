import { readCommand } from '../store/run-command.ts';
import { extractPartition } from './extract-partition.ts';
import { forkedProcessor, RunCancelled } from './forked.ts';

export default forkedProcessor('extract', async ({ run, partition }, { config, job }) => {
  const { manifest, effort } = await extractPartition({
    dataDir: config.DATA_DIR,
    run,
    partition,
    attempt: `${job.attemptsStarted ?? 0}-${process.pid}`,
    lastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
    timeoutSeconds: config.TRACK_TIMEOUT_SECONDS,
    async beforeTrack() {
      if ((await readCommand(config.DATA_DIR, run)).command === 'cancel') throw new RunCancelled();
    },
  });
  return { rows: manifest.rows, failures: manifest.failures.length, ...effort };
});
