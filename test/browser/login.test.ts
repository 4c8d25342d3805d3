import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hashPassword } from '../../src/credentials/password.ts';
import { listen } from '../../src/dashboard/server.ts';
import { startDashboard, type TestDashboard } from '../dashboard/fakes.ts';
import { expectAccessible } from './accessible.ts';
import { capture, eventually, launchChromium, openPage, overflowsSideways, PHONE } from './chromium.ts';

const PASSWORD = 'correct horse battery';

let browser: Browser;
/** Open to others, so that every page needs a login. */
let dashboard: TestDashboard;

beforeAll(async () => {
  dashboard = await startDashboard({}, { HOST: '0.0.0.0', ADMIN_PASSWORD: PASSWORD });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
});

/** Opens a page, and checks in the end that no request failed there, but `some` that a login would have allowed. */
async function open(
  path: string,
  { address }: TestDashboard = dashboard,
  refused: 'none' | 'some' = 'none',
): Promise<Page> {
  const { page, faults, foreign } = await openPage(browser, `${address}${path}`);
  onTestFinished(async () => {
    await page.context().close();
    expect(faults.filter((fault) => !/status of 40[13]/.test(fault))).toEqual([]);
    expect(faults.length > 0).toBe(refused === 'some');
    expect(foreign).toEqual([]);
  });
  return page;
}

async function logIn(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

describe('the login', () => {
  it('stands before every page, and leads on to it', async () => {
    const page = await open('/runs?from=a%20link', dashboard, 'some');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await capture(page, 'login');
    await logIn(page, 'not the password');
    await page.getByRole('alert').getByText('the password is wrong').waitFor();
    await logIn(page);
    await page.waitForURL(`${dashboard.address}/runs?from=a%20link`);
    await page.getByText('No run yet').waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');

    await page.goto(`${dashboard.address}/login`);
    await page.getByText('You are logged in').waitFor();
    await capture(page, 'logged-in');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Password').waitFor();
    await page.goto(`${dashboard.address}/runs`);
    await page.waitForURL('**/login?next=%2Fruns');
  });

  it('comes in place of a page whose session has ended', async () => {
    const page = await open('/login', dashboard, 'some');
    await logIn(page);
    await page.getByText('120 tracks').waitFor();
    await page.evaluate("fetch('/api/session', {method: 'DELETE'})");
    await page.keyboard.press('/');
    await page.keyboard.type('tide');
    await page.waitForURL('**/login?next=%2F');
  });

  it.each([
    'http://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:document.title=1',
    '\t//evil.example',
  ])('does not lead to %j', async (next) => {
    const page = await open(`/login?next=${encodeURIComponent(next)}`);
    await logIn(page);
    await page.getByText('120 tracks').waitFor();
    expect(new URL(page.url()).origin).toBe(new URL(dashboard.address).origin);
  });

  it('lets no page of another port write, to which the cookie goes along', async () => {
    const form = `<form method="post" action="${dashboard.address}/queues/api/queues/pause"><button>Win`;
    const evil = await listen(
      express().get('/', (_request, response) => response.send(form)),
      '127.0.0.1',
      0,
    );
    onTestFinished(() => evil.close());
    const { page } = await openPage(browser, `${dashboard.address}/login`);
    onTestFinished(() => page.context().close());
    await logIn(page);
    await page.getByText('120 tracks').waitFor();
    await page.goto(evil.address);
    const [request] = await Promise.all([
      page.waitForRequest('**/queues/api/queues/pause'),
      page.getByRole('button').click(),
    ]);
    expect((await request.allHeaders()).cookie).toContain('soundalike_session=');
    await page.getByText('REQUEST_REFUSED').waitFor();
  });

  it('says that there is none where no password is set', async () => {
    const off = await startDashboard();
    onTestFinished(() => off.close());
    const page = await open('/login', off);
    await page.getByText('No password is set').waitFor();
    expect(await page.getByLabel('Password').isVisible()).toBe(false);
  });
});

describe('a listener', () => {
  it('logs in by a name, has the player and no administration, and leaves nothing behind', async () => {
    const LISTENERS = `ada:${await hashPassword('sesame open wide')}`;
    const open = await startDashboard({}, { HOST: '0.0.0.0', ADMIN_PASSWORD: PASSWORD, LISTENERS });
    onTestFinished(() => open.close());
    const { page, faults } = await openPage(browser, open.address);
    onTestFinished(() => page.context().close());
    await page.getByText('The administrator leaves the name empty').waitFor();
    await expectAccessible(page);
    await capture(page, 'login-names');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('sesame open wide');
    await page.keyboard.press('Enter');
    await page.locator('#library .track').first().click();
    await page.locator('body[data-state=playing]').waitFor();
    await page.getByRole('link', { name: 'Logged in as ada: log out' }).waitFor();
    const pages = page.getByRole('navigation', { name: 'Pages', exact: true });
    expect(await pages.getByRole('link').count()).toBe(1);
    await expectAccessible(page);
    await capture(page, 'player-of-ada');
    expect(faults).toEqual([]);

    await page.goto(`${open.address}/runs`);
    await page.getByText('this is for the administrator').waitFor();
    await expectAccessible(page);
    await capture(page, 'not-for-ada');

    await page.goto(open.address);
    await page.getByRole('link', { name: 'Logged in as ada: log out' }).click();
    await page.getByText('You are logged in as ada').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Name').waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Runs' }).waitFor();
    await page.locator('#player').getByText('Nothing is playing').waitFor();
  });
});

describe('the page of the API', () => {
  it('can be read on every screen', async () => {
    const local = await startDashboard();
    onTestFinished(() => local.close());
    const page = await open('/api/docs', local);
    await page.getByRole('link', { name: '/api/tracks/{id}/similar' }).click();
    await eventually(async () => new URL(page.url()).hash).toBe('#listSimilarTracks');
    await capture(page, 'api-page');
    await page.setViewportSize(PHONE);
    expect(await overflowsSideways(page)).toBe(false);
  });
});
