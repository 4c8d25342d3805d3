import { Command } from 'commander';
import { dashboardSettings } from '../dashboard/settings.ts';
import { acceptRun, advanceRun } from '../jobs/coordinator.ts';
import { withContext } from './context.ts';
import { concurrencyOption, portOption } from './options.ts';
import { addRequest, type RequestOptions, runAskedFor } from './request.ts';
import { workOnRun } from './work-on-run.ts';

interface RunOptions extends RequestOptions {
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
  return addRequest(new Command('run'))
    .addOption(concurrencyOption())
    .option('--serve', 'serve the dashboard meanwhile and afterwards, until Ctrl-C')
    .addOption(portOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(source: string, options: RunOptions): Promise<void> {
  const flags = { CONCURRENCY: options.concurrency, PORT: options.port };
  const { config, accepted } = await runAskedFor(source, options, flags);
  const serve = options.serve ? dashboardSettings(config) : null;
  await withContext(config, async (context) => {
    await acceptRun(config.DATA_DIR, accepted);
    await advanceRun(context, accepted.run, true);
    await workOnRun(context, accepted.run, { serve, json: options.json ?? false });
  });
}
