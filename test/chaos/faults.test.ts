import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/search/random.ts';
import { cli, type Started, startCli } from '../support/cli.ts';
import { type MongoServer, startMongo } from '../support/mongodb.ts';
import { outcomeOf } from '../support/outcome.ts';
import { realClips } from '../support/real-clips.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';

const LOCK_SECONDS = 3;
const FAULTS = 5;

/** CHAOS_SEED repeats a schedule that was printed; CHAOS_SCHEDULES makes the test as long as one likes. */
const firstSeed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const seeds = Array.from({ length: Number(process.env.CHAOS_SCHEDULES ?? 2) }, (_, i) => firstSeed + i);

describe('after any schedule of faults', { timeout: 300_000 }, () => {
  let clips: string;
  let redis: RedisServer;
  let mongo: MongoServer;
  let calm: { run: string; dataDir: string; outcome: Awaited<ReturnType<typeof outcomeOf>> };

  beforeAll(async () => {
    [clips, redis, mongo] = await Promise.all([realClips(), startRedis(), startMongo()]);
    const dataDir = await suiteFolder();
    const { stdout } = await cli(['run', clips, '--data', dataDir, '--json', '--concurrency', '1']);
    const { run } = JSON.parse(stdout);
    calm = { run, dataDir, outcome: await outcomeOf(dataDir, run) };
  }, 600_000);

  afterAll(async () => {
    await redis?.stop();
    await mongo?.stop();
    if (calm) await removeFolder(calm.dataDir);
  });

  it.each(seeds)('(seed %i) the outcome is that of one undisturbed worker', async (seed) => {
    console.log(`chaos seed ${seed}`);
    const dataDir = await temporaryFolder();
    const env = {
      DATA_DIR: dataDir,
      QUEUE_URL: redis.url,
      MONGODB_URL: Object.assign(new URL(mongo.url), {
        pathname: `/soundalike_test_chaos_${seed}`,
      }).toString(),
      QUEUE_PREFIX: `chaos-${seed}`,
      CONCURRENCY: '1',
      LOCK_SECONDS: String(LOCK_SECONDS),
    };
    const run = (await cli(['enqueue', clips], env)).stdout.trim();
    // A worker that cannot reach Redis at its very start says so and ends, so the faults begin after that.
    const startWorker = async () => {
      const worker = startCli(['worker'], env);
      await worker.saw(/takes jobs/);
      return worker;
    };
    const workers: Started[] = [await startWorker(), await startWorker()];
    const random = createRandom(seed);
    const choose = <Item>(items: Item[]): Item => items[Math.floor(random.uniform() * items.length)]!;

    const faults: Record<string, () => Promise<void>> = {
      'kill a worker': async () => {
        const index = choose([0, 1]);
        workers[index]!.child.kill('SIGKILL');
        workers[index] = await startWorker();
      },
      'stop a worker for longer than its lock': async () => {
        const { child } = choose(workers);
        child.kill('SIGSTOP');
        await sleep((LOCK_SECONDS + 2) * 1_000);
        child.kill('SIGCONT');
      },
      'kill Redis for a moment': () => redis.restart(500),
      'kill Redis for longer than the lock': () => redis.restart((LOCK_SECONDS + 1) * 1_000),
      'lose the whole queue': async () => {
        const client = new Redis(redis.url);
        await client.flushall();
        await client.quit();
      },
    };
    const committed = async () => {
      const names = await readdir(join(dataDir, 'runs', run, 'manifests')).catch(() => []);
      return names.filter((name) => !name.startsWith('.')).length;
    };
    const partitions = Object.keys(calm.outcome.manifests).length;
    for (let fault = 0; fault < FAULTS; fault++) {
      // Spread over the run: before the plan at the earliest, while the last partitions are done at the latest.
      const due = Math.floor((fault * partitions) / FAULTS);
      for (let waited = 0; waited < 200 && (await committed()) < due; waited++) await sleep(100);
      await sleep(random.uniform() * 500);
      const name = choose(Object.keys(faults));
      console.log(`  ${name}, with ${await committed()} of ${partitions} partitions committed`);
      await faults[name]!();
    }

    // What an operator does after all this; it must not matter that the work may already be done.
    const resumed = await cli(['resume', run, '--json'], env);
    expect(resumed.stderr).toContain('41 tracks analysed, 0 failed');
    expect(resumed.code).toBe(0);
    for (const { child } of workers) child.kill('SIGTERM');
    for (const { finished } of workers) expect((await finished).code).toBe(0);
    expect(await outcomeOf(dataDir, run)).toEqual(calm.outcome);
  });
});
