import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { acceptRun, advanceRun, identifyRun } from '../jobs/coordinator.ts';
import { readMongoCollection } from '../store/read-mongo-collection.ts';
import { withContext } from './context.ts';
import { addSource, dataOption, jsonOption, requestOf, type SourceOptions } from './options.ts';

const EXAMPLES = `
Examples:
  soundalike enqueue /music                 # prints the run's id; \`soundalike worker\` does the work
  soundalike status "$(soundalike enqueue /music)" --watch`;

export function enqueueCommand(): Command {
  return addSource(new Command('enqueue'))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, options: SourceOptions & { data?: string; json?: boolean }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      const request = requestOf(source, options);
      const accepted = await identifyRun(request, config.MAX_TRACK_SECONDS, {
        readCollection: readMongoCollection,
      });
      await withContext(config, async (context) => {
        await acceptRun(config.DATA_DIR, accepted);
        await advanceRun(context, accepted.run, true);
      });
      process.stdout.write(`${options.json ? JSON.stringify({ run: accepted.run }) : accepted.run}\n`);
    });
}
