/**
 * From a click on a heart to the new list on the screen, in Chromium: on the page of the click, and on the same
 * listener's page in another browser. Once with one dashboard process and all embedded, once with two processes on a
 * Redis and a MongoDB server (test/support), a browser at each.
 *
 *     npm run build && npx tsx bench/live-recommendations.ts DATA_DIR
 *
 * DATA_DIR has an index, such as data/demo/store after `npm run demo -- --no-serve`. The time of a click ends with the
 * frame after the one that draws the list's change. Prints a table, then JSON.
 */
import type { Page } from 'playwright-core';
import { launchChromium, openPage } from '../test/browser/chromium.ts';
import { type Started, startCli } from '../test/support/cli.ts';
import { startMongo } from '../test/support/mongodb.ts';
import { startRedis } from '../test/support/redis.ts';

const CLICKS = 50;
/** Before those that count. */
const WARM_UP = 6;
/** Milliseconds between two clicks. */
const PAUSE = 300;

/** Leaves a promise of the time, in milliseconds since 1970, at which the list that changes next is on the screen. */
const WATCH = `globalThis.drawn = new Promise((resolve) => {
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
  });
  const change = { childList: true, characterData: true, subtree: true };
  observer.observe(document.querySelector('#for-you .tracks'), change);
}); 0`;

const press = (place: number) => `(() => {
  document.querySelectorAll('#library [data-part=like]')[${place}].click();
  return performance.timeOrigin + performance.now();
})()`;

async function openForYou(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'For you' }).click();
  await page.locator('#for-you .track').first().waitFor();
}

/** Milliseconds of each click, by page. */
async function measure(addresses: string[]): Promise<Record<string, number[]>> {
  const browsers = await Promise.all([launchChromium(), launchChromium()]);
  const { page: one } = await openPage(browsers[0]!, addresses[0]!);
  const cookies = await one.context().cookies();
  const { page: other } = await openPage(browsers[1]!, addresses.at(-1)!, cookies);
  await Promise.all([openForYou(one), openForYou(other)]);
  const times: Record<string, number[]> = { 'the page of the click': [], 'the other browser': [] };
  for (let click = -WARM_UP; click < CLICKS; click++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    // Each track is liked, and then no longer liked.
    const track = Math.floor((click + WARM_UP) / 2) % 25;
    await Promise.all([one, other].map((page) => page.evaluate(WATCH)));
    const start = await one.evaluate<number>(press(track));
    const ends = await Promise.all([one, other].map((page) => page.evaluate<number>('drawn')));
    if (click < 0) continue;
    Object.values(times).forEach((list, i) => {
      list.push(ends[i]! - start);
    });
  }
  await Promise.all(browsers.map((browser) => browser.close()));
  return times;
}

async function withDashboards<Result>(
  env: Record<string, string>,
  count: number,
  use: (addresses: string[]) => Promise<Result>,
): Promise<Result> {
  const started: Started[] = [];
  const addresses: string[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const dashboard = startCli(['dashboard', '--port', '0'], env);
      started.push(dashboard);
      addresses.push((await dashboard.saw(/dashboard: (http:\/\/\S+)/))[1]!);
    }
    return await use(addresses);
  } finally {
    for (const { child } of started) child.kill('SIGTERM');
    await Promise.all(started.map(({ finished }) => finished));
  }
}

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined)
  throw new Error('which data folder? npx tsx bench/live-recommendations.ts DATA_DIR');
const [redis, mongo] = await Promise.all([startRedis(), startMongo()]);
const servers = { DATA_DIR: dataDir, QUEUE_URL: redis.url, MONGODB_URL: mongo.url };
const measured = {
  'one process, embedded': await withDashboards({ DATA_DIR: dataDir }, 1, measure),
  'two processes, Redis and MongoDB': await withDashboards(servers, 2, measure),
};
await Promise.all([redis.stop(), mongo.stop()]);

const quantile = (times: number[], share: number) =>
  Math.round(times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1]!);
const rows = Object.entries(measured).flatMap(([dashboards, pages]) =>
  Object.entries(pages).map(([page, times]) => ({
    dashboards,
    page,
    clicks: times.length,
    'median, ms': quantile(times, 0.5),
    'p90, ms': quantile(times, 0.9),
    'p99, ms': quantile(times, 0.99),
  })),
);
console.table(rows);
console.log(JSON.stringify(rows));
