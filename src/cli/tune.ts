import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import type { TunedMethod } from '../search/tune.ts';
import { tuneIndex } from '../workers/tune-index.ts';
import { dataOption, jsonOption, share, wholeNumber } from './options.ts';
import { printTable } from './table.ts';

interface TuneCommandOptions {
  recall: number;
  method: TunedMethod;
  neighbours: number;
  data?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike tune --recall 0.99
  soundalike tune --method lsh -k 50 --json

Of lsh the number of probes is looked for, of tree the leaves searched; of both the rows re-ranked.`;

export function tuneCommand(): Command {
  return new Command('tune')
    .addOption(
      new Option('--recall <share>', 'share of the true neighbours to find').argParser(share).default(0.95),
    )
    .addOption(
      new Option('--method <method>', 'search method to tune').choices(['lsh', 'tree']).default('tree'),
    )
    .addOption(new Option('-k, --neighbours <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ recall, method, neighbours: k, data, json }: TuneCommandOptions) => {
      const { DATA_DIR } = readConfig(process.env, { DATA_DIR: data });
      const { index, segments } = await tuneIndex(DATA_DIR, { method, recall, k });
      if (json) {
        process.stdout.write(`${JSON.stringify({ index, method, recall, k, segments })}\n`);
        return;
      }
      printTable(
        ['rows', 'setting', `recall@${k}`, 'microseconds', ''],
        segments.flatMap(({ rows, trials, best }) =>
          trials.map((trial) => [
            String(rows),
            Object.entries(trial.setting)
              .map(([name, value]) => `${name} ${value}`)
              .join(', '),
            trial.recall.toFixed(4),
            trial.microseconds?.toFixed(1) ?? '-',
            trial === best ? 'taken' : '',
          ]),
        ),
      );
    });
}
