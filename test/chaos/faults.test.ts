import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRandom } from '../../src/search/random.ts';
import { send } from '../dashboard/http.ts';
import { cli, type Started, startCli } from '../support/cli.ts';
import { type MongoServer, startMongo } from '../support/mongodb.ts';
import { outcomeOf } from '../support/outcome.ts';
import { realClips } from '../support/real-clips.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';

const LOCK_SECONDS = 3;

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
    const started: Started[] = [];
    onTestFinished(() => {
      for (const { child } of started) child.kill('SIGKILL');
    });
    const start = (...args: string[]) => {
      const process = startCli(args, env);
      started.push(process);
      return process;
    };
    const startWorker = async () => {
      const worker = start('worker');
      await worker.saw(/takes jobs/);
      return worker;
    };
    const startDashboard = async () => {
      const process = start('dashboard', '--port', '0');
      return { process, address: (await process.saw(/dashboard: (http:\/\/\S+)/))[1]! };
    };
    const workers: Started[] = [await startWorker(), await startWorker()];
    let dashboard = await startDashboard();
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
      'kill MongoDB': async () => mongo.restart?.(1_000),
      'kill the dashboard': async () => {
        dashboard.process.child.kill('SIGKILL');
        dashboard = await startDashboard();
      },
      'kill a coordinator that gives out what lacks': async () => {
        const coordinator = start('resume', run);
        await sleep(500 + random.uniform() * 1_500);
        coordinator.child.kill('SIGKILL');
        await coordinator.finished;
      },
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
    // Each of them, in an order that the seed decides.
    const order = Object.keys(faults)
      .map((name) => ({ name, place: random.uniform() }))
      .sort((a, b) => a.place - b.place);
    for (const [position, { name }] of order.entries()) {
      // Spread over the run: before the plan at the earliest, while the last partitions are done at the latest.
      const due = Math.floor((position * partitions) / order.length);
      for (let waited = 0; waited < 200 && (await committed()) < due; waited++) await sleep(100);
      await sleep(random.uniform() * 500);
      console.log(`  ${name}, with ${await committed()} of ${partitions} partitions committed`);
      await faults[name]!();
    }

    // What an operator does after all this; it must not matter that the work may already be done.
    const resumed = await cli(['resume', run, '--json'], env);
    expect(resumed.stderr).toContain('41 tracks analysed, 0 failed');
    expect(resumed.code).toBe(0);
    const { state, tracks } = (await send(dashboard.address, `/api/runs/${run}`)).json();
    expect({ state, tracks }).toEqual({
      state: 'done',
      tracks: { planned: 41, analysed: 41, failed: 0, truncated: 0 },
    });
    const running = [...workers, dashboard.process];
    for (const { child } of running) child.kill('SIGTERM');
    for (const { finished } of running) expect((await finished).code).toBe(0);
    expect(await outcomeOf(dataDir, run)).toEqual(calm.outcome);
  });
});
