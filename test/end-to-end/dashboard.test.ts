import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture, eventually, launchChromium, openPage } from '../browser/chromium.ts';
import { send } from '../dashboard/http.ts';
import { validatorOf } from '../support/api-validator.ts';
import { type Started, startCli } from '../support/cli.ts';
import { realClips } from '../support/real-clips.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';

/** The pages of a real run in this very process tree: during the run and after it. */
describe('the dashboard of a real run', { timeout: 180_000 }, () => {
  let folder: string;
  let started: Started;
  let address: string;
  let browser: Browser;

  beforeAll(async () => {
    const clips = await realClips();
    folder = await suiteFolder();
    browser = await launchChromium();
    started = startCli(['run', clips, '--serve', '--port', '0', '--concurrency', '1'], { DATA_DIR: folder });
    [, address = ''] = await started.saw(/dashboard: (http:\/\/\S+)/);
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    started?.child.kill('SIGTERM');
    await started?.finished;
    if (folder) await removeFolder(folder);
  });

  const text = (page: Page, selector: string) => page.locator(selector).first().textContent();

  it('follows the run from its start to its end without a reload', async () => {
    const { page, faults, foreign } = await openPage(browser, `${address}/runs`);
    await page
      .getByRole('link', { name: /real-clips/ })
      .first()
      .click();
    await eventually(() => text(page, '[data-part=state]')).toMatch(/extracting/);
    await eventually(() => text(page, '#workers tbody')).toMatch(/extract/);
    await capture(page, 'real-run-extracting');
    await started.saw(/is done/);
    await eventually(() => text(page, '[data-part=state]')).toBe('done');
    await eventually(() => text(page, '[data-part=percent]')).toBe('100 %');
    expect(await text(page, '#summary [data-part=analysed]')).toMatch(/41/);
    await capture(page, 'real-run-done');
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('shows the finished jobs of each stage on Bull Board', async () => {
    const { page } = await openPage(browser, `${address}/queues/queue/extract?status=completed`);
    await page.getByText('"partition"').or(page.getByText('partition')).first().waitFor();
    for (const stage of ['plan', 'extract', 'documents', 'index']) {
      expect(await page.getByRole('link', { name: stage }).count()).toBeGreaterThan(0);
    }
    await capture(page, 'real-queue-board');
  });

  it('plays a track of the collection and shows what sounds like it', async () => {
    const { page, faults } = await openPage(browser, `${address}/`);
    await page.locator('#library ol li button').first().click();
    await eventually(() => page.locator('#neighbours ol li').count()).toBe(20);
    await page.locator('#player .waveform[data-drawn]').waitFor();
    await eventually(() => text(page, '#player [data-part=elapsed]')).toMatch(/0:0[1-9]/);
    await capture(page, 'real-player');
    expect(faults).toEqual([]);
  });

  it('answers as its OpenAPI document says, with real tracks and runs', async () => {
    const json = async (path: string) => (await send(address, path)).json();
    const document = await json('/api/openapi.json');
    const [track] = (await json('/api/tracks?limit=1')).tracks;
    const [run] = (await json('/api/runs')).runs;
    const requests = {
      '/tracks': '/tracks?limit=200',
      '/tracks/{id}': `/tracks/${track.id}`,
      '/tracks/{id}/similar': `/tracks/${track.id}/similar`,
      '/tracks/{id}/peaks': `/tracks/${track.id}/peaks`,
      '/runs': '/runs',
      '/runs/{run}': `/runs/${run.run}`,
      '/health': '/health',
    };
    for (const [route, path] of Object.entries(requests)) {
      const { schema } = document.paths[route].get.responses['200'].content['application/json'];
      const checked = validatorOf(document, schema).safeParse(await json(`/api${path}`));
      expect(checked.error?.issues, route).toBeUndefined();
    }
  });
});
