import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SoundalikeError } from '../../src/errors.ts';
import type { RunStatus } from '../../src/jobs/run-status.ts';
import { fakeRun, startDashboard, type TestDashboard } from '../dashboard/fakes.ts';
import {
  capture,
  eventually,
  launchChromium,
  openPage,
  overflowsSideways,
  PHONE,
  type WatchedPage,
} from './chromium.ts';

let browser: Browser;
let dashboard: TestDashboard;
let watched: WatchedPage;
let page: Page;
let status: RunStatus | null;

beforeAll(async () => {
  dashboard = await startDashboard({
    listRuns: async () => [fakeRun('run-b', 1), ...(status ? [status] : [])],
    runStatus: async (run) => {
      if (status?.run !== run) throw new SoundalikeError('RUN_NOT_FOUND', `there is no run ${run}`);
      return status;
    },
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
});

async function open(path: string): Promise<void> {
  watched = await openPage(browser, `${dashboard.address}${path}`);
  page = watched.page;
}

beforeEach(() => {
  status = fakeRun('run-a', 0.4);
});

afterEach(async () => {
  await page.context().close();
  expect(watched.foreign).toEqual([]);
});

const text = (selector: string) => page.locator(selector).textContent();
const stage = (position: number) => page.locator('#stages > li').nth(position);
const counts = async (position: number) =>
  Promise.all(
    ['done', 'active', 'failed', 'left'].map((name) =>
      stage(position).locator(`dd[data-part=${name}]`).textContent(),
    ),
  );

describe('the Run page', () => {
  it('shows the run and follows it to its end, without making anything anew', async () => {
    await open('/runs/run-a');
    await eventually(() => text('[data-part=percent]')).toBe('40 %');
    expect(await counts(1)).toEqual(['16 of 40', '2', '1', '21']);
    expect(await text('[data-part=rate]')).toBe('412');
    expect(await text('#summary [data-part=left]')).toBe('12 min');
    expect(await page.locator('#workers tbody tr').count()).toBe(2);
    expect(await page.locator('#workers tbody tr').first().textContent()).toMatch(
      /studio\s*4121\s*extract 9f2c41d0, /,
    );
    expect(await text('#cleaning')).toContain('Mended: id padded5,120');

    const group = page.locator('#failures details').first();
    expect(await group.locator('summary').textContent()).toContain('AUDIO_WITHOUT_FRAMES');
    await group.locator('summary').click();
    await group.getByText('098/098565.mp3').waitFor();
    await capture(page, 'run-extracting');
    await page.evaluate("globalThis.before = document.querySelector('#stages > li')");

    status = fakeRun('run-a', 0.75);
    await eventually(() => text('[data-part=percent]')).toBe('75 %');
    expect(await counts(1)).toEqual(['30 of 40', '2', '1', '7']);
    expect(await group.getAttribute('open')).toBe('');
    expect(await page.evaluate("globalThis.before === document.querySelector('#stages > li')")).toBe(true);

    status = fakeRun('run-a', 1);
    await eventually(() => text('#summary [data-part=state]')).toBe('done');
    expect(await counts(3)).toEqual(['1 of 1', '0', '0', '0']);
    expect(await text('#summary [data-part=left]')).toBe('none');
    await page.getByText('No worker has been heard of lately.').waitFor();
    expect(watched.faults).toEqual([]);
    await capture(page, 'run-done');
  });

  it('names no time before 5 % are done, and no count that is not known', async () => {
    status = {
      ...fakeRun('run-a', 0),
      state: 'planning',
      stages: [
        { stage: 'plan', total: 1, done: 0, active: null, waiting: null, failed: null },
        { stage: 'extract', total: null, done: 0, active: null, waiting: null, failed: null },
      ],
      tracks: { planned: null, analysed: 0, failed: 0, truncated: 0 },
      tracksPerMinute: null,
      secondsLeft: null,
      failures: [],
      workers: [],
      cleaning: null,
    };
    await open('/runs/run-a');
    await eventually(() => text('#summary [data-part=left]')).toBe('unknown');
    expect(await text('[data-part=rate]')).toBe('unknown');
    expect(await counts(0)).toEqual(['0 of 1', '–', '–', '1']);
    expect(await counts(1)).toEqual(['0', '–', '–', '–']);
    expect(await page.locator('#cleaning').isVisible()).toBe(false);
    await page.getByText('No track has failed.').waitFor();
  });

  it('says why a run failed', async () => {
    status = {
      ...fakeRun('run-a', 0.6),
      state: 'failed',
      reason: 'the index could not be written: disk full',
    };
    await open('/runs/run-a');
    await page.getByRole('alert').getByText('disk full').waitFor();
    await capture(page, 'run-failed');
  });

  it('says that there is no such run, and shows it once there is', async () => {
    status = null;
    await open('/runs/run-a');
    await page.getByText('there is no run run-a').waitFor();
    status = fakeRun('run-a', 0.1);
    await eventually(() => text('[data-part=percent]')).toBe('10 %');
    expect(await page.locator('#notice').isVisible()).toBe(false);
  });

  it('keeps what it showed while the server is away', async () => {
    await open('/runs/run-a');
    await eventually(() => text('[data-part=percent]')).toBe('40 %');
    await page.context().setOffline(true);
    await page.getByText('The server does not answer. Trying again.').waitFor();
    expect(await text('[data-part=percent]')).toBe('40 %');
    status = fakeRun('run-a', 0.5);
    await page.context().setOffline(false);
    await eventually(() => text('[data-part=percent]')).toBe('50 %');
    expect(await page.locator('#notice').isVisible()).toBe(false);
  });

  it('fits a phone', async () => {
    await open('/runs/run-a');
    await page.setViewportSize(PHONE);
    await stage(0).waitFor();
    expect(await overflowsSideways(page)).toBe(false);
  });
});

describe('the list of runs', () => {
  it('leads to a Run page, and from there to the queue of a stage', async () => {
    await open('/runs');
    await page.locator('#runs li').nth(1).waitFor();
    expect(await page.locator('#runs li').first().textContent()).toContain('done');
    await capture(page, 'runs');
    await page.getByRole('link', { name: /run-a/ }).click();
    await stage(1).waitFor();
    expect(await stage(1).getByRole('link', { name: 'Queue of Extract features' }).getAttribute('href')).toBe(
      '/queues/queue/extract',
    );
    expect(watched.faults).toEqual([]);
  });
});
