import { Queue } from 'bullmq';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startDashboard, type TestDashboard } from '../dashboard/fakes.ts';
import { send } from '../dashboard/http.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { capture, launchChromium, openPage } from './chromium.ts';

const PASSWORD = 'correct horse battery';

let redis: RedisServer;
let queues: Queue[];
let browser: Browser;
let dashboard: TestDashboard;

beforeAll(async () => {
  redis = await startRedis();
  const connection = { host: '127.0.0.1', port: redis.port };
  queues = ['plan', 'extract', 'documents', 'index'].map((name) => new Queue(name, { connection }));
  await queues[1].addBulk(
    [1, 2, 3].map((n) => ({ name: 'extract', data: { run: 'run-a', partition: `p${n}` } })),
  );
  dashboard = await startDashboard({ queues });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
  await Promise.all(queues?.map((queue) => queue.close()) ?? []);
  await redis?.stop();
});

describe('Bull Board', () => {
  it('shows the queues and their jobs below /queues, and leads back to the runs', async () => {
    const { page, faults, foreign } = await openPage(browser, `${dashboard.address}/queues/`);
    onTestFinished(() => page.context().close());
    await page
      .getByRole('link', { name: /extract/ })
      .first()
      .click();
    await page.waitForURL('**/queues/queue/extract*');
    await page.getByText('run-a').first().waitFor();
    await capture(page, 'queue-board');
    // The one thing refused is its web font of another host.
    expect(faults.filter((fault) => !fault.includes('fonts.googleapis.com'))).toEqual([]);
    expect(foreign).toEqual([]);

    // The links lie in the menu at the right end of the top bar.
    await page.locator('header button').last().click();
    await page.getByRole('menuitem', { name: 'Runs' }).click();
    await page.waitForURL('**/runs');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
  });

  it('opens at the queue the Run page links to', async () => {
    const { page } = await openPage(browser, `${dashboard.address}/queues/queue/extract`);
    onTestFinished(() => page.context().close());
    await page.getByText('run-a').first().waitFor();
  });

  it('is read-only for who is not logged in', async () => {
    const locked = await startDashboard({ queues }, { ADMIN_PASSWORD: PASSWORD });
    onTestFinished(() => locked.close());
    for (const { address } of [dashboard, locked]) {
      const answer = await send(address, '/queues/api/queues/extract/empty', { method: 'PUT' });
      expect(answer.json().error.code).toBe(
        address === locked.address ? 'LOGIN_NEEDED' : 'ADMINISTRATION_OFF',
      );
      // What its pages show no buttons by.
      const shown = (await send(address, '/queues/api/queues')).json().queues;
      expect(shown.map((queue: { readOnlyMode: boolean }) => queue.readOnlyMode)).toEqual(
        Array(4).fill(true),
      );
    }
    expect(await queues[1].getWaitingCount()).toBe(3);
  });

  it('obeys the administrator, from the login to the logout', async () => {
    const locked = await startDashboard({ queues }, { ADMIN_PASSWORD: PASSWORD });
    onTestFinished(() => locked.close());
    const { page } = await openPage(browser, `${locked.address}/login?next=/queues/queue/extract`);
    onTestFinished(() => page.context().close());
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL('**/queues/queue/extract');
    await page.getByText('run-a').first().waitFor();
    const empty = '/queues/api/queues/extract/empty';
    const put = () => page.evaluate<number>(`fetch('${empty}', {method: 'PUT'}).then(({status}) => status)`);

    const cookies = await page.context().cookies();
    const headers = {
      Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      'Sec-Fetch-Site': 'cross-site',
    };
    expect((await send(locked.address, empty, { method: 'PUT', headers })).status).toBe(403);
    expect(await queues[1].getWaitingCount()).toBe(3);

    const shown = await page.evaluate("fetch('/queues/api/queues').then((answer) => answer.json())");
    expect(shown).toMatchObject({ queues: Array(4).fill({ readOnlyMode: false }) });
    expect(await put()).toBe(200);
    expect(await queues[1].getWaitingCount()).toBe(0);
    await page.goto(`${locked.address}/login`);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await put()).toBe(401);
  });

  it('is told of by the health', async () => {
    expect((await send(dashboard.address, '/api/health')).json().queues).toEqual([
      'plan',
      'extract',
      'documents',
      'index',
    ]);
  });
});
