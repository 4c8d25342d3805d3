import { Command, Option } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { SoundalikeError } from '../errors.ts';
import { acceptClustering } from '../jobs/cluster-request.ts';
import { resumeRun } from '../jobs/run-control.ts';
import type { RunStatus } from '../jobs/run-status.ts';
import {
  type ClusteringRequest,
  type ClusteringResult,
  clusteringPaths,
  readClusteringResult,
} from '../store/clustering.ts';
import { clusterIndex } from '../workers/cluster-index.ts';
import { withContext } from './context.ts';
import { concurrencyOption, dataOption, jsonOption, wholeNumber } from './options.ts';
import { printTable } from './table.ts';
import { workOnRun } from './work-on-run.ts';

interface ClusterCommandOptions {
  clusters?: number;
  iterations?: number;
  seed?: number;
  rowsPerJob?: number;
  toIndex?: boolean;
  queueOnly?: boolean;
  data?: string;
  concurrency?: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  soundalike cluster music-1f2e3d4c5b
  soundalike cluster music-1f2e3d4c5b --clusters 50 --seed 2 --json
  soundalike cluster music-1f2e3d4c5b --clusters 12 --to-index
  soundalike cluster music-1f2e3d4c5b --clusters 50 --queue-only   # leave the work to \`soundalike worker\`

Beside the run, in clusterings/<id>: clustering.json, and as Parquet the tracks (id, cluster, distance, silhouette) and
the clusters with their centres.`;

export function clusterCommand(): Command {
  return new Command('cluster')
    .argument('<run>', "the run's id")
    .addOption(
      new Option('--clusters <k>', 'how many (default: the root of half the tracks, up to 256)').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(new Option('--iterations <n>', 'at most so many (default: 20)').argParser(wholeNumber(1)))
    .addOption(new Option('--seed <n>', 'of the random choices (default: 1)').argParser(wholeNumber(0)))
    .addOption(
      new Option('--rows-per-job <n>', 'tracks that a job takes (default: 20000)').argParser(wholeNumber(1)),
    )
    .option('--to-index', 'make them the clusters of the live index, which the map and `evaluate` show')
    .addOption(new Option('--queue-only', 'only put the work on the queue').conflicts('toIndex'))
    .addOption(dataOption())
    .addOption(concurrencyOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(cluster);
}

async function cluster(run: string, options: ClusterCommandOptions): Promise<void> {
  const { queueOnly = false, toIndex = false, json = false, data, concurrency, ...choices } = options;
  const config = readConfig(process.env, { DATA_DIR: data, CONCURRENCY: concurrency });
  const request = await acceptClustering(config.DATA_DIR, run, choices);
  const readResult = () => readClusteringResult(config.DATA_DIR, run, request.clustering);
  if (!(await readResult())) {
    await withContext(config, async (context) => {
      await resumeRun(context, run);
      if (!queueOnly) await workOnRun(context, run, { serve: null, json, report: throwFault });
    });
  }
  if (queueOnly) {
    process.stdout.write(`${json ? JSON.stringify(namesOf(request)) : request.clustering}\n`);
    return;
  }
  const result = await readResult();
  if (!result) {
    const message = `the clustering of the run ${run} was cancelled: \`soundalike resume ${run}\` goes on`;
    throw new SoundalikeError('RUN_INCOMPLETE', message);
  }
  print(config, result, toIndex ? await clusterIndex(config.DATA_DIR, result) : null, json);
}

const namesOf = ({ run, clustering }: ClusteringRequest) => ({ run, clustering });

/** @throws SoundalikeError RUN_FAILED */
function throwFault({ run, state, reason }: RunStatus): void {
  if (state !== 'failed') return;
  throw new SoundalikeError('RUN_FAILED', `the clustering of the run ${run} failed: ${reason}`);
}

/** @param index That has the clusters now; null where none was to have them. */
function print(config: Config, result: ClusteringResult, index: string | null, json: boolean): void {
  const { run, clustering, tracks, iterationsDone, inertia, silhouettes, sizes } = result;
  const { folder } = clusteringPaths(config.DATA_DIR, run, clustering);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...result, folder, ...(index && { liveIndex: index }) })}\n`);
    return;
  }
  const { mean, error, rows } = silhouettes.euclidean;
  printTable(
    ['measure', 'value'],
    [
      ['clusters', String(sizes.length)],
      ['tracks', String(tracks)],
      ['tracks of a cluster', `${Math.min(...sizes)} to ${Math.max(...sizes)}`],
      ['iterations', String(iterationsDone)],
      ['inertia', inertia.toPrecision(6)],
      ['silhouette, squared Euclidean', silhouettes.squared.toFixed(4)],
      ['silhouette, Euclidean', `${mean.toFixed(4)} ± ${error.toFixed(4)} (${rows} tracks)`],
    ],
  );
  process.stderr.write(`written to ${folder}${index ? `; the live index is ${index}` : ''}\n`);
}
