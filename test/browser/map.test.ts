import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fakeTracks } from '../dashboard/fakes.ts';
import { capture, eventually, overflowsSideways, PHONE } from './chromium.ts';
import { playerOfFile } from './player.ts';

const tracks = fakeTracks(120);

/** Pixels that stay free around the whole picture, as map-camera.js has it. */
const MARGIN = 28;

type Pixel = [red: number, green: number, blue: number, opacity: number];

const openPage = playerOfFile();
const stageOf = (page: Page) => page.locator('#map [data-part=stage]');
const nameOf = (page: Page) => page.locator('#map [data-part=tooltip] .title');
const titleInBar = (page: Page) => page.locator('#player .title').textContent();

/** The player with the map of the fake collection, whose points lie on a spiral. */
async function openMap(): Promise<Page> {
  const page = await openPage();
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await page.locator('#map .map-legend button').first().waitFor();
  return page;
}

/** Where a track is on the stage while the whole picture is shown. */
async function placeOf(page: Page, track: number): Promise<{ x: number; y: number }> {
  const { width, height } = (await stageOf(page).boundingBox())!;
  const scale = Math.min(width, height) - 2 * MARGIN;
  const away = (0.5 * track) / tracks.length;
  return {
    x: width / 2 + scale * away * Math.cos(track / 4),
    y: height / 2 + scale * away * Math.sin(track / 4),
  };
}

async function pointAt(page: Page, track: number): Promise<void> {
  const { x, y } = await placeOf(page, track);
  const box = (await stageOf(page).boundingBox())!;
  await page.mouse.move(box.x + x, box.y + y);
}

/**
 * The least transparent of the pixels about a place of one of the two canvases. It is read in a frame in which the stage
 * is drawn anew, as WebGL's picture is there until that ends; the two keys leave the picture where it is.
 */
function pixelOf(page: Page, part: 'points' | 'above', { x, y }: { x: number; y: number }): Promise<Pixel> {
  return page.evaluate<Pixel>(`new Promise((resolve) => {
    const stage = document.querySelector('#map [data-part=stage]');
    for (const key of ['+', '-']) stage.dispatchEvent(new KeyboardEvent('keydown', { key }));
    requestAnimationFrame(() => {
      const copy = new OffscreenCanvas(3, 3).getContext('2d');
      const canvas = stage.querySelector('canvas[data-part=${part}]');
      copy.drawImage(canvas, ${1 - Math.round(x)}, ${1 - Math.round(y)});
      const { data } = copy.getImageData(0, 0, 3, 3);
      const pixels = Array.from({ length: 9 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
      resolve(pixels.reduce((a, b) => (b[3] > a[3] ? b : a)));
    });
  })`);
}
const middle = (a: { x: number; y: number }, b: { x: number; y: number }) => ({
  x: (a.x + b.x) / 2,
  y: (a.y + b.y) / 2,
});

/** The colour that the legend shows for a group. */
async function colourOf(page: Page, group: string): Promise<number[]> {
  const style = await page.locator('#map .map-legend button', { hasText: group }).getAttribute('style');
  return [1, 3, 5].map((at) => Number.parseInt(style!.split('#')[1]!.slice(at - 1, at + 1), 16));
}

async function expectColour(page: Page, track: number, group: string): Promise<void> {
  const wanted = await colourOf(page, group);
  const [red, green, blue, opacity] = await pixelOf(page, 'points', await placeOf(page, track));
  expect(opacity).toBeGreaterThan(150);
  for (const [i, value] of [red, green, blue].entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(8);
}

describe('the map', () => {
  it('colours points by genre and by cluster, and hides what the legend hides', async () => {
    const page = await openMap();
    await page.locator('#map').getByText('120 tracks').waitFor();
    for (const track of [95, 108, 113, 118]) await expectColour(page, track, tracks[track]!.genre!);
    const folk = page.locator('#map .map-legend button', { hasText: 'Folk' });
    await folk.click();
    expect(await folk.getAttribute('aria-pressed')).toBe('false');
    const [hidden, shown] = [tracks[118]!, tracks[113]!];
    expect([hidden.genre, shown.genre]).toEqual(['Folk', 'Electronic']);
    expect((await pixelOf(page, 'points', await placeOf(page, 118)))[3]).toBe(0);
    await expectColour(page, 113, 'Electronic');
    await page.locator('#map').getByRole('button', { name: 'Sound' }).click();
    for (const track of [95, 108, 118]) await expectColour(page, track, `Cluster ${(track % 5) + 1}`);
  });

  it('names what the mouse rests on, keeps it there while it zooms, and plays it', async () => {
    const page = await openMap();
    await pointAt(page, 113);
    await eventually(() => nameOf(page).textContent()).toBe(tracks[113]!.title);
    const beside = await placeOf(page, 114);
    expect((await pixelOf(page, 'points', beside))[3]).toBeGreaterThan(150);
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -300);
    await eventually(async () => (await pixelOf(page, 'points', beside))[3]).toBe(0);
    await expectColour(page, 113, 'Electronic');
    await page.mouse.down();
    await page.mouse.up();
    await eventually(() => titleInBar(page)).toBe(tracks[113]!.title);
    await page.locator('#map').getByRole('button', { name: 'Show all' }).click();
    expect((await pixelOf(page, 'points', beside))[3]).toBeGreaterThan(150);
  });

  it('draws lines to the neighbours of what plays, and the path', async () => {
    const page = await openMap();
    await pointAt(page, 110);
    await page.mouse.down();
    await page.mouse.up();
    await page.locator('#neighbours .track').first().waitFor();
    const at = await placeOf(page, 110);
    const lineTo = async (track: number) =>
      (await pixelOf(page, 'above', middle(at, await placeOf(page, track))))[3];
    // The six nearest on either side.
    await eventually(() => lineTo(115)).toBeGreaterThan(60);
    expect(await lineTo(106)).toBeGreaterThan(60);
    expect(await lineTo(90)).toBe(0);

    await page.getByRole('button', { name: 'Path', exact: true }).click();
    await page.getByRole('searchbox', { name: 'To' }).fill(tracks[60]!.title!);
    await page.getByRole('combobox', { name: 'In' }).selectOption('5 steps');
    await page.locator('#path [data-part=offers] .track').first().click();
    await page.locator('#path [data-part=tracks] .track').last().waitFor();
    for (const [from, to] of [
      [110, 100],
      [90, 80],
      [70, 60],
    ] as const) {
      const between = middle(await placeOf(page, from), await placeOf(page, to));
      await eventually(async () => (await pixelOf(page, 'above', between))[3]).toBeGreaterThan(150);
    }
    await capture(page, 'map');
  });

  it('is moved and played by keyboard, and fits a phone', async () => {
    const page = await openMap();
    await page.setViewportSize(PHONE);
    await page.locator('.views').getByRole('button', { name: 'Map', exact: true }).click();
    await page.locator('#map').getByRole('button', { name: 'Show all' }).click();
    await stageOf(page).focus();
    // The innermost tracks lie in the middle.
    await page.keyboard.press('+');
    await eventually(() => nameOf(page).textContent()).not.toBe('');
    const name = await nameOf(page).textContent();
    await page.keyboard.press('Enter');
    await eventually(() => titleInBar(page)).toBe(name);
    expect(await overflowsSideways(page)).toBe(false);
  });
});
