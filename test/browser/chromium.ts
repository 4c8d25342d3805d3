import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const EXECUTABLE = '/usr/bin/chromium';

/** A folder for pictures of the pages, for people to look at. Without it none are taken. */
const { TEST_PICTURES } = process.env;

const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

const SIZES = { desktop: DESKTOP, phone: PHONE };
export type Size = keyof typeof SIZES;
const ALL_SIZES = Object.keys(SIZES) as Size[];

/** A page, with what went wrong on it. */
export interface WatchedPage {
  page: Page;
  /** Errors of the console, among them refusals by the content security policy, and uncaught exceptions. */
  faults: string[];
  /** Requests that a server answered and that went to another origin than the page's first. */
  foreign: string[];
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--mute-audio',
    ],
  });
}

/** Cookies as `BrowserContext.cookies` gives them. */
export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** Opens an address in a fresh profile, or in one that has cookies already. A phone is touched. */
export async function openPage(
  browser: Browser,
  url: string,
  cookies: Cookies = [],
  size: Size = 'desktop',
): Promise<WatchedPage> {
  const touched = size === 'phone' && { isMobile: true, hasTouch: true };
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: 'light', ...touched });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const faults: string[] = [];
  const foreign: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    const { origin, protocol } = new URL(response.url());
    if (protocol.startsWith('http') && origin !== new URL(url).origin) foreign.push(response.url());
  });
  await page.goto(url);
  return { page, faults, foreign };
}

/** Shows a page wide and narrow, light and dark, one after the other, and then again as at first. */
export async function inEachLook(
  page: Page,
  look: (name: string) => Promise<void>,
  sizes: readonly Size[] = ALL_SIZES,
): Promise<void> {
  const before = page.viewportSize() ?? DESKTOP;
  for (const size of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme });
      await look(`${size}-${colorScheme}`);
    }
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Takes pictures of a page, wide and narrow, light and dark, where `TEST_PICTURES` names a folder for them. */
export async function capture(page: Page, name: string, sizes?: readonly Size[]): Promise<void> {
  if (!TEST_PICTURES) return;
  const picture = async (look: string) => {
    await page.screenshot({ path: join(TEST_PICTURES, `${name}-${look}.png`), fullPage: true });
  };
  await inEachLook(page, picture, sizes);
}

/** `expect.poll` with the patience that a browser on a busy machine needs. */
export const eventually = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 15_000 });

/** Whether something is wider than the window, so that the whole page would scroll sideways. */
export async function overflowsSideways(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}
