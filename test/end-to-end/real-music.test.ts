import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCollection } from '../../src/recommend/open-collection.ts';
import { ASPECTS, type Aspect } from '../../src/search/aspects.ts';
import { cli, startCli } from '../support/cli.ts';
import { type MongoServer, startMongo } from '../support/mongodb.ts';
import { outcomeOf } from '../support/outcome.ts';
import { realClips } from '../support/real-clips.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';

/** Real music, end to end: whatever runs the jobs and whatever happens to it, the outcome is the same bytes. */
describe('a run over real music', { timeout: 180_000 }, () => {
  let clips: string;
  let redis: RedisServer;
  let mongo: MongoServer;
  let undisturbed: { run: string; dataDir: string; outcome: Awaited<ReturnType<typeof outcomeOf>> };

  beforeAll(async () => {
    [clips, redis, mongo] = await Promise.all([realClips(), startRedis(), startMongo()]);
    const dataDir = await suiteFolder();
    const { code, stdout, stderr } = await cli(['run', clips, '--data', dataDir, '--json']);
    expect(stderr).toContain('is done');
    expect(code).toBe(0);
    const { run, tracks } = JSON.parse(stdout);
    expect(tracks).toMatchObject({ planned: 41, analysed: 41, failed: 0 });
    undisturbed = { run, dataDir, outcome: await outcomeOf(dataDir, run) };
  }, 600_000);

  afterAll(async () => {
    await redis?.stop();
    await mongo?.stop();
    if (undisturbed) await removeFolder(undisturbed.dataDir);
  });

  /** Settings of workers on several "machines": one queue, one database, one data folder. */
  const shared = (dataDir: string, name: string) => ({
    DATA_DIR: dataDir,
    QUEUE_URL: redis.url,
    MONGODB_URL: Object.assign(new URL(mongo.url), { pathname: `/soundalike_test_${name}` }).toString(),
    QUEUE_PREFIX: name,
    CONCURRENCY: '1',
    LOCK_SECONDS: '4',
  });

  const manifestTimes = async (dataDir: string, run: string) => {
    const folder = join(dataDir, 'runs', run, 'manifests');
    const entries = await readdir(folder).catch(() => [] as string[]);
    // Not the temporary files beside them: a worker may take one away before it can be looked at.
    const names = entries.filter((name) => name.endsWith('.json'));
    const times = names.map(async (name) => [name, (await stat(join(folder, name))).mtimeMs] as const);
    return new Map(await Promise.all(times));
  };

  const untilCommitted = async (dataDir: string, run: string, least: number) => {
    while ((await manifestTimes(dataDir, run)).size < least)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('gives the same bytes on Redis and MongoDB with two workers', async () => {
    const dataDir = await temporaryFolder();
    const env = shared(dataDir, 'two-workers');
    const workers = [startCli(['worker'], env), startCli(['worker'], env)];
    const enqueued = await cli(['enqueue', clips], env);
    expect(enqueued.code).toBe(0);
    const run = enqueued.stdout.trim();
    expect(run).toBe(undisturbed.run);
    const watched = await cli(['status', run, '--watch', '--json'], env);
    expect(watched.code).toBe(0);
    expect(JSON.parse(watched.stdout).state).toBe('done');
    for (const { child } of workers) child.kill('SIGTERM');
    for (const { finished } of workers) expect((await finished).code).toBe(0);
    expect(await outcomeOf(dataDir, run)).toEqual(undisturbed.outcome);
  });

  it('gives the same bytes when a worker is killed half way', async () => {
    const dataDir = await temporaryFolder();
    const env = shared(dataDir, 'killed-worker');
    const run = (await cli(['enqueue', clips], env)).stdout.trim();
    const [victim, survivor] = [startCli(['worker'], env), startCli(['worker'], env)];
    await untilCommitted(dataDir, run, 3);
    victim.child.kill('SIGKILL');
    const watched = await cli(['status', run, '--watch', '--json'], env);
    expect(JSON.parse(watched.stdout)).toMatchObject({ state: 'done', tracks: { analysed: 41, failed: 0 } });
    survivor.child.kill('SIGTERM');
    expect((await survivor.finished).code).toBe(0);
    expect(await outcomeOf(dataDir, run)).toEqual(undisturbed.outcome);
  });

  it('changes nothing when it is run again', async () => {
    const { dataDir, run, outcome } = undisturbed;
    const before = await manifestTimes(dataDir, run);
    const { code, stdout } = await cli(['run', clips, '--data', dataDir, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).run).toBe(run);
    expect(await outcomeOf(dataDir, run)).toEqual(outcome);
    expect(await manifestTimes(dataDir, run)).toEqual(before);
  });

  it('goes on after a kill without doing finished partitions again', async () => {
    const dataDir = await temporaryFolder();
    const first = startCli(['run', clips, '--data', dataDir, '--concurrency', '1']);
    await untilCommitted(dataDir, undisturbed.run, 3);
    first.child.kill('SIGKILL');
    await first.finished;
    const finished = await manifestTimes(dataDir, undisturbed.run);
    const { code, stderr } = await cli(['resume', undisturbed.run, '--data', dataDir]);
    expect(stderr).toContain('41 tracks analysed');
    expect(code).toBe(0);
    const after = await manifestTimes(dataDir, undisturbed.run);
    for (const [name, time] of finished) expect(after.get(name)).toBe(time);
    expect(await outcomeOf(dataDir, undisturbed.run)).toEqual(undisturbed.outcome);
  });

  it('stops at Ctrl-C after the jobs under way, and goes on later', async () => {
    const dataDir = await temporaryFolder();
    const first = startCli(['run', clips, '--data', dataDir, '--concurrency', '1']);
    await untilCommitted(dataDir, undisturbed.run, 2);
    first.child.kill('SIGINT');
    const { code, stderr } = await first.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/resume real-clips-\w+.*goes on/);
    expect(stderr.trim().split('\n').at(-1)).toMatch(/was stopped \[RUN_INCOMPLETE\]$/);
    expect((await cli(['resume', undisturbed.run, '--data', dataDir])).code).toBe(0);
    expect(await outcomeOf(dataDir, undisturbed.run)).toEqual(undisturbed.outcome);
  });

  it('answers what sounds alike, by LSH and the tree as by the exact scan', async () => {
    const data = ['--data', undisturbed.dataDir];
    const table = await cli(['export', '--format', 'csv', ...data]);
    const id = table.stdout.split('\r\n')[1]!.split(',')[0]!;
    const by = async (method: string) =>
      JSON.parse((await cli(['similar', id, '--json', '--method', method, ...data])).stdout);
    const exact = JSON.parse((await cli(['similar', id, '--json', ...data])).stdout);
    expect(exact.results).toHaveLength(10);
    expect(exact.method).toBe('exact');
    const ids = (answer: { results: { id: string }[] }) => answer.results.map((result) => result.id);
    expect(ids(exact)).not.toContain(id);
    const approximate = [await by('lsh'), await by('tree')];
    for (const answer of approximate) {
      const recall = ids(exact).filter((found) => ids(answer).includes(found)).length / 10;
      expect(recall).toBeGreaterThanOrEqual(0.9);
    }
    for (const method of [exact, ...approximate]) {
      const distances = method.results.map((result: { distance: number }) => result.distance);
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
    }
  });

  it('finds by each aspect what is nearer in it than by the whole sound', async () => {
    const live = await openCollection(undisturbed.dataDir);
    const { tracks } = await live.list({ limit: 100 });
    expect(tracks).toHaveLength(41);
    const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    /** Octaves between tempi, those a factor of two apart taken for one. */
    const apart = (a: number, b: number) => {
      const octaves = Math.abs(Math.log2(a / b)) % 1;
      return Math.min(octaves, 1 - octaves);
    };
    const tempoGap = async (aspect?: Aspect) => {
      const gaps = tracks.map(async ({ id, tempo }) => {
        const near = await live.similar([id], { k: 5, ...(aspect && { aspect }) });
        return average(near.map((found) => apart(found.tempo!, tempo!)));
      });
      return average(await Promise.all(gaps));
    };
    expect(await tempoGap('rhythm')).toBeLessThan(0.5 * (await tempoGap()));
    for (const aspect of ASPECTS) {
      const [nearest] = await live.similar([tracks[7]!.id], { k: 1, aspect });
      expect(nearest!.why).not.toBe('');
    }
  });

  it('leads from a track to another over others, from the command line too', async () => {
    const live = await openCollection(undisturbed.dataDir);
    const { tracks } = await live.list({ limit: 100 });
    const [from, to] = [tracks[2]!.id, tracks[30]!.id];
    const found = await cli(['path', from, to, '--steps', '5', '--json', '--data', undisturbed.dataDir]);
    const path = JSON.parse(found.stdout).tracks;
    expect(path.map(({ id }: { id: string }) => id)).toEqual(
      (await live.path(from, to, 5)).map(({ id }) => id),
    );
    expect(new Set(path.map(({ id }: { id: string }) => id)).size).toBe(6);
    expect([path[0].id, path[5].id]).toEqual([from, to]);
    expect((await cli(['path', from, from, '--data', undisturbed.dataDir])).code).toBe(2);
  });

  it('finds a file of the collection that is given as a file', async () => {
    const [name] = (await readdir(clips)).filter((file) => file.endsWith('.mp3')).sort();
    const { stdout } = await cli(['similar', join(clips, name!), '--json', '--data', undisturbed.dataDir]);
    const [nearest] = JSON.parse(stdout).results;
    expect(nearest.path).toBe(name);
    expect(nearest.distance).toBeLessThan(1e-3);
  });
});
