import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  fakeCollection,
  fakeRun,
  fakeTracks,
  startDashboard,
  type TestDashboard,
} from '../dashboard/fakes.ts';
import { sineWav } from '../support/wav.ts';
import { expectAccessible, expectTouchable } from './accessible.ts';
import { capture, launchChromium, openPage, PHONE } from './chromium.ts';
import { chooseFromMenu } from './player.ts';

const PASSWORD = 'correct horse battery';

let browser: Browser;
let dashboard: TestDashboard;

beforeAll(async () => {
  const run = fakeRun('run-a', 0.4);
  // Few, as axe-core looks at each row.
  const collection = fakeCollection(fakeTracks(24), () => join(dashboard.folder, 'a tone & 50 % more.wav'));
  dashboard = await startDashboard(
    {
      listRuns: async () => [run, fakeRun('run-b', 1)],
      runStatus: async () => run,
      collection: async () => collection,
    },
    { ADMIN_PASSWORD: PASSWORD },
  );
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
});

async function open(path: string): Promise<Page> {
  const { page } = await openPage(browser, `${dashboard.address}${path}`);
  onTestFinished(() => page.context().close());
  return page;
}

/** Each view of the player, and how one comes to it from the view before. */
const VIEWS: Record<string, (page: Page) => Promise<unknown>> = {
  'nothing that plays': (page) => page.locator('#library .track').first().waitFor(),
  'a library that is sorted': async (page) => {
    await page.getByRole('button', { name: 'Sort and filter' }).click();
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('By title');
  },
  'an empty queue': (page) => view(page, 'queue'),
  'no path': (page) => view(page, 'path'),
  'no playlists': (page) => view(page, 'playlists'),
  'a search that finds nothing': async (page) => {
    await page.getByRole('searchbox', { name: 'Search the library' }).fill('zzz');
    await page.getByText('Nothing in the library matches').waitFor();
  },
  'what sounds alike': async (page) => {
    await page.getByRole('searchbox', { name: 'Search the library' }).fill('');
    await page.locator('#library .track').nth(23).waitFor();
    await page.locator('#library .track').nth(8).click();
    await view(page, 'neighbours');
    await page.locator('#neighbours .track').first().waitFor();
  },
  'several seeds': async (page) => {
    await chooseFromMenu(page, 1, 'Find what sounds like this, too');
    await page.locator('#neighbours .seeds li').waitFor();
  },
  'the menu of a track': async (page) => {
    await page.locator('#library .track').nth(2).hover();
    await page.locator('#library .more').nth(2).click();
  },
  'a path': async (page) => {
    await page.getByRole('menuitem', { name: 'Find a path to it' }).click();
    await page.locator('#path [data-part=tracks] .track').first().waitFor();
  },
  'the queue': (page) => view(page, 'queue'),
  recommendations: (page) => view(page, 'for-you'),
  'the map': async (page) => {
    await view(page, 'map');
    await page.locator('#map').getByText('24 tracks').waitFor();
  },
  'the choice of a playlist': (page) => page.locator('#queue').getByRole('button', { name: 'Save' }).click(),
  'the name of a playlist': (page) => page.getByRole('button', { name: 'New playlist' }).last().click(),
  'a playlist, and a notice': async (page) => {
    await page.getByRole('textbox', { name: 'Name' }).fill(`Evening, ${'and a name without end '.repeat(4)}`);
    await page.keyboard.press('Enter');
    await page.getByText('tracks added to “Evening').waitFor();
    await view(page, 'playlists');
    await page.locator('#playlists .heads button').click();
    await page.locator('#playlists .tracks .track').first().waitFor();
  },
  'the export of a playlist': (page) => page.getByRole('button', { name: 'Export' }).click(),
  'a spectrogram': async (page) => {
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Spectrogram' }).click();
    await page.locator('#spectrogram').waitFor();
  },
  'an upload': async (page) => {
    const file = { name: 'b-side.wav', mimeType: 'audio/wav', buffer: sineWav(1, 330) };
    await page.locator('#file').setInputFiles(file);
    await page.locator('#upload .track').first().waitFor();
  },
};

/** On a wide screen every view has a button; those of the other column come by way of it on a narrow one. */
const view = (page: Page, name: string) => page.locator(`.views [data-view=${name}]`).click();

describe('with axe-core, nothing serious', { timeout: 600_000 }, () => {
  it('in the player, whatever it shows; and everything is large enough for a finger', async () => {
    const page = await open('/');
    for (const [name, show] of Object.entries(VIEWS)) {
      await show(page);
      await expectAccessible(page);
      await page.setViewportSize(PHONE);
      await expectTouchable(page);
      await page.setViewportSize({ width: 1280, height: 800 });
      await capture(page, `view-${name.replaceAll(/\W+/g, '-')}`);
    }
  });

  it.each(['/login', '/runs', '/runs/run-a', '/api/docs', '/nothing'])('at %s', async (path) => {
    const page = await open(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectAccessible(page);
  });

  it('for the administrator', async () => {
    const page = await open('/login?next=/runs/run-a');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expectAccessible(page);
    await page.goto(`${dashboard.address}/login`);
    await page.getByText('You are logged in').waitFor();
    await expectAccessible(page);
  });
});

it('shows a person a page where there is nothing, and a program JSON', async () => {
  const page = await open('/<nothing>?a="b"');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await page.getByText('ROUTE_NOT_FOUND').waitFor();
  await capture(page, 'nothing-here');
  await page.getByRole('link', { name: 'To the player' }).click();
  await page.locator('#library .track').first().waitFor();
  const answer = await page.request.get(`${dashboard.address}/nothing`, { headers: { Accept: '*/*' } });
  expect((await answer.json()).error.code).toBe('ROUTE_NOT_FOUND');
});
