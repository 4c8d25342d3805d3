import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createRunStatusReader } from '../jobs/run-status-reader.ts';
import { dataOption, jsonOption } from './options.ts';
import { printTable } from './table.ts';

export function runsCommand(): Command {
  return new Command('runs')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  soundalike runs --json')
    .action(async (options: { data?: string; json?: boolean }) => {
      const { DATA_DIR } = readConfig(process.env, { DATA_DIR: options.data });
      const runs = await createRunStatusReader({
        dataDir: DATA_DIR,
        queues: null,
        documents: null,
      }).listRuns();
      if (options.json) {
        process.stdout.write(`${JSON.stringify(runs)}\n`);
        return;
      }
      printTable(
        ['run', 'state', 'tracks', 'failed', 'accepted', 'source'],
        runs.map(({ run, state, tracks, createdAt, source }) => [
          run,
          state,
          `${tracks.analysed}/${tracks.planned ?? '?'}`,
          String(tracks.failed),
          createdAt,
          source,
        ]),
      );
    });
}
