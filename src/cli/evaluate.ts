import { Command } from 'commander';
import { readConfig } from '../config.ts';
import {
  type ClusterEvaluation,
  evaluateClusters,
  evaluateSearch,
  type Measured,
  type SearchEvaluation,
} from '../search/evaluate.ts';
import { openIndex } from '../store/open-index.ts';
import { dataOption, jsonOption } from './options.ts';
import { printTable } from './table.ts';

const EXAMPLES = `
Examples:
  soundalike evaluate
  soundalike evaluate --clusters --json   # only how well the clusters hold together`;

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .option('--clusters', 'only the clusters')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: { clusters?: boolean; data?: string; json?: boolean }) => {
      const { DATA_DIR } = readConfig(process.env, { DATA_DIR: options.data });
      const { index, segments } = await openIndex(DATA_DIR);
      const evaluated = segments.map(({ segment }) => {
        const { id, header } = segment;
        const search = options.clusters ? null : evaluateSearch(segment);
        return { segment: id, tracks: header.rows, clusters: evaluateClusters(segment), search };
      });
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ index, segments: evaluated })}\n`);
        return;
      }
      printTable(
        ['segment', 'measure', 'value'],
        evaluated.flatMap(({ segment, tracks, clusters, search }) =>
          [['tracks', String(tracks)], ...clusterRows(clusters), ...(search ? searchRows(search) : [])].map(
            (row) => [segment, ...row],
          ),
        ),
      );
    });
}

function clusterRows(evaluation: ClusterEvaluation): string[][] {
  const { clusters, inertia, squaredSilhouette, euclideanSilhouette } = evaluation;
  const { mean, error, rows } = euclideanSilhouette;
  return [
    ['clusters', String(clusters)],
    ['inertia', inertia.toPrecision(6)],
    ['silhouette, squared Euclidean', squaredSilhouette.toFixed(4)],
    ['silhouette, Euclidean', `${mean.toFixed(4)} ± ${error.toFixed(4)} (${rows} tracks)`],
  ];
}

function searchRows({ recall, genres }: SearchEvaluation): string[][] {
  return [
    ['recall@10, lsh', shown(recall.lsh)],
    ['recall@10, tree', shown(recall.tree)],
    ['genre precision@10, other artists', genres ? shown(genres.precision) : '- (genres are not known)'],
    ...(genres ? [['the same by chance', genres.chance.toFixed(3)]] : []),
  ];
}

const shown = ({ mean, error, queries }: Measured) =>
  queries === 0 ? '-' : `${mean.toFixed(3)} ± ${error.toFixed(3)} (${queries} tracks)`;
