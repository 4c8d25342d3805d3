import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { readRequest } from '../store/runs.ts';
import { goOn } from './go-on.ts';
import { concurrencyOption, dataOption, jsonOption } from './options.ts';

const EXAMPLES = `
Examples:
  soundalike resume music-1f2e3d4c5b
  soundalike resume music-1f2e3d4c5b --queue-only   # leave the work to \`soundalike worker\``;

export function resumeCommand(): Command {
  return new Command('resume')
    .argument('<run>', "the run's id")
    .option('--queue-only', 'only put the work on the queue')
    .addOption(dataOption())
    .addOption(concurrencyOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(
      async (
        run: string,
        options: { queueOnly?: boolean; data?: string; concurrency?: number; json?: boolean },
      ) => {
        const config = readConfig(process.env, { DATA_DIR: options.data, CONCURRENCY: options.concurrency });
        await readRequest(config.DATA_DIR, run);
        await goOn(config, run, options.queueOnly ?? false, options.json ?? false);
      },
    );
}
