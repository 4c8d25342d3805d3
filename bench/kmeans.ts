/**
 * K-Means and silhouettes over generated vectors (test/search/music-like.ts), beside scikit-learn.
 *
 *     npx tsx bench/kmeans.ts ROWS DIMENSION CLUSTERS FOLDER [PYTHON]
 *
 * One thread, 20 iterations, one start; three seeds, for each of which the programs take turns. Processor time, of
 * which the least counts; of inertias the median. FOLDER gets the matrix as raw float32. PYTHON has what
 * bench/peers/kmeans_sklearn.py needs. Prints a table, then JSON.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { euclideanSilhouette } from '../src/search/euclidean-silhouette.ts';
import { kmeans } from '../src/search/kmeans.ts';
import { silhouettes } from '../src/search/silhouette.ts';
import { processorSeconds } from './processor-seconds.ts';
import { generateSearchData } from './search-data.ts';

const SEEDS = [1, 2, 3];

interface Answer {
  name: string;
  seconds: number;
  inertia?: number;
}

const [rows, dimension, k] = process.argv.slice(2, 5).map(Number);
const [folder, python] = process.argv.slice(5);
const { vectors } = generateSearchData(rows, dimension, 1, folder);

function runOwn(seed: number): Answer[] {
  const clustered = processorSeconds(() => kmeans(vectors, dimension, { k, seed }));
  const { assignment, inertia } = clustered.result;
  const squared = processorSeconds(() => silhouettes(vectors, dimension, assignment));
  const sampled = processorSeconds(() => euclideanSilhouette(vectors, dimension, assignment));
  return [
    { name: 'kmeans', seconds: clustered.seconds, inertia },
    { name: 'silhouettes', seconds: squared.seconds },
    { name: 'euclideanSilhouette', seconds: sampled.seconds },
  ];
}

let version: string | undefined;
function runPeer(seed: number): Answer[] {
  if (python === undefined) return [];
  const script = join(import.meta.dirname, 'peers', 'kmeans_sklearn.py');
  const printed = execFileSync(python, [script, folder, String(dimension), String(k), String(seed)]);
  const answer = JSON.parse(printed.toString()) as { version: string; answers: Answer[] };
  version = answer.version;
  return answer.answers;
}

const answers = SEEDS.flatMap((seed) => [...runOwn(seed), ...runPeer(seed)]);
const results = [...new Set(answers.map(({ name }) => name))].map((name) => {
  const own = answers.filter((answer) => answer.name === name);
  const seconds = Math.min(...own.map((answer) => answer.seconds));
  const inertias = own.flatMap(({ inertia }) => inertia ?? []).sort((a, b) => a - b);
  const median = inertias.length > 0 && { inertia: Math.round(inertias[1]) };
  return { name, seconds: Number(seconds.toFixed(2)), ...median };
});
console.table(results);
console.log(JSON.stringify({ rows, dimension, k, iterations: 20, 'scikit-learn': version, results }));
