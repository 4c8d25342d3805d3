import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { dashboardSettings } from '../dashboard/settings.ts';
import { createRunStatusReader } from '../jobs/run-status-reader.ts';
import { withContext } from './context.ts';
import { dataOption, portOption } from './options.ts';
import { serveDashboard } from './serve-dashboard.ts';
import { exitWithin, stopSignal } from './signals.ts';

/** Less than what container runtimes wait before they kill. */
const CLOSE_MS = 8_000;

export function dashboardCommand(): Command {
  return new Command('dashboard')
    .addOption(dataOption())
    .addOption(portOption())
    .addHelpText('after', '\nExample:\n  soundalike dashboard --port 8080')
    .action(async (options: { data?: string; port?: number }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data, PORT: options.port });
      // Before anything is opened or written.
      const settings = dashboardSettings(config);
      await withContext(config, async (context) => {
        const server = await serveDashboard(context, createRunStatusReader(context), settings);
        await stopSignal().stopped;
        exitWithin(CLOSE_MS);
        await server.close();
      });
    });
}
