import { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { messageOf } from '../errors.ts';
import type { RunStatus } from '../jobs/run-status.ts';
import { createRunStatusReader, type RunStatusReader } from '../jobs/run-status-reader.ts';
import { withContext } from './context.ts';
import { dataOption, jsonOption } from './options.ts';
import { reportRun } from './report-run.ts';
import { printTable } from './table.ts';
import { watchRun } from './watch-run.ts';

const EXAMPLES = `
Examples:
  soundalike status music-1f2e3d4c5b
  soundalike status music-1f2e3d4c5b --watch`;

export function statusCommand(): Command {
  return new Command('status')
    .argument('<run>', "the run's id")
    .option('--watch', 'follow it to its end')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, options: { watch?: boolean; data?: string; json?: boolean }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      await withReader(config, async (reader) => {
        const status = await reader.runStatus(run);
        if (options.watch) await follow(reader, run, options.json ?? false);
        else if (options.json) process.stdout.write(`${JSON.stringify(status)}\n`);
        else print(status);
      });
    });
}

async function follow(reader: RunStatusReader, run: string, json: boolean): Promise<void> {
  const never = new AbortController().signal;
  const status = await watchRun(reader, run, never, (error) => process.stderr.write(`${messageOf(error)}\n`));
  if (status) reportRun(status, json);
}

/**
 * Embedded, the queue belongs to the process that works on the run, and the data folder alone is read; with
 * servers the queue is asked, too.
 */
async function withReader(config: Config, use: (reader: RunStatusReader) => Promise<void>): Promise<void> {
  if (config.QUEUE_URL && config.MONGODB_URL) {
    await withContext(config, (context) => use(createRunStatusReader(context)));
  } else {
    await use(createRunStatusReader({ dataDir: config.DATA_DIR, queues: null, documents: null }));
  }
}

function print({ run, source, state, reason, stages, tracks, progress, failures }: RunStatus): void {
  process.stdout.write(
    `${run}: ${state}${reason ? ` (${reason})` : ''}, ${Math.floor(progress * 100)} % of ${source}\n`,
  );
  process.stdout.write(
    `tracks: ${tracks.planned ?? '?'} planned, ${tracks.analysed} analysed, ${tracks.failed} failed, ${tracks.truncated} truncated\n\n`,
  );
  const shown = (count: number | null) => (count === null ? '-' : String(count));
  printTable(
    ['stage', 'total', 'done', 'active', 'waiting', 'failed'],
    stages.map(({ stage, total, done, active, waiting, failed }) => [
      stage,
      ...[total, done, active, waiting, failed].map(shown),
    ]),
  );
  if (failures.length > 0) process.stdout.write('\n');
  for (const { code, count, samples } of failures) {
    process.stdout.write(
      `${count} × ${code}\n${samples.map(({ path, message }) => `  ${path}: ${message}\n`).join('')}`,
    );
  }
}
