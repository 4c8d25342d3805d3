import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { startWorker } from '../workers/worker.ts';
import { withContext } from './context.ts';
import { concurrencyOption, dataOption } from './options.ts';
import { closeGracefully, stopSignal } from './signals.ts';

const EXAMPLES = `
Examples:
  soundalike worker --concurrency 4
  QUEUE_URL=redis://queue:6379 MONGODB_URL=mongodb://db/soundalike DATA_DIR=/mnt/soundalike soundalike worker`;

export function workerCommand(): Command {
  return new Command('worker')
    .addOption(dataOption())
    .addOption(concurrencyOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: { data?: string; concurrency?: number }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data, CONCURRENCY: options.concurrency });
      await withContext(config, async (context) => {
        const signal = stopSignal();
        const worker = await startWorker(context);
        process.stderr.write(
          `worker ${process.pid} takes jobs with ${config.CONCURRENCY} forked processors; Ctrl-C stops\n`,
        );
        await signal.stopped;
        process.stderr.write('finishing the jobs under way; Ctrl-C again ends at once\n');
        await closeGracefully(worker);
      });
    });
}
