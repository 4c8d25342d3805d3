import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { acceptRun, advanceRun, identifyRun } from '../jobs/coordinator.ts';
import { readMongoCollection } from '../store/read-mongo-collection.ts';
import { withContext } from './context.ts';
import {
  addSource,
  concurrencyOption,
  dataOption,
  jsonOption,
  portOption,
  requestOf,
  type SourceOptions,
} from './options.ts';
import { workOnRun } from './work-on-run.ts';

interface RunOptions extends SourceOptions {
  data?: string;
  concurrency?: number;
  serve?: boolean;
  port?: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike run ~/Music
  soundalike run fma_small --metadata fma_metadata/tracks.csv --sample 1000 --serve
  QUEUE_URL=redis://queue:6379 MONGODB_URL=mongodb://db/soundalike soundalike run /music`;

export function runCommand(): Command {
  return addSource(new Command('run'))
    .addOption(dataOption())
    .addOption(concurrencyOption())
    .option('--serve', 'serve the dashboard meanwhile and afterwards, until Ctrl-C')
    .addOption(portOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(source: string, options: RunOptions): Promise<void> {
  const config = readConfig(process.env, {
    DATA_DIR: options.data,
    CONCURRENCY: options.concurrency,
    PORT: options.port,
  });
  const request = requestOf(source, options);
  const accepted = await identifyRun(request, config.MAX_TRACK_SECONDS, {
    readCollection: readMongoCollection,
  });

  await withContext(config, async (context) => {
    await acceptRun(config.DATA_DIR, accepted);
    await advanceRun(context, accepted.run, true);
    await workOnRun(context, accepted.run, { serve: options.serve ?? false, json: options.json ?? false });
  });
}
