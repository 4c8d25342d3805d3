/**
 * Whether an index has the recall that it was asked for: of queries that it was not tuned on, by `buildVectorIndex` as
 * `soundalike bench-search` calls it. k = 10; one query at a time.
 *
 *     npx tsx bench/recall.ts DIMENSION METRIC FOLDER ...
 *
 * FOLDER has base.f32 and queries.f32, raw little-endian float32 (bench/peers/search_vectors.py writes such). A row counts
 * as found that is no farther than the tenth nearest, so that equal rows stand for each other. Prints a table.
 */
import { basename, join } from 'node:path';
import { METRICS, type Metric, turnQuery } from '../src/search/metric.ts';
import { buildVectorIndex } from '../src/search/vector-index.ts';
import { searchVectors } from '../src/search/vector-search.ts';
import { processorSeconds } from './processor-seconds.ts';
import { readRows } from './search-data.ts';

const K = 10;
const QUERIES = 1000;
const RECALLS = [0.9, 0.95, 0.99];

const [dimension, metric] = [Number(process.argv[2]), process.argv[3] as Metric];
if (!METRICS.includes(metric)) throw new Error(`no metric ${metric}`);

function measure(folder: string) {
  const all = readRows(join(folder, 'queries.f32'), dimension);
  const queries = Array.from({ length: Math.min(QUERIES, all.length / dimension) }, (_, i) =>
    all.slice(i * dimension, (i + 1) * dimension),
  );
  const build = (method: 'exact' | 'tree' | 'lsh', recall: number) =>
    buildVectorIndex(readRows(join(folder, 'base.f32'), dimension), dimension, { metric, method, recall });
  const exact = build('exact', 1).data;
  const squareTo = (query: Float32Array, row: number) => {
    const place = row * exact.dimension;
    return query.reduce((sum, value, i) => sum + (value - exact.vectors[place + i]) ** 2, 0);
  };
  const limits = queries.map((query) => {
    const turned = turnQuery(query, metric, exact.dimension);
    return Math.max(...Array.from(searchVectors(exact, query, K), (row) => squareTo(turned, row)));
  });
  const methods = metric === 'dot' ? (['tree'] as const) : (['tree', 'lsh'] as const);
  return methods.flatMap((method) =>
    RECALLS.map((asked) => {
      const { data, setting } = build(method, asked);
      const { result, seconds } = processorSeconds(() =>
        queries.map((query) => searchVectors(data, query, K)),
      );
      const hits = result.map((rows, i) => {
        const turned = turnQuery(queries[i], metric, exact.dimension);
        return rows.filter((row) => squareTo(turned, row) <= limits[i]).length;
      });
      return {
        vectors: basename(folder),
        method,
        asked,
        recall: Number((hits.reduce((sum, hit) => sum + hit) / queries.length / K).toFixed(4)),
        'queries/s': Math.round(queries.length / seconds),
        setting: JSON.stringify(setting),
      };
    }),
  );
}

console.table(process.argv.slice(4).flatMap(measure));
