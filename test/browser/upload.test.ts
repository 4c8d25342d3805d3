import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import { fakeUploads, startDashboard, type TestDashboard } from '../dashboard/fakes.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';
import { sineWav } from '../support/wav.ts';
import { capture, eventually, launchChromium, openPage, overflowsSideways, PHONE } from './chromium.ts';

const PASSWORD = 'correct horse battery';

/** Markup, where a name is put into the page as anything else than text. */
const NAME = 'b-side <img src=x onerror=alert(1)>.wav';

let browser: Browser;
let dashboard: TestDashboard;
let folder: string;
/** Lets a test's analysis end, also one that is yet to begin: the page says that it listens as soon as all is sent. */
let release: () => void;
let released: Promise<void>;

beforeAll(async () => {
  const settings = { ADMIN_PASSWORD: PASSWORD, API_TOKENS: `robot:${hashSecret(newSecret())}` };
  folder = await suiteFolder();
  const uploads = fakeUploads(folder);
  dashboard = await startDashboard(
    {
      uploads: {
        ...uploads,
        async analyse(...given) {
          await released;
          return uploads.analyse(...given);
        },
      },
    },
    settings,
  );
  browser = await launchChromium();
});

beforeEach(() => {
  released = new Promise((resolve) => {
    release = resolve;
  });
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
  if (folder) await removeFolder(folder);
});

async function openPlayer(): Promise<{ page: Page; faults: string[] }> {
  const watched = await openPage(browser, dashboard.address);
  onTestFinished(async () => {
    await watched.page.context().close();
    expect(watched.foreign).toEqual([]);
  });
  return watched;
}

async function fileOf(content: Buffer): Promise<string> {
  const file = join(await temporaryFolder(), NAME);
  await writeFile(file, content);
  return file;
}

const results = (page: Page) => page.locator('#upload .track');
const state = (page: Page) => page.locator('#upload [data-part=state]');

describe('finding by a file', () => {
  it('shows its progress and what sounds like it, lets it be heard, and ends', async () => {
    const { page, faults } = await openPlayer();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Find by file' }).click();
    await (await chooser).setFiles(await fileOf(sineWav(12, 220)));
    await eventually(() => state(page).textContent()).toBe('Listening…');
    expect(await page.getByRole('heading', { name: NAME }).count()).toBe(1);
    await capture(page, 'upload-listening');
    release();
    await eventually(() => results(page).count()).toBe(20);
    expect(await page.getByText('Play a track to see').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'Keep the file' }).isVisible()).toBe(false);
    await capture(page, 'upload');

    await page.getByRole('button', { name: 'Hear it' }).click();
    await page.getByRole('button', { name: 'Pause', pressed: true }).waitFor();
    await results(page).first().click();
    await page.locator('body[data-state=playing]').waitFor();
    await page.getByRole('button', { name: 'Hear it' }).waitFor();
    expect(await results(page).count()).toBe(20);

    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#upload').isVisible()).toBe(false);
    expect(await page.locator('#neighbours .seed').first().isVisible()).toBe(true);
    expect(faults).toEqual([]);
  });

  it('takes a file dropped anywhere, and says why it cannot be used', async () => {
    const { page } = await openPlayer();
    const data = await page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['no audio'], 'notes.mp3', { type: 'audio/mpeg' }));
      return data;
    })()`);
    await page.dispatchEvent('#library', 'dragenter', { dataTransfer: data });
    await page.getByText('Drop an audio file').waitFor();
    await capture(page, 'upload-drop');
    await page.dispatchEvent('#library', 'drop', { dataTransfer: data });
    expect(await page.getByText('Drop an audio file').isVisible()).toBe(false);
    await eventually(() => state(page).textContent()).toBe('Listening…');
    release();
    await eventually(() => state(page).textContent()).toContain('the content is of no known format');
    await page.getByText('This browser cannot play it').waitFor();
    await capture(page, 'upload-refused');
    await page.locator('#library .track').first().click();
    expect(await page.locator('#upload').isVisible()).toBe(false);
  });

  it('lets the administrator keep the file', async () => {
    const { page } = await openPlayer();
    await page.request.post(`${dashboard.address}/api/session`, { data: { password: PASSWORD } });
    await page.locator('#file').setInputFiles(await fileOf(sineWav(1, 330)));
    await eventually(() => state(page).textContent()).toBe('Listening…');
    release();
    await page.getByRole('button', { name: 'Keep the file' }).click();
    await eventually(() => state(page).textContent()).toContain('Kept.');
    expect(await page.getByRole('button', { name: 'Keep the file' }).isVisible()).toBe(false);
  });

  it('fits a phone', async () => {
    const { page } = await openPlayer();
    await page.setViewportSize(PHONE);
    await page.locator('#file').setInputFiles(await fileOf(sineWav(1, 330)));
    await eventually(() => state(page).textContent()).toBe('Listening…');
    release();
    await eventually(() => results(page).count()).toBe(20);
    expect(await results(page).first().isVisible()).toBe(true);
    expect(await overflowsSideways(page)).toBe(false);
  });
});
