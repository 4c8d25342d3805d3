import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { capture, eventually, overflowsSideways, PHONE } from './chromium.ts';
import { chooseFromMenu, playerOfFile } from './player.ts';

const openPlayer = playerOfFile();

const rows = (page: Page) => page.locator('#library .track');
const entries = (page: Page) => page.locator('#queue .tracks > li');
const titles = (page: Page) => entries(page).locator('.title').allTextContents();
const titleInBar = (page: Page) => page.locator('#player .title').textContent();
const audioIs = (page: Page, state: string) => page.locator(`body[data-state=${state}]`).waitFor();
const press = (page: Page, name: string) =>
  page.locator('#player').getByRole('button', { name, exact: true }).click();
const showQueue = (page: Page) => page.getByRole('button', { name: 'Queue', exact: true }).click();

/** Milliseconds; pictures and drags take their time where other tests run beside. */
const PATIENCE = 60_000;

describe('the queue', { timeout: PATIENCE }, () => {
  it('is the list that a track was chosen from, stepped through and added to', async () => {
    const page = await openPlayer();
    await rows(page).nth(1).click();
    await audioIs(page, 'playing');
    await press(page, 'Next track');
    await eventually(() => titleInBar(page)).toBe('Copper Wire 1');
    // Paused, as a slow machine could else come to the end of a track in between.
    await press(page, 'Stop');
    await audioIs(page, 'paused');
    await press(page, 'Previous track');
    await eventually(() => titleInBar(page)).toBe('Slow Tide 1');
    await press(page, 'Stop');

    await chooseFromMenu(page, 10, 'Add to queue');
    await chooseFromMenu(page, 12, 'Play next');
    await showQueue(page);
    expect((await titles(page)).slice(0, 5)).toEqual([
      'Harbour at Dusk 1',
      'Slow Tide 1',
      'Harbour at Dusk 3',
      'Paper Lanterns 2',
      'Copper Wire 1',
    ]);
    await page.getByText('50 to come, 10 min').waitFor();
    expect(await entries(page).locator('[aria-current]').locator('.title').allTextContents()).toEqual([
      'Slow Tide 1',
    ]);
    await capture(page, 'player-queue');
    await press(page, 'Next track');
    await eventually(() => titleInBar(page)).toBe('Harbour at Dusk 3');
    await entries(page).nth(4).locator('.track').click();
    await eventually(() => titleInBar(page)).toBe('Copper Wire 1');
  });

  it('is put in order by keyboard and by pointer, taken from and cleared', async () => {
    const page = await openPlayer();
    await rows(page).first().click();
    await audioIs(page, 'playing');
    await press(page, 'Stop');
    await showQueue(page);
    const grip = page.getByRole('button', { name: 'Move Copper Wire 1 with the arrow keys' });
    await grip.focus();
    await page.keyboard.press('ArrowUp');
    expect((await titles(page)).slice(0, 3)).toEqual(['Harbour at Dusk 1', 'Copper Wire 1', 'Slow Tide 1']);
    await page.getByRole('status').getByText('Copper Wire 1: place 2 of 50').waitFor();
    // The handle keeps the focus.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect((await titles(page))[3]).toBe('Copper Wire 1');

    const from = (await entries(page).nth(3).locator('.grip').boundingBox())!;
    const to = (await entries(page).nth(1).boundingBox())!;
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, to.y + to.height * 0.3, { steps: 8 });
    await page.mouse.up();
    expect((await titles(page)).slice(0, 3)).toEqual(['Harbour at Dusk 1', 'Copper Wire 1', 'Slow Tide 1']);
    // Let go: it follows no longer.
    await page.mouse.move(from.x + 10, to.y + 300);
    expect((await titles(page))[1]).toBe('Copper Wire 1');

    await page.getByRole('button', { name: 'Remove Copper Wire 1' }).click();
    expect((await titles(page)).slice(0, 2)).toEqual(['Harbour at Dusk 1', 'Slow Tide 1']);
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await titles(page)).toEqual(['Harbour at Dusk 1']);
    await page.getByRole('button', { name: 'Remove Harbour at Dusk 1' }).click();
    await page.getByText('Nothing is queued').waitFor();
    expect(await titleInBar(page)).toBe('Nothing is playing');
    await audioIs(page, 'paused');
  });

  it('repeats and shuffles', async () => {
    const page = await openPlayer();
    await rows(page).nth(49).click();
    await audioIs(page, 'playing');
    await press(page, 'Next track');
    expect(await titleInBar(page)).toBe('Slow Tide 9');
    await press(page, 'Repeat: off');
    await press(page, 'Next track');
    await eventually(() => titleInBar(page)).toBe('Harbour at Dusk 1');

    await press(page, 'Repeat: all');
    await page.getByRole('slider', { name: 'Position' }).fill('11.5');
    // At its end it begins again.
    await eventually(() => page.locator('[data-part=elapsed]').textContent()).toBe('0:00');
    expect(await titleInBar(page)).toBe('Harbour at Dusk 1');
    await press(page, 'Repeat: this track');

    await showQueue(page);
    const before = await titles(page);
    await press(page, 'Shuffle');
    const shuffled = await titles(page);
    expect(shuffled).not.toEqual(before);
    expect(shuffled.toSorted()).toEqual(before.toSorted());
    await press(page, 'Shuffle');
    expect(await titles(page)).toEqual(before);
  });

  it('survives a reload, with position and volume', async () => {
    const page = await openPlayer();
    await rows(page).nth(2).click();
    await audioIs(page, 'playing');
    await chooseFromMenu(page, 21, 'Play next');
    await press(page, 'Pause');
    await page.getByRole('slider', { name: 'Position' }).fill('7');
    await page.getByRole('slider', { name: 'Volume' }).fill('0.35');
    await page.reload();
    await eventually(() => titleInBar(page)).toBe('Copper Wire 1');
    await eventually(() => page.locator('[data-part=elapsed]').textContent()).toBe('0:07');
    expect(await page.getByRole('slider', { name: 'Volume' }).inputValue()).toBe('0.35');
    expect((await titles(page))[3]).toBe('Night Bus 4');
    await page.locator('#neighbours h2').getByText('Copper Wire 1').waitFor();
    await press(page, 'Play');
    await audioIs(page, 'playing');
    await eventually(() => page.locator('[data-part=elapsed]').textContent()).toMatch(/0:0[89]|0:1/);
  });

  it('loads the next track ahead of its turn', async () => {
    const page = await openPlayer();
    const asked: string[] = [];
    page.on('request', (request) => {
      const id = /tracks\/(\d+)\/audio/.exec(request.url())?.[1];
      if (id && !asked.includes(id)) asked.push(id);
    });
    await rows(page).first().click();
    await audioIs(page, 'playing');
    await eventually(async () => asked).toEqual(['000001', '000002']);
    expect(await titleInBar(page)).toBe('Harbour at Dusk 1');
  });

  it('tells the system what plays, and obeys its keys', async () => {
    const page = await openPlayer();
    // Chromium hands media keys to no page without a desktop: the handlers are called as it would call them.
    await page.addInitScript(`
      window.mediaActions = {};
      MediaSession.prototype.setActionHandler = (name, handler) => { mediaActions[name] = handler; };
    `);
    await page.reload();
    await rows(page).nth(1).click();
    await audioIs(page, 'playing');
    const metadata = await page.evaluate<{ title: string; artist: string; src: string; type: string }>(
      `(({title, artist, artwork: [{src, type}]}) => ({title, artist, src, type}))(navigator.mediaSession.metadata)`,
    );
    expect(metadata).toMatchObject({ title: 'Slow Tide 1', artist: 'The Low Fens', type: 'image/png' });
    expect(metadata.src).toMatch(/^data:image\/png;base64,iVBOR/);
    expect(await page.evaluate('navigator.mediaSession.playbackState')).toBe('playing');
    await page.evaluate('mediaActions.nexttrack({})');
    await eventually(() => titleInBar(page)).toBe('Copper Wire 1');
    await page.evaluate('mediaActions.pause({})');
    await audioIs(page, 'paused');
    await page.evaluate('mediaActions.seekto({ seekTime: 5 })');
    await eventually(() => page.locator('[data-part=elapsed]').textContent()).toBe('0:05');
    await page.evaluate('mediaActions.play({})');
    await audioIs(page, 'playing');
  });
});

