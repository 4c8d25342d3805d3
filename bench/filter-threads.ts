/**
 * How late the event loop is while threads find the rows of filters that were not asked for before, and search them.
 *
 *     npx tsx bench/filter-threads.ts ROWS DIMENSION FOLDER [ROWS DIMENSION FOLDER ...]
 *
 * FOLDER as bench/opening.ts has it. Two threads; requests one after the other, a millisecond's pause between two. Beside
 * it an idle event loop, which other programs on the machine make late, too, and the same work on the calling thread.
 * Prints tables, then JSON.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { trackFilters } from '../src/recommend/track-filter.ts';
import { openSegmentAside } from '../src/search/open-segment-aside.ts';
import { createSearchPool, inlinePool, type SearchPool } from '../src/search/search-pool.ts';
import { listSegments } from '../src/search/segment-list.ts';
import { delaysWhile } from './event-loop-delays.ts';
import { openingSegment } from './opening-segment.ts';

const FILTERS = 60;
const pool = createSearchPool(2);
const given = process.argv.slice(2);
const results = [];
for (let at = 0; at < given.length; at += 3) {
  const [rows, dimension, folder] = [Number(given[at]), Number(given[at + 1]), given[at + 2]!];
  const segment = await openSegmentAside(openingSegment(folder, rows, dimension), pool);
  const { header, vectors, lsh, tree } = segment;
  const list = listSegments([{ segment }]);

  /** Milliseconds that filter and search take, in the middle. */
  let middle = 0;
  const ask = async (where: SearchPool) => {
    const target = { header, vectors, lsh, tree };
    const filters = trackFilters([{ segment, rows: null }], list, where);
    const times: number[] = [];
    for (let i = 0; i < FILTERS; i++) {
      const begun = performance.now();
      const accept = await filters.rowsOf({ genre: ['Rock'], excludeArtists: [`the low ${i}`] });
      const query = list.vector(i * 97).slice();
      await where.run('searchSegment', target, query, { k: 10, method: 'tree', accept: accept! });
      times.push(performance.now() - begun);
      await pause(1);
    }
    middle = Number(times.toSorted((a, b) => a - b)[times.length >> 1]!.toFixed(1));
  };
  const delays = { 'nothing to do': await delaysWhile(() => pause(1500)) } as Record<string, object>;
  for (const [name, where] of Object.entries({ '2 threads': pool, 'calling thread': inlinePool })) {
    await ask(where);
    const delay = await delaysWhile(() => ask(where));
    delays[name] = { ...delay, 'ms a filter and search': middle };
  }
  console.log(`${rows} × ${dimension}; milliseconds that the event loop is late:`);
  console.table(delays);
  results.push({ rows, dimension, delays });
}
await pool.close();
console.log(JSON.stringify(results));
