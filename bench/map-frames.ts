/**
 * The map of a large collection in Chromium: its transfer, and what a frame costs while it is moved and zoomed.
 *
 *     npm run build && npx tsx bench/map-frames.ts DATA_DIR
 *
 * DATA_DIR as bench/large-collection.ts makes it. `script` is the time of our own JavaScript in a frame, all of it within
 * requestAnimationFrame, and of a move of the mouse; `draw` is how long the points then take to be drawn, by a frame that
 * waits for it (readPixels): without a graphics card by SwiftShader, on the processor. `pick` finds the point below the
 * mouse by the grid, checked against a look at all points. Prints a table, then JSON.
 */
import type { Page } from 'playwright-core';
import { launchChromium, openPage } from '../test/browser/chromium.ts';
import { startWatchedDashboard } from './dashboard/watched-dashboard.ts';

const MOVES = 120;

/** Times what the page asks for by requestAnimationFrame, and the handlers of the mouse. */
const TIME_FRAMES = `
  globalThis.frames = [];
  globalThis.handled = [];
  const ask = requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (draw) => ask((time) => {
    const begin = performance.now();
    draw(time);
    frames.push(performance.now() - begin);
  });
  for (const type of ['pointermove', 'wheel']) {
    let begin = 0;
    addEventListener(type, () => { begin = performance.now(); }, { capture: true });
    addEventListener(type, () => handled.push(performance.now() - begin));
  }
`;

/** Picks by the grid at many places, and by all points at some of them. */
const PICK = `(async () => {
  const { decodePoints } = await import('/assets/map-points.js');
  const { createGrid } = await import('/assets/map-grid.js');
  const bytes = await (await fetch('/api/map/points')).arrayBuffer();
  const times = {};
  const timed = (name, work) => {
    const begin = performance.now();
    const result = work();
    times[name] = performance.now() - begin;
    return result;
  };
  const { places } = timed('decode', () => decodePoints(bytes));
  const near = timed('grid', () => createGrid(places));
  const radius = 14 / 700;
  // Near a point each, by a step that has no divisor in common with their number.
  const spots = Array.from({ length: 2000 }, (_, i) => {
    const point = (i * 7919) % (places.length / 2);
    return [places[2 * point] / 65535 + 0.001, places[2 * point + 1] / 65535 - 0.001];
  });
  timed('picks', () => spots.map(([x, y]) => near(x, y, radius, () => true)));
  const each = [];
  const found = spots.map(([x, y]) => {
    const begin = performance.now();
    const point = near(x, y, radius, () => true);
    each.push(performance.now() - begin);
    return point;
  });
  const square = (point, x, y) => (places[2 * point] - 65535 * x) ** 2 + (places[2 * point + 1] - 65535 * y) ** 2;
  const wrong = spots.slice(0, 100).filter(([x, y], i) => {
    let least = Infinity;
    for (let point = 0; point < places.length / 2; point++) least = Math.min(least, square(point, x, y));
    return square(found[i], x, y) !== least;
  });
  return { bytes: bytes.byteLength, ...times, pick: times.picks / spots.length, most: Math.max(...each), wrong: wrong.length };
})()`;

/** Milliseconds to draw the points anew and wait for it. */
const DRAW = `new Promise((resolve) => {
  const stage = document.querySelector('#map [data-part=stage]');
  const gl = stage.querySelector('canvas').getContext('webgl2');
  stage.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
  requestAnimationFrame(() => {
    const begin = performance.now();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    resolve(performance.now() - begin);
  });
})`;

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('which data folder? npx tsx bench/map-frames.ts DATA_DIR');
const quantile = (values: number[], share: number) =>
  Number(values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!.toFixed(2));

const dashboard = await startWatchedDashboard(dataDir);
// Made once for an index, so that the transfer alone is measured.
await (await fetch(`${dashboard.address}/api/map/points`)).arrayBuffer();
const transferBegin = performance.now();
await (await fetch(`${dashboard.address}/api/map/points`)).arrayBuffer();
const transfer = performance.now() - transferBegin;
const headers = { Accept: 'application/vnd.apache.arrow.stream' };
const page10k = await fetch(`${dashboard.address}/api/map?limit=10000`, { headers });
const arrowBytes = (await page10k.arrayBuffer()).byteLength;

const browser = await launchChromium();
const { page } = await openPage(browser, dashboard.address);
await page.locator('#library .track').first().waitFor();
await page.evaluate(TIME_FRAMES);
const shownBegin = performance.now();
await page.getByRole('button', { name: 'Map', exact: true }).click();
await page.locator('#map .map-legend button').first().waitFor();
const shown = performance.now() - shownBegin;
const box = (await page.locator('#map [data-part=stage]').boundingBox())!;
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];

/** What frames and handlers cost while something is done. */
async function watch(page: Page, act: () => Promise<void>) {
  await page.evaluate('frames.length = handled.length = 0');
  await act();
  const { frames, handled } = await page.evaluate<{ frames: number[]; handled: number[] }>(
    '({ frames, handled })',
  );
  const draws = [];
  for (let i = 0; i < 20; i++) draws.push(await page.evaluate<number>(DRAW));
  return {
    frames: frames.length,
    'script of a frame, median ms': quantile(frames, 0.5),
    'p99, ms': quantile(frames, 0.99),
    'of a move, p99 ms': quantile(handled, 0.99),
    'draw, median ms': quantile(draws, 0.5),
  };
}

const moves = {
  'hovering, whole picture': await watch(page, async () => {
    for (let i = 0; i < MOVES; i++) await page.mouse.move(x + 3 * (i - MOVES / 2), y + (i % 7));
  }),
  zooming: await watch(page, async () => {
    await page.mouse.move(x, y);
    for (let i = 0; i < MOVES; i++) await page.mouse.wheel(0, i < MOVES / 2 ? -60 : 60);
  }),
  'panning, three times as close': await watch(page, async () => {
    for (let i = 0; i < 10; i++) await page.mouse.wheel(0, -70);
    await page.mouse.down();
    for (let i = 0; i < MOVES; i++) await page.mouse.move(x + 2 * (i % 60), y + (i % 60));
    await page.mouse.up();
  }),
};
const picking = await page.evaluate<Record<string, number>>(PICK);
await browser.close();
await dashboard.stop();

const once = {
  'bytes of all points': picking.bytes!,
  'bytes of 10,000 points as Arrow': arrowBytes,
  'transfer, ms': Math.round(transfer),
  'from the press to the picture, ms': Math.round(shown),
  'decoded, ms': Math.round(picking.decode!),
  'grid made, ms': Math.round(picking.grid!),
  'pick, us': Math.round(1000 * picking.pick!),
  'longest pick, ms': Number(picking.most!.toFixed(2)),
  'wrong of 100 picks': picking.wrong!,
};
console.table(once);
console.table(moves);
console.log(JSON.stringify({ once, moves }));
