import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { analyseTrack } from '../audio/analyse.ts';
import { withFile } from '../audio/byte-source.ts';
import { type Config, readConfig } from '../config.ts';
import type { Collection, SimilarTrack } from '../recommend/collection.ts';
import { openCollection } from '../recommend/open-collection.ts';
import type { SearchMethod } from '../search/method.ts';
import { requireFfmpeg } from '../workers/ffmpeg-version.ts';
import { trackAudio } from '../workers/track-audio.ts';
import { dataOption, jsonOption, wholeNumber } from './options.ts';
import { printTable } from './table.ts';

interface SimilarOptions {
  neighbours: number;
  method?: SearchMethod;
  data?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike similar 2                    # the track 000002 of an FMA tree
  soundalike similar song.mp3 -k 5        # a file that need not be in the collection
  soundalike similar 2 --method lsh --json`;

export function similarCommand(): Command {
  return new Command('similar')
    .argument('<track>', 'track id or audio file')
    .addOption(new Option('-k, --neighbours <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .addOption(
      new Option('--method <method>', 'search method (default: exact, from 20,000 tracks on tree)').choices([
        'exact',
        'lsh',
        'tree',
      ]),
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (query: string, options: SimilarOptions) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      const collection = await openCollection(config.DATA_DIR);
      const results = await neighboursOf(query, collection, config, options);
      if (options.json) {
        const shown = results.map(({ id, title, artist, album, genre, path, distance, similarity }) => ({
          id,
          title,
          artist,
          album,
          genre,
          path,
          distance,
          similarity,
        }));
        process.stdout.write(
          `${JSON.stringify({ query, method: options.method ?? collection.method, results: shown })}\n`,
        );
        return;
      }
      printTable(
        ['distance', 'id', 'title', 'artist', 'genre'],
        results.map(({ distance, id, title, artist, genre, path }) => [
          distance.toFixed(3),
          id,
          title ?? path,
          artist ?? '-',
          genre ?? '-',
        ]),
      );
    });
}

async function neighboursOf(
  query: string,
  collection: Collection,
  config: Config,
  { neighbours, method }: SimilarOptions,
): Promise<SimilarTrack[]> {
  const search = { k: neighbours, ...(method && { method }) };
  const isFile = await stat(query).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return collection.similarToTrack(query, search);
  const { ffmpeg } = collection.analysis;
  if (ffmpeg !== null) await requireFfmpeg(ffmpeg);
  const limits = { maximumSeconds: config.MAX_TRACK_SECONDS };
  const { features } = await withFile(query, (source) =>
    analyseTrack(trackAudio(resolve(query), source, limits, collection.analysis), collection.analysis),
  );
  return collection.similarToSound(features.statistics, search);
}
