import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SoundalikeError } from '../../src/errors.ts';
import type { RunStatus } from '../../src/jobs/run-status.ts';
import {
  fakeRun,
  fakeSummary,
  fakeTimeline,
  startDashboard,
  type TestDashboard,
} from '../dashboard/fakes.ts';
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
/** What was asked of the runs. */
let asked: string[] = [];

const PASSWORD = 'correct horse battery';

async function obey(action: string, run: string, state: RunStatus['state']): Promise<void> {
  asked.push(`${action} ${run}`);
  status = { ...fakeRun(run, 0.4), state };
}

beforeAll(async () => {
  dashboard = await startDashboard(
    {
      listRuns: async () => [fakeSummary('run-b', 1), ...(status ? [fakeSummary(status.run, 0.4)] : [])],
      runStatus: async (run) => {
        if (status?.run !== run) throw new SoundalikeError('RUN_NOT_FOUND', `there is no run ${run}`);
        return status;
      },
      runTimeline: async () => fakeTimeline(),
      control: {
        pause: (run) => obey('pause', run, 'paused'),
        resume: (run) => obey('resume', run, 'extracting'),
        cancel: (run) => obey('cancel', run, 'cancelled'),
        async retry(run, codes) {
          asked.push(`retry ${run} ${codes}`);
          return 1;
        },
        async again() {
          status = fakeRun('run-c', 0);
          return 'run-c';
        },
      },
    },
    { ADMIN_PASSWORD: PASSWORD },
  );
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
  asked = [];
  status = fakeRun('run-a', 0.4);
});

afterEach(async () => {
  await page.context().close();
  expect(watched.foreign).toEqual([]);
});

/** Opens a page as the administrator. */
async function openLoggedIn(path: string): Promise<void> {
  await open(`/login?next=${path}`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`**${path}`);
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

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
    expect(await text('[data-part=rate]')).toBe('410');
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
        { stage: 'plan', total: 1, done: 0, active: null, waiting: null, failed: null, durations: null },
        {
          stage: 'extract',
          total: null,
          done: 0,
          active: null,
          waiting: null,
          failed: null,
          durations: null,
        },
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

  it('stays short with many workers, whose sum it tells', async () => {
    const run = fakeRun('run-a', 0.4);
    const [worker] = run.workers;
    const job = { stage: 'extract', run: 'run-a', partition: '9f2c41d07be81a55' } as const;
    const workers = Array.from({ length: 40 }, (_, i) => ({
      ...{
        ...worker!,
        id: `node-${i % 5}:${i}:m`,
        host: `node-${i % 5}`,
        pid: i,
        current: Array(8).fill(job),
      },
    }));
    status = { ...run, workers };
    await open('/runs/run-a');
    await page
      .getByText('40 workers on 5 machines · 320 jobs under way · 77 of 40 cores busy · 52.4 GB')
      .waitFor();
    expect(await page.locator('#workers tbody tr').first().textContent()).toMatch(/node-0\s*0\s*8 × extract/);
    const table = page.locator('#workers [data-part=table]');
    expect((await table.boundingBox())!.height).toBeLessThan(500);
    // The last of them is reached by keyboard.
    await table.focus();
    await page.keyboard.press('End');
    await eventually(() => table.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(500);
    await capture(page, 'run-many-workers');
  });

  it('fits a phone', async () => {
    await open('/runs/run-a');
    await page.setViewportSize(PHONE);
    await stage(0).waitFor();
    expect(await overflowsSideways(page)).toBe(false);
  });
});

