import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { startDashboard, type TestDashboard } from '../dashboard/fakes.ts';
import { launchChromium, openPage } from './chromium.ts';

/**
 * A dashboard and a browser for the tests of a file.
 *
 * @returns What opens the player in a fresh profile, as `openWatched` does, and waits for its tracks.
 */
export function playerOfFile(): () => Promise<Page> {
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
  return async () => {
    const page = await openWatched(browser, dashboard.address);
    await page.locator('#library .track').first().waitFor();
    return page;
  };
}

/** Opens a page for one test, which then ends with no fault on it and nothing asked of another host. */
export async function openWatched(browser: Browser, address: string): Promise<Page> {
  const watched = await openPage(browser, address);
  onTestFinished(async () => {
    await watched.page.context().close();
    expect(watched.faults).toEqual([]);
    expect(watched.foreign).toEqual([]);
  });
  return watched.page;
}

/** Chooses from the menu of a row of the library. */
export async function chooseFromMenu(page: Page, row: number, action: string): Promise<void> {
  await page.locator('#library .track').nth(row).hover();
  await page.locator('#library .more').nth(row).click();
  await page.getByRole('menuitem', { name: action }).click();
}
