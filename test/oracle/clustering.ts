/**
 * Golden clustering of a run: npx tsx test/oracle/clustering.ts PYTHON > test/fixtures/search/clustering.json
 *
 * The rows are those of test/workers/cluster.test.ts, scaled as its index is, in clusters as `kmeans` gives them;
 * scikit-learn, in PYTHON, says how good these are. To be made anew where rows, scaling or weights change.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kmeans } from '../../src/search/kmeans.ts';
import { openIndex } from '../../src/store/open-index.ts';
import { finishRun } from '../support/finished-run.ts';
import { sampleRows } from '../support/shard-rows.ts';

const CLUSTERS = 12;

const [python] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'soundalike-oracle-'));
try {
  await finishRun(folder, 'music-1', sampleRows(300), { size: 20 });
  const { vectors, header } = (await openIndex(folder)).segments[0].segment;
  await writeFile(join(folder, 'vectors.f32'), vectors.slice());
  await writeFile(
    join(folder, 'assignment.u32'),
    kmeans(vectors, header.dimension, { k: CLUSTERS }).assignment,
  );
  const script = join(import.meta.dirname, 'clustering.py');
  process.stdout.write(execFileSync(python, [script, folder, String(header.dimension), String(CLUSTERS)]));
} finally {
  await rm(folder, { recursive: true });
}
