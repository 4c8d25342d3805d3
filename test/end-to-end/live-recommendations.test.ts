import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cookies, capture, eventually, launchChromium, openPage } from '../browser/chromium.ts';
import { send } from '../dashboard/http.ts';
import { cli, type Started, startCli } from '../support/cli.ts';
import { startMongo } from '../support/mongodb.ts';
import { startRedis } from '../support/redis.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';

const TRACKS = 24;

/** Tones, a third apart. */
async function makeMusic(folder: string): Promise<void> {
  await mkdir(folder);
  for (let i = 0; i < TRACKS; i++) {
    await writeFile(
      join(folder, `tone ${String(i + 1).padStart(2, '0')}.wav`),
      sineWav(4, 110 * 2 ** (i / 6)),
    );
  }
}

const ENVIRONMENTS: Record<string, () => Promise<{ env: Record<string, string>; stop(): Promise<void> }>> = {
  'two dashboard processes on one Redis and MongoDB': async () => {
    const [redis, mongo] = await Promise.all([startRedis(), startMongo()]);
    return {
      env: { QUEUE_URL: redis.url, MONGODB_URL: mongo.url },
      stop: async () => {
        await Promise.all([redis.stop(), mongo.stop()]);
      },
    };
  },
  'one dashboard process, all embedded': async () => ({ env: {}, stop: async () => {} }),
};

describe.each(Object.entries(ENVIRONMENTS))(
  'recommendations, live: %s',
  { timeout: 120_000 },
  (name, start) => {
    let folder: string;
    let servers: { env: Record<string, string>; stop(): Promise<void> };
    const dashboards: { started: Started; address: string }[] = [];
    const browsers: Browser[] = [];

    beforeAll(async () => {
      folder = await suiteFolder();
      await makeMusic(join(folder, 'music'));
      servers = await start();
      servers.env.DATA_DIR = join(folder, 'data');
      const run = await cli(['run', join(folder, 'music'), '--concurrency', '1'], servers.env);
      expect(run.code, run.stderr).toBe(0);
      for (let i = 0; i < ('QUEUE_URL' in servers.env ? 2 : 1); i++) {
        const started = startCli(['dashboard', '--port', '0'], servers.env);
        const [, address = ''] = await started.saw(/dashboard: (http:\/\/\S+)/);
        dashboards.push({ started, address });
        browsers.push(await launchChromium());
      }
      if (browsers.length === 1) browsers.push(await launchChromium());
    }, 300_000);

    afterAll(async () => {
      await Promise.all(browsers.map((browser) => browser.close()));
      for (const { started } of dashboards) started.child.kill('SIGTERM');
      const ends = await Promise.all(dashboards.map(({ started }) => started.finished));
      await servers?.stop();
      if (folder) await removeFolder(folder);
      expect(ends.map(({ code }) => code)).toEqual(dashboards.map(() => 0));
    });

    const forYou = (page: Page) => page.locator('#for-you .track');
    const whys = (page: Page) => page.locator('#for-you .why').allTextContents();

    async function open(browser: Browser, dashboard: number, cookies?: Cookies) {
      const { address } = dashboards[dashboard % dashboards.length]!;
      const watched = await openPage(browser, address, cookies);
      await watched.page.getByRole('button', { name: 'For you' }).click();
      await forYou(watched.page).first().waitFor();
      // Lost by a reload.
      await watched.page.evaluate("document.body.dataset.opened = 'once'");
      return watched;
    }

    it('a like in one browser arrives at every page of the listener, and at nobody else’s', async () => {
      const one = await open(browsers[0]!, 0);
      const cookies = await one.page.context().cookies();
      const two = await open(browsers[1]!, 1, cookies);
      const stranger = await open(browsers[1]!, 1);
      const before = await forYou(stranger.page).allTextContents();
      for (const { page } of [one, two])
        expect(new Set(await whys(page))).toEqual(new Set(['A place to begin']));

      const row = one.page.locator('#for-you li').nth(2);
      const title = (await row.locator('.title').textContent())!;
      await row.hover();
      await row.getByRole('button', { name: `Like ${title}` }).click();
      for (const { page } of [one, two]) {
        await eventually(() => whys(page)).toContain(`Because you liked ${title}`);
        expect(await page.locator('#for-you').getByText(title, { exact: true }).count()).toBe(0);
        expect(await page.evaluate('document.body.dataset.opened')).toBe('once');
      }
      expect(await one.page.locator('#for-you [data-part=note]').textContent()).toContain(
        `as you liked ${title}`,
      );

      // The other way round, by keyboard, in the library.
      await two.page.getByRole('button', { name: 'Library' }).click();
      const liked = two.page.locator('#library li', { hasText: title });
      await liked.locator('.track').focus();
      await two.page.keyboard.press('l');
      await two.page.getByRole('button', { name: 'For you' }).click();
      for (const { page } of [one, two]) {
        await eventually(async () => new Set(await whys(page))).toEqual(new Set(['A place to begin']));
        const heart = page.locator('#library li', { hasText: title }).locator('[data-part=like]').first();
        await eventually(() => heart.getAttribute('aria-pressed')).toBe('false');
      }

      expect(await forYou(stranger.page).allTextContents()).toEqual(before);
      await capture(one.page, `for-you-${dashboards.length}`);
      for (const { faults, foreign, page } of [one, two, stranger]) {
        expect(faults).toEqual([]);
        expect(foreign).toEqual([]);
        await page.context().close();
      }
    });

    it('what is played counts, and the history can be cleared', async () => {
      const one = await open(browsers[0]!, 0);
      const cookies = await one.page.context().cookies();
      await one.page.getByRole('button', { name: 'Library' }).click();
      const title = (await one.page.locator('#library .title').first().textContent())!;
      await one.page.locator('#library .track').first().click();
      await eventually(() => whys(one.page)).toContain(`Because you played ${title}`);

      const two = await open(browsers[1]!, 1, cookies);
      await eventually(() => whys(two.page)).toContain(`Because you played ${title}`);
      const clear = two.page.locator('#for-you [data-part=forget]');
      await clear.click();
      expect(await clear.textContent()).toBe('Forget likes and plays?');
      await clear.click();
      for (const { page } of [one, two]) {
        await eventually(async () => new Set(await whys(page))).toEqual(new Set(['A place to begin']));
      }
      for (const { faults, page } of [one, two]) {
        expect(faults).toEqual([]);
        await page.context().close();
      }
    });

    it('is not told on the page of queues, which others may look at', async () => {
      const { address } = dashboards[0]!;
      const answer = await send(address, '/queues/api/queues?activeQueue=activity&page=1&jobsPerPage=10');
      const queues = answer.json().queues.map((queue: { name: string }) => queue.name);
      expect(queues).toEqual(['plan', 'extract', 'documents', 'index', 'cluster']);
    });

    if (name.startsWith('two')) {
      it('goes on at the other dashboard when one is killed', async () => {
        const two = await open(browsers[1]!, 1);
        dashboards[0]!.started.child.kill('SIGKILL');
        await dashboards[0]!.started.finished;
        dashboards.shift();
        const row = two.page.locator('#for-you li').nth(1);
        const title = (await row.locator('.title').textContent())!;
        await row.locator('.track').focus();
        await two.page.keyboard.press('l');
        await eventually(() => whys(two.page)).toContain(`Because you liked ${title}`);
        await two.page.context().close();
      });
    }
  },
);
