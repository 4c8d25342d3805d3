/**
 * The picture of a collection beside umap-learn.
 *
 *     npx tsx bench/map.ts FOLDER DIMENSION ROWS [PYTHON]
 *     npx tsx bench/map.ts FOLDER DATA [PYTHON]
 *
 * Of ROWS generated vectors (test/search/music-like.ts), or of the first segment of the index in the data folder DATA.
 * FOLDER gets the vectors and the picture as raw float32. One thread, processor time. PYTHON has what
 * bench/peers/map_umap.py needs. Prints a table, then JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapLayout } from '../src/search/map-layout.ts';
import { buildTree } from '../src/search/tree-build.ts';
import { openIndex } from '../src/store/open-index.ts';
import { processorSeconds } from './processor-seconds.ts';
import { generateSearchData } from './search-data.ts';

const SEED = 1;

const [folder, what, ...others] = process.argv.slice(2);
const isGenerated = /^\d+$/.test(what);
const python = others[isGenerated ? 1 : 0];

async function readVectors(): Promise<{ vectors: Float32Array; dimension: number }> {
  if (isGenerated) {
    const dimension = Number(what);
    return { dimension, vectors: generateSearchData(Number(others[0]), dimension, 1, folder).vectors };
  }
  const { vectors, header } = (await openIndex(what)).segments[0].segment;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'base.f32'), vectors);
  return { vectors, dimension: header.dimension };
}

const { vectors, dimension } = await readVectors();
const tree = buildTree(vectors, dimension, { seed: SEED });
const { result: map, seconds } = processorSeconds(() => mapLayout(tree, SEED));
const picture = Float32Array.from({ length: 2 * map.x.length }, (_, i) => (i % 2 ? map.y : map.x)[i >> 1]);
writeFileSync(join(folder, 'map.f32'), picture);

const rows = map.x.length;
if (python === undefined) {
  console.log(JSON.stringify({ rows, dimension, seconds }));
} else {
  const script = join(import.meta.dirname, 'peers', 'map_umap.py');
  const printed = execFileSync(python, [script, folder, String(dimension), String(SEED)]);
  const { version, own, peer, random } = JSON.parse(printed.toString());
  const results = { soundalike: { seconds, ...own }, 'umap-learn': peer, 'by chance': random };
  console.table(results);
  console.log(JSON.stringify({ rows, dimension, 'umap-learn': version, results }));
}
