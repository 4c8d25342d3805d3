import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { analyseTrack } from '../audio/analyse.ts';
import { withFile } from '../audio/byte-source.ts';
import { type Config, readConfig } from '../config.ts';
import type { Collection, Seed } from '../recommend/collection.ts';
import { openCollection } from '../recommend/open-collection.ts';
import { rangeSchema } from '../recommend/track-filter.ts';
import { ASPECTS, type Aspect } from '../search/aspects.ts';
import type { SearchMethod } from '../search/method.ts';
import { requireFfmpeg } from '../workers/ffmpeg-version.ts';
import { trackAudio } from '../workers/track-audio.ts';
import { dataOption, jsonOption, wholeNumber } from './options.ts';
import { printTable } from './table.ts';

interface SimilarOptions {
  neighbours: number;
  method?: SearchMethod;
  aspect?: Aspect;
  genre?: string[];
  tempo?: [number, number];
  duration?: [number, number];
  otherArtists?: boolean;
  data?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike similar 2                    # the track 000002 of an FMA tree
  soundalike similar song.mp3 -k 5        # a file that need not be in the collection
  soundalike similar 2 17 song.mp3        # what is near to all three
  soundalike similar 2 --genre Rock --genre Folk --tempo 90-120 --duration 60-300 --other-artists
  soundalike similar 2 --aspect rhythm    # or timbre, harmony, loudness
  soundalike similar 2 --method lsh --json`;

export function similarCommand(): Command {
  return new Command('similar')
    .argument('<tracks...>', 'track ids or audio files')
    .addOption(new Option('-k, --neighbours <n>', 'how many').argParser(wholeNumber(1)).default(10))
    .addOption(
      new Option('--method <method>', 'search method (default: exact, from 20,000 tracks on tree)').choices([
        'exact',
        'lsh',
        'tree',
      ]),
    )
    .addOption(new Option('--aspect <aspect>', 'compare by this alone, by all tracks').choices(ASPECTS))
    .addOption(
      new Option('--genre <genre>', 'only of this genre; several times: of one of them').argParser(collect),
    )
    .addOption(new Option('--tempo <range>', 'only of so many beats a minute, e.g. 90-120').argParser(range))
    .addOption(new Option('--duration <range>', 'only of so many seconds, e.g. 60-300').argParser(range))
    .option('--other-artists', 'none by the artists of the tracks given')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (queries: string[], options: SimilarOptions) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      const collection = await openCollection(config.DATA_DIR);
      const seeds: Seed[] = [];
      for (const query of queries) seeds.push(await seedOf(query, collection, config));
      const { neighbours: k, aspect, genre, tempo, duration, otherArtists } = options;
      const method = aspect ? 'exact' : (options.method ?? collection.method);
      const filter = { genre, tempo, seconds: duration };
      const results = await collection.similar(seeds, {
        k,
        method,
        ...(aspect && { aspect }),
        filter,
        ...(otherArtists && { otherArtists }),
      });
      if (options.json) {
        const shown = results.map(
          ({ id, title, artist, album, genre, tempo, seconds, path, distance, similarity, why }) => ({
            id,
            title,
            artist,
            album,
            genre,
            tempo,
            seconds,
            path,
            distance,
            similarity,
            why,
          }),
        );
        process.stdout.write(
          `${JSON.stringify({ queries, method, ...(aspect && { aspect }), results: shown })}\n`,
        );
        return;
      }
      printTable(
        ['distance', 'id', 'title', 'artist', 'genre', 'why'],
        results.map(({ distance, id, title, artist, genre, path, why }) => [
          distance.toFixed(3),
          id,
          title ?? path,
          artist ?? '-',
          genre ?? '-',
          why,
        ]),
      );
    });
}

const collect = (value: string, former: string[] = []) => [...former, value];

function range(value: string): [number, number] {
  const parsed = rangeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It ${parsed.error.issues[0]!.message}.`);
}

/** A file is analysed as the collection was; anything else is taken for an id. */
async function seedOf(query: string, { analysis }: Collection, config: Config): Promise<Seed> {
  const isFile = await stat(query).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return query;
  if (analysis.ffmpeg !== null) await requireFfmpeg(analysis.ffmpeg);
  const limits = { maximumSeconds: config.MAX_TRACK_SECONDS };
  const { features } = await withFile(query, (source) =>
    analyseTrack(trackAudio(resolve(query), source, limits, analysis), analysis),
  );
  return features.statistics;
}
