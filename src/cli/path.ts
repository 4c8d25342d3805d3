import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../config.ts';
import { openCollection } from '../recommend/open-collection.ts';
import { dataOption, jsonOption, wholeNumber } from './options.ts';
import { printTable } from './table.ts';

const MOST_STEPS = 20;

const EXAMPLES = `
Examples:
  soundalike path 2 17                    # from track 000002 to track 000017 in 8 steps
  soundalike path 2 17 --steps 4 --json`;

export function pathCommand(): Command {
  return new Command('path')
    .argument('<from>', 'track id')
    .argument('<to>', 'track id')
    .addOption(new Option('--steps <n>', 'from a track to the next, 3 to 20').argParser(stepCount).default(8))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (from: string, to: string, options: { steps: number; data?: string; json?: boolean }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      const collection = await openCollection(config.DATA_DIR);
      const tracks = await collection.path(from, to, options.steps);
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ from, to, tracks })}\n`);
        return;
      }
      printTable(
        ['distance', 'id', 'title', 'artist', 'genre', 'why'],
        tracks.map(({ distance, id, title, artist, genre, path, why }) => [
          distance?.toFixed(3) ?? '',
          id,
          title ?? path,
          artist ?? '-',
          genre ?? '-',
          why ?? '',
        ]),
      );
    });
}

function stepCount(value: string): number {
  const steps = wholeNumber(3)(value);
  if (steps <= MOST_STEPS) return steps;
  throw new InvalidArgumentError(`It must be ${MOST_STEPS} at most.`);
}
