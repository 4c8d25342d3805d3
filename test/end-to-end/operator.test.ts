import { copyFile, link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunStatus } from '../../src/jobs/run-status.ts';
import type { Timeline } from '../../src/jobs/timeline.ts';
import { capture, launchChromium, openPage, overflowsSideways, PHONE } from '../browser/chromium.ts';
import { flickerOf, forgetCounts, watchRunPages } from '../browser/watch-run-page.ts';
import { send } from '../dashboard/http.ts';
import { cli, type Started, startCli } from '../support/cli.ts';
import { type MongoServer, startMongo } from '../support/mongodb.ts';
import { outcomeOf } from '../support/outcome.ts';
import { realClips } from '../support/real-clips.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';

const PASSWORD = 'correct horse battery';

/** Of each of the 41 clips so many, for a run that lasts long enough to be disturbed. */
const COPIES = 6;
const PLANNED = 41 * COPIES + 1;

/**
 * A file that is broken while the run is planned and worked on. It has as many bytes as when it is mended, and no tags,
 * so that the plan is the same.
 */
const BROKEN = 'broken.wav';
const MENDED = sineWav(12, 220);

let folder: string;
let music: string;
let redis: RedisServer;
let mongo: MongoServer;
let browser: Browser;
let env: Record<string, string>;
const processes: Started[] = [];

beforeAll(async () => {
  const clips = await realClips();
  folder = await suiteFolder();
  music = join(folder, 'music');
  await mkdir(music);
  const names = (await readdir(clips)).filter((name) => name.endsWith('.mp3'));
  for (let copy = 0; copy < COPIES; copy++) {
    // One file system or two: a link saves the bytes where it can be made.
    for (const name of names) {
      const [from, to] = [join(clips, name), join(music, `${copy}-${name}`)];
      await link(from, to).catch(() => copyFile(from, to));
    }
  }
  await writeFile(join(music, BROKEN), Buffer.alloc(MENDED.length, 'no audio '));
  [redis, mongo, browser] = await Promise.all([startRedis(), startMongo(), launchChromium()]);
  env = {
    DATA_DIR: join(folder, 'data'),
    QUEUE_URL: redis.url,
    MONGODB_URL: mongo.url,
    ADMIN_PASSWORD: PASSWORD,
    CONCURRENCY: '1',
    LOCK_SECONDS: '3',
  };
}, 600_000);

afterAll(async () => {
  await browser?.close();
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all(processes.map(({ finished }) => finished));
  await redis?.stop();
  await mongo?.stop();
  if (folder) await removeFolder(folder);
});

function start(args: string[]): Started {
  const started = startCli(args, env);
  processes.push(started);
  return started;
}

async function startWorker(): Promise<Started> {
  const worker = start(['worker']);
  await worker.saw(/takes jobs/);
  return worker;
}

/** Patience for what waits for a worker on a busy machine. */
const within = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 90_000, interval: 100 });

