import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SoundalikeError } from '../../src/errors.ts';
import { fakeCollection, fakeTracks, startDashboard, type TestDashboard } from '../dashboard/fakes.ts';
import { capture, eventually, launchChromium, openPage, overflowsSideways, PHONE } from './chromium.ts';
import { openWatched } from './player.ts';

let browser: Browser;
let dashboard: TestDashboard;

beforeAll(async () => {
  dashboard = await startDashboard();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
});

const openPlayer = (address = dashboard.address) => openWatched(browser, address);

const rows = (page: Page) => page.locator('#library .track');
const neighbours = (page: Page) => page.locator('#neighbours .track');
const audioIs = (page: Page, state: string) => page.locator(`body[data-state=${state}]`).waitFor();
const elapsed = (page: Page) => page.locator('[data-part=elapsed]').textContent();
const titleInBar = (page: Page) => page.locator('#player .title').textContent();

describe('the library', () => {
  it('lists the tracks a page at a time', async () => {
    const page = await openPlayer();
    await page.getByText('1–50 of 120').waitFor();
    expect(await rows(page).count()).toBe(50);
    const next = page.getByRole('button', { name: 'Next', exact: true });
    await next.click();
    await page.getByText('51–100 of 120').waitFor();
    await next.click();
    await page.getByText('101–120 of 120').waitFor();
    expect(await rows(page).count()).toBe(20);
    expect(await next.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Previous', exact: true }).click();
    await page.getByText('51–100 of 120').waitFor();
  });

  it('is searched as one types', async () => {
    const page = await openPlayer();
    await page.getByText('120 tracks').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('night ikue');
    await page.getByText('8 tracks', { exact: true }).waitFor();
    expect(await rows(page).count()).toBe(8);
    // From another view, too.
    await page.getByRole('button', { name: 'Map', exact: true }).click();
    expect(await rows(page).first().isVisible()).toBe(false);
    await page.keyboard.press('/');
    await page.keyboard.press('End');
    await page.keyboard.type(' nothing like it');
    await page.getByText('Nothing in the library matches').waitFor();
    expect(await rows(page).count()).toBe(0);
  });

  it('is put in order and filtered, and says that it is', async () => {
    const page = await openPlayer();
    const library = page.locator('#library');
    await page.getByRole('button', { name: 'Sort and filter' }).click();
    await library.getByRole('combobox', { name: 'Sort by' }).selectOption('Fastest first');
    await eventually(() => rows(page).first().locator('.title').textContent()).toBe('Static Bloom 20');
    await library.getByRole('combobox', { name: 'Genre' }).selectOption('Folk');
    await page.getByText('30 tracks', { exact: true }).waitFor();
    expect(new Set(await rows(page).locator('.genre').allTextContents())).toEqual(new Set(['Folk']));
    await capture(page, 'library-filtered');
    await library.getByRole('combobox', { name: 'Length' }).selectOption('From 10 min');
    await page.getByText('Nothing in the library is like that.').waitFor();
    await page.getByRole('button', { name: 'Sort and filter' }).click();
    expect(await library.getByRole('combobox', { name: 'Genre' }).isVisible()).toBe(false);
    expect(await library.locator('[data-part=show-choices][data-chosen]').count()).toBe(1);
  });

  it('is gone through by one control, by keyboard too', async () => {
    const page = await openPlayer();
    const place = page.getByRole('slider', { name: 'Place in the library' });
    await page.getByText('1–50 of 120').waitFor();
    await place.focus();
    await page.keyboard.press('End');
    await page.getByText('101–120 of 120').waitFor();
    await eventually(() => place.getAttribute('aria-valuetext')).toBe('101–120 of 120');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('51–100 of 120').waitFor();
    await page.getByRole('button', { name: 'Previous', exact: true }).click();
    await page.getByText('1–50 of 120').waitFor();
    expect(await place.inputValue()).toBe('0');
  });

  it('shows a track without a title by its file, and markup as text', async () => {
    const tracks = fakeTracks(7);
    tracks[0].title = '<img src=x onerror="document.title=1">';
    const other = await startDashboard({ collection: async () => fakeCollection(tracks, () => '') });
    onTestFinished(() => other.close());
    const page = await openPlayer(other.address);
    await page.locator('#library').getByText('<img src=x').waitFor();
    await page.locator('#library').getByText('take 7.wav').waitFor();
  });
});

describe('playing', () => {
  it('plays, pauses and seeks', async () => {
    const page = await openPlayer();
    await rows(page).nth(1).click();
    await audioIs(page, 'playing');
    expect(await titleInBar(page)).toBe('Slow Tide 1');
    expect(await page.title()).toBe('Slow Tide 1 · soundalike');
    await eventually(() => elapsed(page)).not.toBe('0:00');
    expect(await page.locator('[data-part=length]').textContent()).toBe('0:12');

    await page.getByRole('button', { name: 'Pause' }).click();
    await audioIs(page, 'paused');
    const seek = page.getByRole('slider', { name: 'Position' });
    await seek.fill('9');
    await eventually(() => elapsed(page)).toBe('0:09');
    expect(await seek.getAttribute('aria-valuetext')).toBe('0:09 of 0:12');

    // From there to the end, where the next one of the list follows.
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await eventually(() => titleInBar(page)).toBe('Copper Wire 1');
    await audioIs(page, 'playing');

    await page.getByRole('button', { name: 'Stop' }).click();
    await audioIs(page, 'paused');
    expect(await elapsed(page)).toBe('0:00');
    expect(await titleInBar(page)).toBe('Copper Wire 1');
  });

  it('plays the track whose cover is pressed', async () => {
    const page = await openPlayer();
    await rows(page).nth(1).locator('.cover').click();
    await audioIs(page, 'playing');
    expect(await titleInBar(page)).toBe('Slow Tide 1');
  });

  it('draws the waveform of what plays, and seeks where it is clicked', async () => {
    const page = await openPlayer();
    await rows(page).nth(1).click();
    await audioIs(page, 'playing');
    await page.getByRole('button', { name: 'Pause' }).click();
    const waveform = page.locator('#player [data-part=waveform]');
    await waveform.and(page.locator('[data-drawn]')).waitFor();
    expect(await waveform.getAttribute('viewBox')).toBe('0 0 600 100');
    // A column of 600 for each peak, in both drawings.
    const outlines = await waveform
      .locator('path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
    expect(outlines.map((outline) => outline?.match(/M/g)?.length)).toEqual([600, 600]);

    const box = (await waveform.boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height * 0.2);
    await eventually(() => elapsed(page)).toBe('0:09');
    const clip = await page.evaluate<string>(
      "getComputedStyle(document.querySelector('.waveform .played')).clipPath",
    );
    const right = Number(/inset\(0px (?:calc\()?([\d.]+)%/.exec(clip)?.[1]);
    expect(Math.abs(right - 25), `of the played drawing is hidden: ${clip}`).toBeLessThan(1);
    await capture(page, 'player-waveform');
    const seek = page.getByRole('slider', { name: 'Position' });
    await seek.press('Home');
    await eventually(() => elapsed(page)).toBe('0:00');
  });

  it('draws the spectrogram where it is asked for, and seeks in it', async () => {
    const page = await openPlayer();
    await rows(page).nth(1).click();
    await audioIs(page, 'playing');
    await page.getByRole('button', { name: 'Spectrogram' }).click();
    await page.locator('#spectrogram[data-drawn]').waitFor();
    // The tone of 220 Hz is the brightest line in the middle of the picture.
    const brightest = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector('#spectrogram canvas');
      const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, 0, 1, canvas.height);
      const greens = Array.from({ length: canvas.height }, (_, y) => data[4 * y + 1]);
      return canvas.height - 1 - greens.indexOf(Math.max(...greens));
    })()`);
    expect(Math.abs(brightest - (160 * Math.log(220 / 40)) / Math.log(11_025 / 40))).toBeLessThan(3);
    await page.getByRole('button', { name: 'Pause' }).click();
    const box = (await page.locator('#spectrogram canvas').boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.75, box.y + 20);
    await eventually(() => elapsed(page)).toBe('0:09');
    await capture(page, 'player-spectrogram');
    await page.getByRole('button', { name: 'Spectrogram' }).click();
    expect(await page.locator('#spectrogram').isVisible()).toBe(false);
  });

  it('seeks without a waveform where the index has none', async () => {
    const collection = fakeCollection(fakeTracks(3), () => join(dashboard.folder, 'a tone & 50 % more.wav'));
    const other = await startDashboard({
      collection: async () => ({
        ...collection,
        peaks: async () => {
          throw new SoundalikeError('SHARD_DAMAGED', 'the shard is gone');
        },
      }),
    });
    onTestFinished(() => other.close());
    const { page } = await openPage(browser, other.address);
    onTestFinished(() => page.context().close());
    const asked = page.waitForResponse(/peaks$/);
    await rows(page).first().click();
    await audioIs(page, 'playing');
    expect((await asked).status()).toBe(500);
    expect(await page.locator('#player [data-drawn]').count()).toBe(0);
    await page.getByRole('slider', { name: 'Position' }).fill('9');
    await eventually(() => elapsed(page)).toMatch(/0:09|0:1/);
  });

  it('shows what sounds like it, and plays that', async () => {
    const page = await openPlayer();
    await rows(page).nth(9).click();
    await eventually(() => neighbours(page).count()).toBe(20);
    const figures = await neighbours(page).locator('[data-part=figure]').allTextContents();
    expect(figures.slice(0, 4)).toEqual(['0.13', '0.13', '0.25', '0.25']);
    await capture(page, 'player-playing');

    const chosen = await neighbours(page).nth(2).locator('.title').textContent();
    await neighbours(page).nth(2).click();
    await eventually(() => titleInBar(page)).toBe(chosen);
    await eventually(() => page.locator('#neighbours h2').textContent()).toBe(chosen);
    await audioIs(page, 'playing');
    expect(await page.locator('#library .track[aria-current=true] .title').textContent()).toBe(chosen);
  });

  it('is done by keyboard alone', async () => {
    const page = await openPlayer();
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter'])
      await page.keyboard.press(key);
    await audioIs(page, 'playing');
    expect(await titleInBar(page)).toBe('Slow Tide 1');
    await page.keyboard.press('Enter');
    await audioIs(page, 'paused');
    // Off the row: on the body, the space bar plays.
    await page.locator('#library h2').click();
    await page.keyboard.press(' ');
    await audioIs(page, 'playing');
  });

  it('passes over a file that cannot be played, and says so', async () => {
    const other = await startDashboard({
      collection: async () =>
        fakeCollection(fakeTracks(3), (id) =>
          join(other.folder, id === '000001' ? 'noise.wav' : 'a tone & 50 % more.wav'),
        ),
    });
    onTestFinished(() => other.close());
    await writeFile(join(other.folder, 'noise.wav'), 'no audio at all');
    const page = await openPlayer(other.address);
    await rows(page).first().click();
    await page.getByRole('alert').getByText('Skipped “Harbour at Dusk 1”').waitFor();
    await audioIs(page, 'playing');
    expect(await titleInBar(page)).toBe('Slow Tide 1');
    await rows(page).nth(2).click();
    await eventually(() => titleInBar(page)).toBe('Copper Wire 1');
    expect(await page.locator('#player .fault').textContent()).toBe('');
  });

  it('gives up after three such files, and plays what is chosen then', async () => {
    let broken = true;
    const other = await startDashboard({
      collection: async () =>
        fakeCollection(fakeTracks(9), () =>
          join(other.folder, broken ? 'noise.wav' : 'a tone & 50 % more.wav'),
        ),
    });
    onTestFinished(() => other.close());
    await writeFile(join(other.folder, 'noise.wav'), 'no audio at all');
    const page = await openPlayer(other.address);
    await rows(page).first().click();
    await page.getByRole('alert').getByText('This file cannot be played here.').waitFor();
    await audioIs(page, 'paused');
    expect(await titleInBar(page)).toBe('Copper Wire 1');
    broken = false;
    await rows(page).nth(7).click();
    await audioIs(page, 'playing');
    expect(await page.locator('#player .fault').textContent()).toBe('');
  });
});

describe('the page', () => {
  it.each([725, 844, 1000])('leaves room for titles in both columns at %i px', async (width) => {
    const page = await openPlayer();
    await page.setViewportSize({ width, height: 700 });
    await rows(page).nth(1).click();
    await neighbours(page).first().waitFor();
    expect(await overflowsSideways(page)).toBe(false);
    for (const list of [rows(page), neighbours(page)]) {
      const words = await list.first().locator('.words').boundingBox();
      expect(words?.width).toBeGreaterThan(100);
    }
    for (const view of ['library', 'neighbours']) {
      const hidden = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.getElementById('${view}'))`;
      expect(await page.evaluate(hidden)).toBe(0);
    }
  });

  it('fits a phone, where the two lists take turns', async () => {
    const page = await openPlayer();
    await page.setViewportSize(PHONE);
    await rows(page).first().click();
    await audioIs(page, 'playing');
    expect(await overflowsSideways(page)).toBe(false);
    await page.getByRole('button', { name: 'Playing' }).click();
    await neighbours(page).first().waitFor();
    expect(await rows(page).first().isVisible()).toBe(false);
    expect(await overflowsSideways(page)).toBe(false);
    await capture(page, 'player-neighbours');
  });

  it('says what to do where there is no index', async () => {
    const other = await startDashboard({
      collection: async () => {
        throw new SoundalikeError('INDEX_NOT_FOUND', 'no index yet: run `soundalike run <folder>`');
      },
    });
    onTestFinished(() => other.close());
    const { page } = await openPage(browser, other.address);
    onTestFinished(() => page.context().close());
    await page.getByText('no index yet: run `soundalike run <folder>`').waitFor();
    await capture(page, 'player-empty');
  });
});
