import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptClustering } from '../../src/jobs/cluster-request.ts';
import { createRandom } from '../../src/search/random.ts';
import { clusteringPaths, readClusteringResult } from '../../src/store/clustering.ts';
import { listResults } from '../../src/store/task-results.ts';
import { cli, type Started, startCli } from '../support/cli.ts';
import { finishRun } from '../support/finished-run.ts';
import { type MongoServer, startMongo } from '../support/mongodb.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { runClustering } from '../support/run-clustering.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';

const RUN = 'music-1';
const LOCK_SECONDS = 3;
const OPTIONS = { clusters: 11, rowsPerJob: 40, seed: 2 };

/** CHAOS_SEED repeats a schedule that was printed. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

describe('a clustering', { timeout: 180_000 }, () => {
  let redis: RedisServer;
  let mongo: MongoServer;
  let prepared: string;
  let calm: [name: string, bytes: string][];

  const filesOf = async (dataDir: string, clustering: string) => {
    const { folder } = clusteringPaths(dataDir, RUN, clustering);
    // The time of the request is no result; a name with a dot is what a killed attempt left.
    const names = (await readdir(folder)).filter((name) => name !== 'request.json' && !name.startsWith('.'));
    const read = names.sort().map(async (name): Promise<[string, string]> => {
      return [name, (await readFile(join(folder, name))).toString('hex')];
    });
    return Promise.all(read);
  };

  beforeAll(async () => {
    [redis, mongo, prepared] = await Promise.all([startRedis(), startMongo(), suiteFolder()]);
    await finishRun(prepared, RUN, sampleRows(400), { size: 40 });
    const dataDir = await suiteFolder();
    await cp(prepared, dataDir, { recursive: true });
    const request = await acceptClustering(dataDir, RUN, OPTIONS);
    await runClustering(dataDir, request);
    calm = await filesOf(dataDir, request.clustering);
    await removeFolder(dataDir);
  }, 300_000);

  afterAll(async () => {
    await redis?.stop();
    await mongo?.stop();
    if (prepared) await removeFolder(prepared);
  });

  it(`(seed ${seed}) has the same bytes after killed workers and a queue lost in its iterations`, async () => {
    console.log(`chaos seed ${seed}`);
    const dataDir = await temporaryFolder();
    await cp(prepared, dataDir, { recursive: true });
    const env = {
      DATA_DIR: dataDir,
      QUEUE_URL: redis.url,
      MONGODB_URL: Object.assign(new URL(mongo.url), { pathname: '/soundalike_test_clusters' }).toString(),
      QUEUE_PREFIX: `clusters-${seed}`,
      CONCURRENCY: '1',
      LOCK_SECONDS: String(LOCK_SECONDS),
    };
    const args = ['--clusters', '11', '--rows-per-job', '40', '--seed', '2'];
    const startWorker = async () => {
      const worker = startCli(['worker'], env);
      await worker.saw(/takes jobs/);
      return worker;
    };
    const workers: Promise<Started>[] = [startWorker(), startWorker()];
    await Promise.all(workers);
    const clustering = (await cli(['cluster', RUN, '--queue-only', ...args], env)).stdout.trim();
    const { results } = clusteringPaths(dataDir, RUN, clustering);
    const random = createRandom(seed);

    const faults: Record<string, () => Promise<void>> = {
      'kill a worker': async () => {
        const index = Math.floor(random.uniform() * 2);
        (await workers[index]).child.kill('SIGKILL');
        workers[index] = startWorker();
      },
      'lose the whole queue': async () => {
        const client = new Redis(redis.url);
        await client.flushall();
        await client.quit();
      },
      'stop a worker for longer than its lock': async () => {
        const { child } = await workers[Math.floor(random.uniform() * 2)];
        child.kill('SIGSTOP');
        await sleep((LOCK_SECONDS + 1) * 1_000);
        child.kill('SIGCONT');
      },
    };
    const [kill, lose, stop] = Object.keys(faults);
    // From the end of the survey on, one result a part.
    let due = 10;
    for (const name of [kill, lose, kill, lose, stop]) {
      const isDone = () => readClusteringResult(dataDir, RUN, clustering);
      while ((await listResults(results)).size < due && !(await isDone())) await sleep(20);
      console.log(`  ${name}, with ${(await listResults(results)).size} results`);
      await faults[name]();
      due += 1 + Math.floor(random.uniform() * 20);
    }
    await expect
      .poll(() => readClusteringResult(dataDir, RUN, clustering), { timeout: 90_000 })
      .not.toBeNull();
    const ended = await Promise.all(workers);
    for (const { child } of ended) child.kill('SIGTERM');
    for (const { finished } of ended) expect((await finished).code).toBe(0);
    expect(await filesOf(dataDir, clustering)).toEqual(calm);
    const status = JSON.parse((await cli(['status', RUN, '--json'], env)).stdout);
    expect(status.state).toBe('done');
  });
});
