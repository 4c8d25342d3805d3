import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { PASSING_FAULTS, retryFailures } from '../jobs/run-control.ts';
import { goOn } from './go-on.ts';
import { concurrencyOption, dataOption, jsonOption } from './options.ts';

interface RetryOptions {
  class?: ErrorCode[];
  queueOnly?: boolean;
  data?: string;
  concurrency?: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike retry music-1f2e3d4c5b
  soundalike retry music-1f2e3d4c5b --class AUDIO_TOO_SHORT   # its files were replaced`;

export function retryCommand(): Command {
  return new Command('retry')
    .argument('<run>', "the run's id")
    .addOption(
      new Option('--class <codes...>', `classes of failures (default: ${PASSING_FAULTS.join(', ')})`).choices(
        Object.keys(ERRORS).filter((code) => code.startsWith('AUDIO_')),
      ),
    )
    .option('--queue-only', 'only put the work on the queue')
    .addOption(dataOption())
    .addOption(concurrencyOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, options: RetryOptions) => {
      const config = readConfig(process.env, { DATA_DIR: options.data, CONCURRENCY: options.concurrency });
      const tracks = await retryFailures(config.DATA_DIR, run, options.class ?? PASSING_FAULTS);
      process.stderr.write(
        tracks === 0 ? 'no track failed so\n' : `${tracks} failed tracks are analysed again\n`,
      );
      if (tracks > 0) await goOn(config, run, options.queueOnly ?? false, options.json ?? false);
    });
}
