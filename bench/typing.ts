/**
 * From a key press in the search to the new list on the screen, in Chromium, over a large collection.
 *
 *     npm run build && npx tsx bench/typing.ts DATA_DIR
 *
 * DATA_DIR as bench/large-collection.ts makes it. Words are typed letter by letter, a letter each 150 ms, as a fast typist
 * does; and the library is put in order and gone through page by page. A time ends with the frame after the one that draws
 * the change of the list, as bench/live-recommendations.ts has it. Beside it: what the page's own thread computes for it.
 * Prints a table, then JSON.
 */
import type { Page } from 'playwright-core';
import { launchChromium, openPage } from '../test/browser/chromium.ts';
import { startWatchedDashboard } from './dashboard/watched-dashboard.ts';

const QUERIES = [
  'snow road',
  'lantern',
  'the silent garden',
  'mara dahl',
  'bergen',
  'electronic wolf',
  'live in porto',
];
/** Milliseconds between two key presses. */
const PAUSE = 150;

/** Notes when what is done is over: `drawn` is a promise of the milliseconds since `begin`. */
const WATCH = `(() => {
  const list = document.querySelector('#library .tracks');
  const text = () => list.textContent + document.querySelector('#library [data-part=count]').textContent;
  globalThis.watch = (act, patience) => {
    const before = text();
    const begin = performance.now();
    globalThis.drawn = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (text() === before) return;
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
      });
      observer.observe(document.querySelector('#library'), { childList: true, characterData: true, subtree: true });
      // Some letters change nothing: the list is then on the screen as it is.
      setTimeout(() => { observer.disconnect(); resolve(null); }, patience);
    });
    act();
  };
})()`;

/** Processor time of the dashboard and of the page's thread, in milliseconds. */
interface Busy {
  dashboard: number;
  all: number;
  script: number;
  layout: number;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds until the list has changed; null where it did not. */
async function timed(page: Page, act: string, patience: number): Promise<number | null> {
  await page.evaluate(`watch(() => { ${act} }, ${patience})`);
  const ms = await page.evaluate<number | null>('drawn');
  await sleep(PAUSE);
  return ms;
}

/** Types a letter into the search. */
const typing = (letter: string) =>
  `const search = document.querySelector('#search'); search.focus(); document.execCommand('insertText', false, ${JSON.stringify(letter)});`;

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('which data folder? npx tsx bench/typing.ts DATA_DIR');
const dashboard = await startWatchedDashboard(dataDir);
const browser = await launchChromium();
const { page } = await openPage(browser, dashboard.address);
await page.locator('#library .track').first().waitFor();
await page.evaluate(WATCH);
const session = await page.context().newCDPSession(page);
// Processor time of the thread: others on the machine do not count.
await session.send('Performance.enable', { timeDomain: 'threadTicks' });
/** Milliseconds of processor time that the page's thread has taken until now, and for what. */
async function busy(): Promise<Busy> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => 1000 * metrics.find((metric) => metric.name === name)!.value;
  return {
    dashboard: (await dashboard.loop()).processor,
    all: of('TaskDuration'),
    script: of('ScriptDuration'),
    layout: of('LayoutDuration') + of('RecalcStyleDuration'),
  };
}

const times: Record<string, { times: number[]; busy: Busy }> = {};
async function measure(what: string, acts: string[], patience = 800): Promise<void> {
  const before = await busy();
  const all: number[] = [];
  for (const act of acts) {
    const ms = await timed(page, act, patience);
    if (ms !== null) all.push(ms);
  }
  const after = await busy();
  const entry = times[what] ?? { times: [], busy: { dashboard: 0, all: 0, script: 0, layout: 0 } };
  entry.times.push(...all);
  for (const part of ['dashboard', 'all', 'script', 'layout'] as const)
    entry.busy[part] += after[part] - before[part];
  times[what] = entry;
}

const clear = () =>
  page.evaluate(
    `(() => { const s = document.querySelector('#search'); s.value = ''; s.dispatchEvent(new Event('input')); })()`,
  );
for (const query of ['warm up', ...QUERIES]) {
  await measure(query === 'warm up' ? query : 'a letter', [...query].map(typing));
  await clear();
  await sleep(500);
}
const next = `document.querySelector('#library [data-part=next]').click();`;
await measure(
  'the next page',
  Array.from({ length: 20 }, () => next),
);
const choose = (name: string, value: string) =>
  `const s = document.querySelector('#library-choices [name=${name}]'); s.value = '${value}'; s.dispatchEvent(new Event('change', { bubbles: true }));`;
const orders = ['title', 'artist', 'album', 'genre', 'tempo', 'seconds'];
await measure(
  'an order, for the first time',
  orders.map((order) => choose('sort', order)),
  4000,
);
await measure(
  'an order, again',
  orders.map((order) => choose('sort', order)),
);
const tempi = ['0-90', '90-120', '120-150', '150-1000'];
await measure(
  'a filter',
  tempi.map((range) => choose('tempo', range)),
);
await browser.close();
await dashboard.stop();

const quantile = (values: number[], share: number) =>
  Math.round(values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!);
const rows = Object.entries(times)
  .filter(([what]) => what !== 'warm up')
  .map(([what, { times: all, busy: total }]) => ({
    what,
    times: all.length,
    'median, ms': quantile(all, 0.5),
    'p90, ms': quantile(all, 0.9),
    'most, ms': quantile(all, 1),
    'dashboard, ms each': Math.round(total.dashboard / all.length),
    "page's thread, ms each": Math.round(total.all / all.length),
    'of that script': Math.round(total.script / all.length),
    'style and layout': Math.round(total.layout / all.length),
  }));
console.table(rows);
console.log(JSON.stringify(rows));
