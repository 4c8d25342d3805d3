import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../config.ts';
import { openCollection } from '../recommend/open-collection.ts';
import { dataOption, jsonOption } from './options.ts';
import { printTable } from './table.ts';

/** Between another encoding of a recording and another recording: see docs/search.md. */
const BELOW = 0.4;

const EXAMPLES = `
Examples:
  soundalike duplicates                  # other encodings of a recording, too
  soundalike duplicates --below 0.0001   # only what sounds exactly the same
  soundalike duplicates --json`;

function distance(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number > 0) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
}

export function duplicatesCommand(): Command {
  return new Command('duplicates')
    .addOption(
      new Option('--below <distance>', 'largest distance, itself left out, of two tracks that count as one')
        .argParser(distance)
        .default(BELOW),
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ below, data, json }: { below: number; data?: string; json?: boolean }) => {
      const { DATA_DIR } = readConfig(process.env, { DATA_DIR: data });
      const collection = await openCollection(DATA_DIR);
      const groups = await collection.duplicates(below);
      if (json) {
        const shown = groups.map((group) =>
          group.map(({ id, title, artist, path, distance }) => ({ id, title, artist, path, distance })),
        );
        process.stdout.write(`${JSON.stringify({ below, groups: shown })}\n`);
        return;
      }
      printTable(
        ['group', 'distance', 'id', 'title', 'artist', 'path'],
        groups.flatMap((group, number) =>
          group.map(({ id, title, artist, path, distance }) => [
            String(number + 1),
            distance.toFixed(3),
            id,
            title ?? '-',
            artist ?? '-',
            path,
          ]),
        ),
      );
    });
}
