import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../config.ts';
import { openCollection } from '../recommend/open-collection.ts';
import type { SegmentTrack } from '../search/segment-tracks.ts';
import { duplicatesOfRun } from '../workers/duplicates-of-run.ts';
import { dataOption, jsonOption } from './options.ts';
import { printTable } from './table.ts';

/** Between another encoding of a recording and another recording: see docs/search.md. */
const BELOW = 0.4;

const EXAMPLES = `
Examples:
  soundalike duplicates                           # other encodings of a recording, too
  soundalike duplicates --below 0.0001            # only what sounds exactly the same
  soundalike duplicates --with music-1f2e3d4c5b   # what the index has already of another run (see soundalike runs)
  soundalike duplicates --json`;

interface Options {
  below: number;
  with?: string;
  data?: string;
  json?: boolean;
}

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
    .option('--with <run>', "in place of groups: the pairs of a run's track and the index's")
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const { DATA_DIR } = readConfig(process.env, { DATA_DIR: options.data });
      if (options.with === undefined) await printGroups(DATA_DIR, options);
      else await printPairs(DATA_DIR, options.with, options);
    });
}

type Shown = Pick<SegmentTrack, 'id' | 'title' | 'artist' | 'path'>;

const shownOf = ({ id, title, artist, path }: Shown): Shown => ({ id, title, artist, path });

const cellsOf = ({ id, title, artist, path }: Shown) => [id, title ?? '-', artist ?? '-', path];

async function printGroups(dataDir: string, { below, json }: Options): Promise<void> {
  const groups = await (await openCollection(dataDir)).duplicates(below);
  if (json) {
    const shown = groups.map((group) =>
      group.map(({ distance, ...track }) => ({ ...shownOf(track), distance })),
    );
    process.stdout.write(`${JSON.stringify({ below, groups: shown })}\n`);
    return;
  }
  printTable(
    ['group', 'distance', 'id', 'title', 'artist', 'path'],
    groups.flatMap((group, number) =>
      group.map((track) => [String(number + 1), track.distance.toFixed(3), ...cellsOf(track)]),
    ),
  );
}

async function printPairs(dataDir: string, run: string, { below, json }: Options): Promise<void> {
  const pairs = await duplicatesOfRun(dataDir, run, below);
  if (json) {
    const shown = pairs.map(({ track, indexed, distance }) => ({
      track: shownOf(track),
      indexed: shownOf(indexed),
      distance,
    }));
    process.stdout.write(`${JSON.stringify({ run, below, pairs: shown })}\n`);
    return;
  }
  // A pair has two lines: the run's track and the index's, for a line not to hold two titles and two paths.
  printTable(
    ['pair', 'distance', 'of', 'id', 'title', 'artist', 'path'],
    pairs.flatMap(({ track, indexed, distance }, number) =>
      [['run', track] as const, ['index', indexed] as const].map(([of, shown]) => [
        String(number + 1),
        distance.toFixed(3),
        of,
        ...cellsOf(shown),
      ]),
    ),
  );
}