describe('on a phone', () => {
  it('plays, steps, and shows the queue with its controls', async () => {
    const page = await openPlayer();
    await page.setViewportSize(PHONE);
    await rows(page).first().click();
    await audioIs(page, 'playing');
    await press(page, 'Next track');
    await eventually(() => titleInBar(page)).toBe('Slow Tide 1');
    await page.getByRole('button', { name: 'Playing' }).click();
    await showQueue(page);
    expect(await rows(page).first().isVisible()).toBe(false);
    const tools = page.locator('#queue .tools');
    await tools.getByRole('button', { name: 'Repeat: off' }).click();
    await tools.getByRole('button', { name: 'Repeat: all' }).waitFor();
    await tools.getByRole('button', { name: 'Stop' }).click();
    await audioIs(page, 'paused');
    expect(await overflowsSideways(page)).toBe(false);
  });
});

describe('the menu of a track', () => {
  it('is worked by keyboard', async () => {
    const page = await openPlayer();
    const more = page.getByRole('button', { name: 'More for Slow Tide 1', exact: true });
    await more.focus();
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    expect(await focused()).toBe('Play next');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Add to queue');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    expect(await page.locator('#track-menu').isVisible()).toBe(false);
    // And back at the button that opened it.
    expect(await more.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
  });
});
