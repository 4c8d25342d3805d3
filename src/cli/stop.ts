import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { advanceRun } from '../jobs/coordinator.ts';
import { stopRun } from '../jobs/run-control.ts';
import { withContext } from './context.ts';
import { dataOption } from './options.ts';

const MEANING = {
  pause: 'the partitions under way are finished, no others are begun',
  cancel: 'the tracks under way are finished; what is analysed stays',
} as const;

const command = (name: 'pause' | 'cancel') => () =>
  new Command(name)
    .argument('<run>', "the run's id")
    .addOption(dataOption())
    .addHelpText('after', `\nExample:\n  soundalike ${name} music-1f2e3d4c5b`)
    .action(async (run: string, options: { data?: string }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      await stopRun(config.DATA_DIR, run, name);
      // Embedded, the queue belongs to the process that works on the run, which obeys within seconds.
      if (config.QUEUE_URL && config.MONGODB_URL) {
        await withContext(config, (context) => advanceRun(context, run, false));
      }
      process.stderr.write(`${MEANING[name]}; \`soundalike resume ${run}\` goes on\n`);
    });

export const pauseCommand = command('pause');
export const cancelCommand = command('cancel');
