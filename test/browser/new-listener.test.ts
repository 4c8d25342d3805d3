import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cli, type Started, startCli } from '../support/cli.ts';
import { realClips } from '../support/real-clips.ts';
import { removeFolder, suiteFolder } from '../support/temporary.ts';
import { expectAccessible } from './accessible.ts';
import { capture, eventually, launchChromium, openPage, overflowsSideways, type Size } from './chromium.ts';

/** Pixels between two places of the map where a point is looked for; a point is met from 14 px away. */
const STEP = 18;

let clips: string;
let folder: string;
let dashboard: Started;
let address: string;
let browser: Browser;

beforeAll(async () => {
  [clips, folder] = [await realClips(), await suiteFolder()];
  const env = { DATA_DIR: folder };
  const run = await cli(['run', clips], env);
  expect(run.code, run.stderr).toBe(0);
  dashboard = startCli(['dashboard', '--port', '0'], env);
  [, address = ''] = await dashboard.saw(/dashboard: (http:\/\/\S+)/);
  browser = await launchChromium();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  dashboard?.child.kill('SIGTERM');
  await dashboard?.finished;
  if (folder) await removeFolder(folder);
});

/** A point of the map other than some tracks', and the title that it shows where the mouse is on it. */
async function findPoint(page: Page, ...others: string[]): Promise<{ x: number; y: number; title: string }> {
  const stage = page.locator('#map [data-part=stage]');
  const name = page.locator('#map [data-part=tooltip]');
  const area = await stage.boundingBox();
  if (!area) throw new Error('the map is not shown');
  for (let y = area.y + STEP; y < area.y + area.height; y += STEP) {
    // Not where the buttons lie.
    for (let x = area.x + STEP; x < area.x + area.width - 70; x += STEP) {
      await page.mouse.move(x, y);
      if ((await stage.evaluate((element) => element.style.cursor)) !== 'pointer') continue;
      await name.waitFor();
      const title = await name.locator('.title').textContent();
      if (title && !others.includes(title)) return { x, y, title };
    }
  }
  throw new Error('the map shows no point');
}

describe.each(['desktop', 'phone'] as const)(
  'a new listener, on a %s',
  { timeout: 300_000 },
  (size: Size) => {
    it('finds, plays, likes, is recommended, uploads, wanders about the map and keeps a playlist', async () => {
      const { page, faults, foreign } = await openPage(browser, address, [], size);
      onTestFinished(() => page.context().close());
      let steps = 0;
      /** Ends a step: nothing has pushed the page wider than the window. */
      const done = async (step: string) => {
        steps++;
        await capture(page, `new-listener-${String(steps).padStart(2, '0')}-${step}`, [size]);
        expect(await overflowsSideways(page)).toBe(false);
      };
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
      /** On a phone the views of what plays are behind one tab. */
      const showOfPlaying = async (name: string) => {
        if (size === 'phone') await press('Playing');
        await press(name);
      };
      const bar = page.locator('#player');
      const playing = async () => (await bar.locator('.title').textContent()) ?? '';

      await page.getByText('41 tracks').waitFor();
      await page.evaluate("document.body.dataset.opened = 'once'");
      await done('open');

      await page.getByRole('searchbox', { name: 'Search the library' }).fill('battle');
      await eventually(() => page.locator('#library .track').count()).toBeLessThan(20);
      const found = await page.locator('#library .title').allTextContents();
      expect(found.length).toBeGreaterThan(1);
      await done('search');

      await page.locator('#library .track').first().click();
      await page.locator('body[data-state=playing]').waitFor();
      expect(await playing()).toBe(found[0]);
      await eventually(() => bar.locator('[data-part=elapsed]').textContent()).toBe('0:01');
      await done('play');

      await bar.getByRole('button', { name: 'Next track', exact: true }).click();
      await eventually(playing).toBe(found[1]);
      await showOfPlaying('Sounds alike');
      await page.locator('#neighbours .track').first().waitFor();
      await expectAccessible(page, [size]);
      await done('next');

      const liked = await playing();
      await press('For you');
      await bar.getByRole('button', { name: `Like ${liked}`, exact: true }).click();
      const because = page.locator('#for-you .why', { hasText: `Because you liked ${liked}` });
      await because.first().waitFor();
      expect(await page.evaluate('document.body.dataset.opened')).toBe('once');
      await expectAccessible(page, [size]);
      await done('recommended');

      const chooser = page.waitForEvent('filechooser');
      await press('Find by file');
      await (await chooser).setFiles(join(clips, 'defeat.mp3'));
      const nearest = page.locator('#upload .tracks > li').first();
      await nearest.waitFor({ timeout: 60_000 });
      // The file is in the collection, too: nothing sounds more like it than itself.
      expect(await nearest.locator('.title').textContent()).toBe('Defeat');
      expect(await nearest.locator('.figure').textContent()).toBe('0.00');
      await press('Hear it');
      await page.getByRole('button', { name: 'Pause', pressed: true }).waitFor();
      await done('upload');
      const neighbour = await page.locator('#upload .title').nth(1).textContent();
      await page.locator('#upload .track').nth(1).click();
      await eventually(playing).toBe(neighbour);
      await page.locator('body[data-state=playing]').waitFor();
      await press('Close');

      await press('Map');
      await page.locator('#map .map-playing').waitFor();
      // Where a path is to lead to, none can start.
      const point = await findPoint(page, await playing(), 'Defeat');
      await done('map');
      await page.mouse.move(point.x, point.y);
      if (size === 'phone') await page.touchscreen.tap(point.x, point.y);
      else await page.mouse.click(point.x, point.y);
      await eventually(playing).toBe(point.title);
      await expectAccessible(page, [size]);

      await showOfPlaying('Path');
      const from = await playing();
      await page.getByRole('searchbox', { name: 'To', exact: true }).fill('defeat');
      await page.locator('#path [data-part=offers] .track').first().click();
      const path = page.locator('#path [data-part=tracks] .track');
      await eventually(() => path.count()).toBe(9);
      expect(await path.first().locator('.title').textContent()).toBe(from);
      expect(await path.last().locator('.title').textContent()).toBe('Defeat');
      await done('path');
      await press('Play it');
      const way = await path.locator('.title').allTextContents();

      await showOfPlaying('Queue');
      await eventually(() => page.locator('#queue .tracks > li').count()).toBeGreaterThan(8);
      await page.locator('#queue').getByRole('button', { name: 'Save' }).click();
      await press('New playlist');
      await page.getByRole('textbox', { name: 'Name' }).fill('From there to defeat');
      await page.locator('#name-dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByText('added to “From there to defeat”').waitFor();
      await done('kept');
      await press('Playlists');
      await page.locator('#playlists .heads button').click();
      const kept = page.locator('#playlists .tracks .title');
      await eventually(() => kept.count()).toBeGreaterThan(8);
      expect(await kept.allTextContents()).toEqual(expect.arrayContaining(way));
      await press('Export');
      await done('export');
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'M3U8 with paths' }).click();
      const file = await readFile(await (await download).path(), 'utf8');
      expect(file).toMatch(/^#EXTM3U\n#PLAYLIST:From there to defeat\n/);
      expect(file.match(/^[^#].*\.mp3$/gm)).toHaveLength(await kept.count());

      expect(await page.evaluate('document.body.dataset.opened')).toBe('once');
      expect(faults).toEqual([]);
      expect(foreign).toEqual([]);
    });
  },
);
