import { Command } from 'commander';
import { acceptRun, advanceRun } from '../jobs/coordinator.ts';
import { withContext } from './context.ts';
import { addRequest, type RequestOptions, runAskedFor } from './request.ts';

const EXAMPLES = `
Examples:
  soundalike enqueue /music                 # prints the run's id; \`soundalike worker\` does the work
  soundalike status "$(soundalike enqueue /music)" --watch`;

export function enqueueCommand(): Command {
  return addRequest(new Command('enqueue'))
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, options: RequestOptions & { json?: boolean }) => {
      const { config, accepted } = await runAskedFor(source, options);
      await withContext(config, async (context) => {
        await acceptRun(config.DATA_DIR, accepted);
        await advanceRun(context, accepted.run, true);
      });
      process.stdout.write(`${options.json ? JSON.stringify({ run: accepted.run }) : accepted.run}\n`);
    });
}