/** The Run page as the administrator sees it. */
async function openRun(address: string, run: string, viewport?: typeof PHONE) {
  const watched = await openPage(browser, `${address}/login?next=/runs/${run}`);
  const { page } = watched;
  if (viewport) await page.setViewportSize(viewport);
  await watchRunPages(page.context());
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/runs/${run}`);
  const text = async (selector: string) => (await page.locator(selector).textContent())!;
  return {
    ...watched,
    text,
    state: () => text('#summary [data-part=state]'),
    percent: async () => Number.parseInt(await text('[data-part=percent]'), 10),
    /** By keyboard. */
    press: (name: string) => page.getByRole('button', { name, exact: true }).press('Enter'),
    workers: () => page.locator('#workers tbody tr').count(),
  };
}

it('leads through killed workers, a lost queue, pause, cancel and a broken file to the same index', async () => {
  const dashboard = start(['dashboard', '--port', '0']);
  const [, address = ''] = await dashboard.saw(/dashboard: (http:\/\/\S+)/);
  const run = (await cli(['enqueue', music], env)).stdout.trim();
  const status = async (): Promise<RunStatus> => (await send(address, `/api/runs/${run}`)).json();
  const stage = async (name: string) => (await status()).stages.find(({ stage }) => stage === name)!;
  const done = async () => (await stage('extract')).done;

  const desk = await openRun(address, run);
  const phone = await openRun(address, run, PHONE);
  await desk.page.getByText('No worker is running').waitFor();
  expect(await desk.text('#summary [data-part=left]')).toBe('unknown');
  expect(await desk.page.locator('#stages > li').count()).toBe(4);

  const killed = await startWorker();
  await startWorker();
  await within(phone.state).toBe('extracting');
  await within(desk.workers).toBe(2);
  await within(() => desk.text('#summary [data-part=left]')).toMatch(/\d/);
  await within(async () => (await status()).workers.map(({ current }) => current.length > 0)).toEqual([
    true,
    true,
  ]);
  killed.child.kill('SIGKILL');
  let before = await done();
  await within(done).toBeGreaterThan(before + 2);

  const queue = new Redis(redis.url);
  await queue.flushall();
  await queue.quit();
  const percent = await desk.percent();
  const flicker = await flickerOf(desk.page);
  await desk.page.reload();
  await within(desk.percent).toBeGreaterThanOrEqual(percent);
  expect(await desk.state()).toBe('extracting');
  before = await done();
  await within(done).toBeGreaterThan(before + 2);

  await phone.press('Pause');
  await within(desk.state).toBe('paused');
  await within(async () => (await status()).stages.every(({ active }) => active === 0)).toBe(true);
  before = await done();
  // The killed worker is gone from the page, and what it had under way is lost, and shown as such.
  await within(desk.workers).toBe(1);
  const lost = async () => {
    const { blocks }: Timeline = (await send(address, `/api/runs/${run}/timeline`)).json();
    return blocks.filter(({ outcome }) => outcome === 'lost');
  };
  await within(lost).toHaveLength(1);
  expect(await done()).toBe(before);
  expect(before).toBeLessThan((await stage('extract')).total!);
  const shown = () => desk.page.locator('#summary, #stages, #failures').allInnerTexts();
  // The page asks every few seconds: what it shows at first may be from before the last track was done.
  const changedByReload = async () => {
    const asItWas = await shown();
    await desk.page.reload();
    await desk.page.locator('#stages > li').first().waitFor();
    return (await shown()).filter((text, part) => text !== asItWas[part]);
  };
  await within(changedByReload).toEqual([]);
  await capture(desk.page, 'operator-paused');

  await desk.press('Resume');
  await within(done).toBeGreaterThan(before);
  // From another process, as an operator at a shell does it.
  expect((await cli(['cancel', run], env)).code).toBe(0);
  await within(phone.state).toBe('cancelled');
  await phone.press('Resume');
  await startWorker();
  await within(desk.state).toBe('done');
  await within(phone.percent).toBe(100);
  expect(flicker).toEqual([]);
  expect(await flickerOf(desk.page)).toEqual([]);
  expect(await flickerOf(phone.page)).toEqual([]);

  const group = phone.page.locator('#failures details');
  expect(await group.count()).toBe(1);
  await group.locator('summary').press('Enter');
  await group.getByText(BROKEN).waitFor();
  expect(await overflowsSideways(phone.page)).toBe(false);
  await capture(desk.page, 'operator-failed');
  await writeFile(join(music, BROKEN), MENDED);
  for (const { page } of [desk, phone]) await forgetCounts(page);
  await phone.press('Retry these, once their files are mended');
  await within(async () => (await status()).retries).toBe(1);
  await within(desk.state).toBe('done');
  await desk.page.getByText('No track has failed.').waitFor();
  await within(phone.percent).toBe(100);
  expect((await status()).tracks).toEqual({ planned: PLANNED, analysed: PLANNED, failed: 0, truncated: 0 });
  await capture(desk.page, 'operator-done');

  for (const { page, faults, foreign } of [desk, phone]) {
    expect(await flickerOf(page)).toEqual([]);
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  }
  await expectBoards(desk.page, address, run);

  // Nobody disturbed this one, and its file was never broken.
  const calm = join(folder, 'calm');
  const undisturbed = await cli(['run', music, '--data', calm, '--json', '--concurrency', '2']);
  const expected = await outcomeOf(calm, JSON.parse(undisturbed.stdout).run);
  const outcome = await outcomeOf(env.DATA_DIR!, run);
  expect(outcome.current).toBe(expected.current);
  // The description beside a segment names the run, which is another one, as a file was.
  const segments = Object.entries(expected.index).filter(([path]) => !path.endsWith('index.json'));
  expect(segments.length).toBeGreaterThan(3);
  expect(outcome.index).toMatchObject(Object.fromEntries(segments));
}, 600_000);

/** Bull Board is one click away from each stage, and leads back. */
async function expectBoards(page: Page, address: string, run: string): Promise<void> {
  const names = ['Plan', 'Extract features', 'Write documents', 'Build the index'];
  for (const [position, stage] of ['plan', 'extract', 'documents', 'index'].entries()) {
    await page.getByRole('link', { name: `Queue of ${names[position]}` }).click();
    await page.waitForURL(`**/queues/queue/${stage}*`);
    // The plan's job went with the queue.
    if (stage !== 'plan') await page.getByText(run).first().waitFor();
    await page.goBack();
    await page.locator('#stages > li').first().waitFor();
  }
  await page.getByRole('link', { name: 'Queue of Plan' }).click();
  await page.locator('header button').last().click();
  await page.getByRole('menuitem', { name: 'Runs' }).click();
  await page.waitForURL(`${address}/runs`);
}
