import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { capture, eventually, overflowsSideways, PHONE } from './chromium.ts';
import { chooseFromMenu, playerOfFile } from './player.ts';

const openPage = playerOfFile();

/** The player with its ninth track playing. */
async function openPlayer(): Promise<Page> {
  const page = await openPage();
  await page.locator('#library .track').nth(8).click();
  await neighbours(page).first().waitFor();
  return page;
}

const neighbours = (page: Page) => page.locator('#neighbours .track');
const reasons = (page: Page) => page.locator('#neighbours .why').allTextContents();
const genres = (page: Page) => page.locator('#neighbours .genre').allTextContents();

describe('sounds alike', () => {
  it('says why, and compares by the aspect that is chosen, by keyboard too', async () => {
    const page = await openPlayer();
    expect((await reasons(page))[0]).toBe('same tempo ±3, darker timbre');
    await page.getByRole('radio', { name: 'Whole' }).focus();
    await page.keyboard.press('ArrowRight');
    await eventually(async () => (await reasons(page))[0]).toBe('near in rhythm');
    await page.getByRole('radio', { name: 'Harmony' }).check();
    await eventually(async () => (await reasons(page))[0]).toBe('near in harmony');
  });

  it('shows only what the filters ask for, and says so where there is nothing', async () => {
    const page = await openPlayer();
    await page.getByRole('combobox', { name: 'Genre' }).selectOption('Folk');
    await eventually(async () => new Set(await genres(page))).toEqual(new Set(['Folk']));
    await page.getByRole('combobox', { name: 'Length' }).selectOption('From 10 min');
    await page.locator('#neighbours .empty', { hasText: 'these filters' }).waitFor();
    await page.getByRole('combobox', { name: 'Length' }).selectOption('Length');
    await neighbours(page).first().waitFor();
  });

  it('takes more seeds, shown as chips that take them out again', async () => {
    const page = await openPlayer();
    const nearest = () => neighbours(page).first().locator('.title').textContent();
    const alone = await nearest();
    await chooseFromMenu(page, 30, 'Find what sounds like this, too');
    const chips = page.locator('#neighbours .seeds li');
    await expect.poll(() => chips.count()).toBe(1);
    await eventually(nearest).not.toBe(alone);
    await capture(page, 'sounds-alike');
    await chips.getByRole('button').click();
    await eventually(nearest).toBe(alone);
    expect(await page.locator('#neighbours .seeds').isVisible()).toBe(false);
  });

  it('plays on without end, and keeps the switch', async () => {
    const page = await openPlayer();
    await page.getByRole('checkbox', { name: 'Endless play' }).check();
    // A list of one track, so that nothing follows it but what endless play adds.
    await page.getByRole('searchbox', { name: 'Search the library' }).fill('Paper Lanterns 3');
    await page.locator('#library .track').nth(0).getByText('Paper Lanterns 3').waitFor();
    await eventually(() => page.locator('#library .track').count()).toBe(1);
    await page.locator('#library .track').click();
    const title = () => page.locator('#player .title').textContent();
    await eventually(title).toBe('Paper Lanterns 3');
    const heard = new Set<string | null>();
    for (let i = 0; i < 4; i++) {
      const before = await title();
      heard.add(before);
      await eventually(() => page.locator('#queue .tracks > li').count()).toBe(i + 2);
      await page.locator('#player').getByRole('button', { name: 'Next track', exact: true }).click();
      await eventually(title).not.toBe(before);
    }
    expect(heard.size).toBe(4);
    await page.reload();
    await expect.poll(() => page.getByRole('checkbox', { name: 'Endless play' }).isChecked()).toBe(true);
    // What was heard before the reload is not chosen again, also where the queue no longer tells of it.
    await eventually(title).not.toBe('Nothing is playing');
    heard.add(await title());
    await page.getByRole('button', { name: 'Queue', exact: true }).click();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    for (let i = 0; i < 3; i++) {
      const before = await title();
      await eventually(() => page.locator('#queue .tracks > li').count()).toBe(i + 2);
      await page.locator('#player').getByRole('button', { name: 'Next track', exact: true }).click();
      await eventually(title).not.toBe(before);
      heard.add(await title());
    }
    expect(heard.size).toBe(8);
  });
});

describe('the path', () => {
  it('leads from the track that plays to one that is searched for, and is played', async () => {
    const page = await openPlayer();
    await page.getByRole('button', { name: 'Path', exact: true }).click();
    await page.getByRole('searchbox', { name: 'To' }).fill('Static Bloom 4');
    await page.locator('#path [data-part=offers] .track').first().click();
    const steps = page.locator('#path [data-part=tracks] .track');
    await eventually(() => steps.count()).toBe(9);
    await page.getByRole('combobox', { name: 'In' }).selectOption('5 steps');
    await eventually(() => steps.count()).toBe(6);
    expect(await steps.last().locator('.title').textContent()).toBe('Static Bloom 4');
    await capture(page, 'path');
    await page.getByRole('button', { name: 'Play it' }).click();
    // The first plays already; the others follow.
    await page.locator('#player').getByRole('button', { name: 'Next track', exact: true }).click();
    await eventually(() => page.locator('#player .title').textContent()).toBe(
      await steps.nth(1).locator('.title').textContent(),
    );
  });

  it('is found from the menu of a row, and on a phone', async () => {
    const page = await openPlayer();
    await page.setViewportSize(PHONE);
    await page.getByRole('button', { name: 'Library' }).click();
    await chooseFromMenu(page, 20, 'Find a path to it');
    await page.locator('#path [data-part=tracks] .track').first().waitFor();
    expect(await overflowsSideways(page)).toBe(false);
    await page.getByRole('button', { name: 'Sounds alike' }).click();
    await neighbours(page).first().waitFor();
    expect(await overflowsSideways(page)).toBe(false);
  });
});
