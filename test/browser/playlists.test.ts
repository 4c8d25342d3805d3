import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { capture, eventually, overflowsSideways, PHONE } from './chromium.ts';
import { chooseFromMenu, playerOfFile } from './player.ts';

const openPlayer = playerOfFile();

const rows = (page: Page) => page.locator('#library .track');
const heads = (page: Page) => page.locator('#playlists .heads button');
const titles = (page: Page) => page.locator('#playlists .tracks .title').allTextContents();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

const addFromMenu = (page: Page, row: number) => chooseFromMenu(page, row, 'Add to playlist');

describe('playlists', { timeout: 60_000 }, () => {
  it('are made from tracks, put in order, renamed, played and exported, and outlive a reload', async () => {
    const page = await openPlayer();
    await addFromMenu(page, 1);
    await press(page, 'New playlist');
    await page.getByRole('textbox', { name: 'Name' }).fill('Evening');
    await page.keyboard.press('Enter');
    await press(page, 'Playlists');
    await page.getByText('1 track added to “Evening”.').waitFor();

    await press(page, 'Library');
    for (const row of [2, 0]) {
      await addFromMenu(page, row);
      const chosen = page.waitForResponse(/tracks$/);
      await page.locator('#playlist-choice').getByRole('button', { name: 'Evening' }).click();
      await chosen;
    }
    await page.reload();
    await press(page, 'Playlists');
    await heads(page).getByText('3 tracks').waitFor();
    await heads(page).first().click();
    expect(await titles(page)).toEqual(['Slow Tide 1', 'Copper Wire 1', 'Harbour at Dusk 1']);

    const saved = page.waitForResponse((response) => response.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Move Harbour at Dusk 1 with the arrow keys' }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect((await saved).status()).toBe(200);
    await press(page, 'Rename');
    await page.getByRole('textbox', { name: 'Name' }).fill('Late evening');
    await press(page, 'Save');
    await page.getByRole('heading', { name: 'Late evening' }).waitFor();
    expect(await titles(page)).toEqual(['Harbour at Dusk 1', 'Slow Tide 1', 'Copper Wire 1']);
    await capture(page, 'player-playlist');

    await page.locator('#playlists [data-part=open] [data-part=play]').click();
    await eventually(() => page.locator('#player .title').textContent()).toBe('Harbour at Dusk 1');
    await page.locator('body[data-state=playing]').waitFor();

    await press(page, 'Export');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'M3U8 with paths' }).click();
    expect((await download).suggestedFilename()).toBe('Late evening.m3u8');
    const file = await readFile(await (await download).path(), 'utf8');
    expect(file.split('\n').slice(0, 4)).toEqual([
      '#EXTM3U',
      '#PLAYLIST:Late evening',
      '#EXTINF:12,Mara Lindqvist - Harbour at Dusk 1',
      '000/take 1.wav',
    ]);
  });

  it('come in from a file, are taken from and deleted', async () => {
    const page = await openPlayer();
    await press(page, 'Playlists');
    await page.getByText('No playlist yet').waitFor();
    await page.locator('#playlists input[type=file]').setInputFiles({
      name: 'Road.m3u8',
      mimeType: 'audio/x-mpegurl',
      buffer: Buffer.from('#EXTM3U\n001/take 2.wav\nelsewhere/<b>.mp3\n000/take 1.wav\n'),
    });
    await page.getByText('2 tracks imported; not in the library: elsewhere/<b>.mp3').waitFor();
    await page.getByRole('heading', { name: 'Road' }).waitFor();
    await page.getByRole('button', { name: 'Remove Slow Tide 1' }).click();
    await press(page, 'All playlists');
    await heads(page).getByText('1 track').waitFor();
    await capture(page, 'player-playlists');
    await heads(page).first().click();
    page.once('dialog', (dialog) => dialog.accept());
    await press(page, 'Delete');
    await page.getByText('No playlist yet').waitFor();
  });

  it('take the queue over, on a phone too', async () => {
    const page = await openPlayer();
    await page.setViewportSize(PHONE);
    await rows(page).nth(47).click();
    await press(page, 'Playing');
    await press(page, 'Queue');
    await page.locator('#queue').getByRole('button', { name: 'Save' }).click();
    await press(page, 'New playlist');
    await page.getByRole('textbox', { name: 'Name' }).fill('The queue');
    await page.keyboard.press('Enter');
    await press(page, 'Playlists');
    await heads(page).getByText('50 tracks').waitFor();
    expect(await overflowsSideways(page)).toBe(false);
    await heads(page).first().click();
    await eventually(async () => (await titles(page)).length).toBe(50);
    expect(await overflowsSideways(page)).toBe(false);
  });
});
