import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmeans } from '../../src/search/kmeans.ts';
import { openEmbeddedDocuments } from '../../src/store/documents-embedded.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { openIndex } from '../../src/store/open-index.ts';
import { cli } from '../support/cli.ts';
import { finishRun } from '../support/finished-run.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';

const RUN = 'music-1';

describe('soundalike cluster', { timeout: 120_000 }, () => {
  let data: string;
  beforeAll(async () => {
    data = await suiteFolder();
    await finishRun(data, RUN, sampleRows(240), { size: 30 });
  });
  afterAll(() => removeFolder(data));

  const stagesOf = async () => {
    const { state, stages } = JSON.parse((await cli(['status', RUN, '--data', data, '--json'])).stdout);
    return { state, cluster: stages.find(({ stage }: { stage: string }) => stage === 'cluster') };
  };

  it('clusters the tracks of a run as one process does, and tells what came out', async () => {
    const args = ['cluster', RUN, '--clusters', '6', '--rows-per-job', '60', '--data', data];
    const { code, stdout, stderr } = await cli([...args, '--json']);
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout);
    const { vectors, header } = (await openIndex(data)).segments[0].segment;
    expect(result).toMatchObject({
      run: RUN,
      tracks: 240,
      clusters: 6,
      inertia: kmeans(vectors, header.dimension, { k: 6 }).inertia,
      sizes: expect.toSatisfy((sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0) === 240),
    });
    expect((await readdir(result.folder)).sort()).toEqual([
      'clustering.json',
      result.files.clusters.file,
      'request.json',
      result.files.tracks.file,
    ]);
    const { jobs } = result;
    expect(await stagesOf()).toMatchObject({
      state: 'done',
      cluster: { total: jobs, done: jobs, failed: 0 },
    });

    const embedded = await openEmbedded(data);
    const documents = await openEmbeddedDocuments(embedded.database);
    expect(await documents.count('clusters', { clustering: result.clustering })).toBe(240);
    expect(await documents.find('clusters', { track: '001003' })).toMatchObject([
      { run: RUN, cluster: kmeans(vectors, header.dimension, { k: 6 }).assignment[3] },
    ]);
    expect(await documents.get('clusterings', result.clustering)).toMatchObject({
      inertia: result.inertia,
      sizes: result.sizes,
    });
    await embedded.close();

    // Asked for again, it is there.
    const again = await cli(args);
    expect(again.stdout).toMatch(/clusters +6\ntracks +240\n/);
    expect(again.stdout).toMatch(/silhouette, Euclidean +-?0\.\d{4} ± 0\.0000 \(240 tracks\)/);
  });

  it('is paused, resumed and cancelled as a run is', async () => {
    const args = ['cluster', RUN, '--clusters', '5', '--iterations', '3', '--data', data];
    const { stdout } = await cli([...args, '--queue-only']);
    expect(stdout).toMatch(/^[0-9a-f]{10}\n$/);
    expect(await stagesOf()).toMatchObject({ state: 'clustering' });
    await cli(['pause', RUN, '--data', data]);
    expect(await stagesOf()).toMatchObject({ state: 'paused' });
    await cli(['cancel', RUN, '--data', data]);
    const { state, cluster } = await stagesOf();
    expect(state).toBe('cancelled');
    expect(cluster.done).toBeLessThan(cluster.total);
    expect((await cli(['resume', RUN, '--data', data])).code).toBe(0);
    expect(await stagesOf()).toMatchObject({ state: 'done' });
    const { clusters } = JSON.parse((await cli([...args, '--json'])).stdout);
    expect(clusters).toBe(5);
  });

  it('says what is wrong', async () => {
    const outcome = async (...args: string[]) => {
      const { code, stderr, stdout } = await cli(['cluster', ...args, '--data', data]);
      expect(stdout).toBe('');
      return [code, stderr.trim().split('\n').at(-1)];
    };
    expect(await outcome('other')).toEqual([
      1,
      expect.stringMatching(/the latest are music-1 \[RUN_NOT_FOUND\]/),
    ]);
    expect(await outcome(RUN, '--clusters', '241')).toEqual([
      2,
      expect.stringMatching(/241 clusters are more than the 240 tracks .*\[USAGE\]/),
    ]);
    expect(await outcome(RUN, '--clusters', '0')).toEqual([2, expect.stringContaining('1 or more')]);
    expect(await outcome(RUN, '--iterations', 'many')).toEqual([2, expect.stringContaining('whole number')]);
    const index = await openIndex(data);
    await rm(join(data, 'index', index.index), { recursive: true });
    expect(await outcome(RUN, '--clusters', '9')).toEqual([1, expect.stringContaining('INDEX_NOT_FOUND')]);
    await rm(join(data, 'runs', RUN, '_SUCCESS'));
    expect(await outcome(RUN)).toEqual([1, expect.stringMatching(/has not finished.*\[RUN_INCOMPLETE\]/)]);
  });
});
