import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { SoundalikeError } from '../errors.ts';
import { openIndex } from '../store/open-index.ts';
import { addToIndex } from '../workers/add-to-index.ts';
import { mergeIndex } from '../workers/merge-index.ts';
import { removeFromIndex } from '../workers/remove-from-index.ts';
import { dataOption, jsonOption } from './options.ts';
import { printTable } from './table.ts';

interface Options {
  data?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike index list
  soundalike index add music-1f2e3d4c5b    # the tracks of another run (see soundalike runs)
  soundalike index remove 2 000005
  soundalike index remove --missing        # the tracks whose files were deleted
  soundalike index merge                   # one segment again, scaled anew`;

export function indexCommand(): Command {
  return new Command('index')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(mergeCommand())
    .addHelpText('after', EXAMPLES);
}

const subcommand = (name: string, description: string) =>
  new Command(name).description(description).exitOverride().addOption(dataOption()).addOption(jsonOption());

const dataDirOf = ({ data }: Options) => readConfig(process.env, { DATA_DIR: data }).DATA_DIR;

/** What was done, as JSON on stdout or for people on stderr. */
function report({ json }: Options, done: { index: string }, text: string): void {
  if (json) process.stdout.write(`${JSON.stringify(done)}\n`);
  else process.stderr.write(`${text}; the live index is ${done.index}\n`);
}

function addCommand(): Command {
  return subcommand('add', 'Add the tracks of a run that the live index does not have, as one more segment.')
    .argument('<run>', 'a run that has finished')
    .action(async (run: string, options: Options) => {
      const done = await addToIndex(dataDirOf(options), run);
      report(options, done, `${done.added} tracks added, ${done.replaced} replaced`);
    });
}

function removeCommand(): Command {
  return subcommand('remove', 'Delete tracks from the live index. Their files and runs stay as they are.')
    .argument('[ids...]', 'track ids')
    .option('--missing', 'the tracks whose audio files are not there any more')
    .action(async (ids: string[], options: Options & { missing?: boolean }) => {
      if (ids.length > 0 === (options.missing ?? false)) {
        throw new SoundalikeError('USAGE', 'name either the ids of tracks or --missing');
      }
      const done = await removeFromIndex(dataDirOf(options), options.missing ? 'missing' : ids);
      report(options, done, `${done.tracks.length} tracks removed`);
    });
}

function mergeCommand(): Command {
  return subcommand(
    'merge',
    'Write the tracks of the live index as one segment, scaled and built anew.',
  ).action(async (options: Options) => {
    const done = await mergeIndex(dataDirOf(options));
    report(options, done, `${done.tracks} tracks are in one segment`);
  });
}

const promiseOf = (tuned?: { recall: number; k: number }) =>
  tuned ? `recall@${tuned.k} ${tuned.recall.toFixed(3)}` : 'as built';

function listCommand(): Command {
  return subcommand('list', 'Show the segments of the live index.').action(async (options: Options) => {
    const { index, segments } = await openIndex(dataDirOf(options));
    const listed = segments.map(({ segment: { id, header }, sources, rows }) => ({
      segment: id,
      tracks: rows?.live.count ?? header.rows,
      deleted: header.rows - (rows?.live.count ?? header.rows),
      runs: sources.map(({ run }) => run),
      settings: { lsh: header.lsh, tree: header.tree },
      tuned: header.tuned ?? {},
    }));
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ index, segments: listed })}\n`);
      return;
    }
    printTable(
      ['segment', 'tracks', 'deleted', 'lsh', 'tree', 'runs'],
      listed.map(({ segment, tracks, deleted, settings: { lsh, tree }, tuned, runs }) => [
        segment,
        String(tracks),
        String(deleted),
        `${lsh.probes} probes, ${lsh.reRank} ranked, ${promiseOf(tuned.lsh)}`,
        `${tree.leavesSearched} leaves, ${tree.reRank} rows, ${promiseOf(tuned.tree)}`,
        runs.join(' '),
      ]),
    );
  });
}