describe('the Run page draws', () => {
  it('a timeline by worker, and tells what the pointer is at', async () => {
    await open('/runs/run-a');
    const picture = page.locator('#timeline canvas');
    await picture.waitFor();
    expect(await picture.getAttribute('aria-label')).toContain(
      'attic, process 902: 12 jobs in 6 min, 2 of them failed or lost',
    );
    await eventually(() => text('#timeline [data-part=detail]')).toBe('25 jobs by 2 workers in 3 min');
    // The plan, the first block of the first lane.
    await picture.hover({ position: { x: 3, y: 48 } });
    await eventually(() => text('#timeline [data-part=detail]')).toBe(
      'plan on studio, process 4121: done, from 0:00 to 0:02',
    );
    expect(watched.faults).toEqual([]);
  });

  it('how long jobs take, which take too long, and what workers use', async () => {
    await open('/runs/run-a');
    await eventually(() => stage(1).locator('[data-part=durations]').textContent()).toBe(
      'half within 31 s, 90 % within 58 s, at most 2 min',
    );
    expect(await text('#stragglers')).toMatch(/extract 0b7710cce3a94f20 for 2 min\s*studio, process 4121/);
    const workers = page.locator('#workers tbody tr');
    expect(await workers.first().textContent()).toMatch(/1\.9 of 8\s*1\.3 GB/);
    expect(await workers.nth(1).textContent()).toMatch(/unknown of 4\s*unknown/);
    await page.getByText('26 h 33 min of about 66 h 23 min of audio').waitFor();
  });

  it('numbers that do not jump: the time left runs down through estimates that differ a little', async () => {
    await open('/runs/run-a');
    await eventually(() => text('#summary [data-part=left]')).toBe('12 min');
    for (const secondsLeft of [760, 640, 780, 650]) {
      status = { ...fakeRun('run-a', 0.4), secondsLeft };
      const answered = page.waitForResponse('**/api/runs/run-a');
      await (await answered).finished();
      await page.waitForTimeout(50);
      expect(await text('#summary [data-part=left]')).toBe('12 min');
    }
    status = { ...fakeRun('run-a', 0.4), secondsLeft: 120 };
    await eventually(() => text('#summary [data-part=left]')).toBe('2 min');
  });
});

describe('the buttons of a run', () => {
  it('are not there for who is not logged in, who is led to the login', async () => {
    await open('/runs/run-a');
    const login = page.getByRole('link', { name: 'Log in to pause, resume or retry' });
    await login.waitFor();
    expect(await login.getAttribute('href')).toBe('/login?next=%2Fruns%2Frun-a');
    expect(await button('Pause').isVisible()).toBe(false);
    await page.locator('#failures summary').last().click();
    expect(await button('Retry these').isVisible()).toBe(false);
  });

  it('pause, resume and cancel it by keyboard, each where it is allowed', async () => {
    await openLoggedIn('/runs/run-a');
    await button('Pause').press('Enter');
    await eventually(() => text('#summary [data-part=state]')).toBe('paused');
    expect(await button('Pause').isVisible()).toBe(false);
    expect(await text('#summary [data-part=left]')).toBe('paused');
    await button('Resume').click();
    await eventually(() => text('#summary [data-part=state]')).toBe('extracting');
    await button('Cancel').click();
    await eventually(() => text('#summary [data-part=state]')).toBe('cancelled');
    expect(await button('Cancel').isVisible()).toBe(false);
    expect(asked).toEqual(['pause run-a', 'resume run-a', 'cancel run-a']);
    expect(watched.faults).toEqual([]);
  });

  it('have failures of a class analysed again', async () => {
    await openLoggedIn('/runs/run-a');
    await page.locator('#failures summary').last().click();
    await button('Retry these').click();
    await eventually(async () => asked).toEqual(['retry run-a AUDIO_TIMED_OUT']);
    await capture(page, 'run-administrator');
  });

  it('look at the source again, and lead to the new run', async () => {
    status = fakeRun('run-a', 1);
    await openLoggedIn('/runs/run-a');
    await button('Look for new tracks').click();
    await page.waitForURL('**/runs/run-c');
  });
});

describe('the list of runs', () => {
  it('leads to a Run page, and from there to the queue of a stage', async () => {
    await open('/runs');
    await page.locator('#runs li').nth(1).waitFor();
    expect(await page.locator('#runs li').first().textContent()).toContain('done');
    await page.getByText('40 % of the audio, 3,197 of 8,000 tracks, 3 failed').waitFor();
    await page.getByText('12 min left').waitFor();
    await capture(page, 'runs');
    await page.getByRole('link', { name: /run-a/ }).click();
    await stage(1).waitFor();
    expect(await stage(1).getByRole('link', { name: 'Queue of Extract features' }).getAttribute('href')).toBe(
      '/queues/queue/extract',
    );
    expect(watched.faults).toEqual([]);
  });
});
