import { searchText } from '../dataset/search-fields.ts';
import type { TrackFilter } from '../search/meeting-rows.ts';
import { hasRow, joinRowSets, type RowSet, rowSetOf } from '../search/row-set.ts';
import type { SearchPool } from '../search/search-pool.ts';
import type { SegmentList } from '../search/segment-list.ts';
import type { OrderedBy, OrderedTracks, TrackOrder } from '../search/track-order.ts';
import type { OpenIndex } from '../store/open-index.ts';
import type { CollectionTrack } from './collection.ts';
import type { TrackFilters } from './track-filter.ts';

const LISTED = 50;

/** Which tracks to list, and in which order. */
export interface ListOptions {
  /** Words that title, artist, album or genre must contain. */
  query?: string;
  filter?: TrackFilter;
  /** By default the best matches come first (see `rowsWithWords`), and without a query the tracks are in the order of ids. */
  sort?: OrderedBy;
  /** The other way round; tracks of which nothing is known stay last. */
  descending?: boolean;
  /** Tracks to pass over. @defaultValue 0 */
  offset?: number;
  /** @defaultValue 50 */
  limit?: number;
}

/** Some of the tracks that were asked for, and how many there are of them in all. */
export interface ListedTracks {
  total: number;
  tracks: CollectionTrack[];
}

/**
 * Lists and searches the tracks of an index. All that takes longer than a millisecond or two is done by threads.
 *
 * @returns It throws SoundalikeError GENRE_UNKNOWN.
 */
export function trackLists(
  { segments, list }: Pick<OpenIndex, 'segments' | 'list'>,
  filters: TrackFilters,
  pool: SearchPool,
): (options: ListOptions) => Promise<ListedTracks> {
  const ordered: Record<string, OrderedTracks> = Object.fromEntries(
    segments.map(({ segment: { tracks } }, place) => {
      const { texts, ids, columns } = tracks;
      const { tempos, seconds } = columns;
      return [`segment${place}`, { texts, ids, tempos, seconds, first: list.rowAt(place, 0) }];
    }),
  );
  const orders = new Map<OrderedBy, Promise<TrackOrder>>();
  /** Made when it is first asked for. */
  const orderBy = (by: OrderedBy): Promise<TrackOrder> => {
    const found = orders.get(by) ?? pool.run('orderTracks', ordered, by);
    orders.set(by, found);
    found.catch(() => orders.delete(by));
    return found;
  };
  let live: RowSet | undefined;
  const allLive = () => {
    live ??= rowSetOf(list.end, list.isLive);
    return live;
  };
  /** What each segment may find. */
  const scattered = (accept: RowSet | undefined) =>
    list.scatter({ k: 1, method: 'exact', ...(accept && { accept }) }).map((search) => search.accept);

  /** Rows with all words, the best first. */
  async function ranked(words: string[], accept: RowSet | undefined, offset: number, limit: number) {
    const asked = scattered(accept);
    const whole = segments.length === 1;
    const found = await Promise.all(
      segments.map(({ segment: { tracks } }, place) =>
        pool.run(
          'rowsWithWords',
          tracks.texts,
          words,
          whole ? offset : 0,
          whole ? limit : offset + limit,
          asked[place],
        ),
      ),
    );
    const total = found.reduce((sum, part) => sum + part.total, 0);
    return { total, rows: whole ? found[0]!.rows : mergeRanked(found, list).slice(offset, offset + limit) };
  }

  /** The set of the rows with all words. */
  async function setWith(words: string[], accept: RowSet | undefined): Promise<RowSet> {
    const asked = scattered(accept);
    const found = await Promise.all(
      segments.map(({ segment: { tracks } }, place) =>
        pool.run('rowSetWithWords', tracks.texts, words, asked[place]),
      ),
    );
    if (found.length === 1) return found[0]!;
    return joinRowSets(
      list.end,
      found.map((set, place) => ({ set, first: list.rowAt(place, 0) })),
    );
  }

  return async ({ query = '', filter = {}, sort, descending = false, offset = 0, limit = LISTED }) => {
    const accept = await filters.rowsOf(filter);
    const words = searchText(query).split(' ').filter(Boolean);
    if (sort) {
      const order = await orderBy(sort);
      const chosen = words.length > 0 ? await setWith(words, accept) : (accept ?? allLive());
      const rows = pageInOrder(order, descending, chosen, offset, limit);
      return { total: chosen.count, tracks: rows.map(list.track) };
    }
    if (words.length > 0) {
      const { total, rows } = await ranked(words, accept, offset, limit);
      return { total, tracks: Array.from(rows, list.track) };
    }
    const total = accept?.count ?? list.size;
    return { total, tracks: Array.from(pageById(list, accept, offset, limit), list.track) };
  };
}

/** Rows that segments found, as of one: by rank, and of one rank in the order of ids. */
function mergeRanked(
  found: readonly { rows: Uint32Array; ranks: Uint8Array }[],
  { rowAt, track }: Pick<SegmentList, 'rowAt' | 'track'>,
): number[] {
  const all = found.flatMap(({ rows, ranks }, place) =>
    Array.from(rows, (own, i) => ({ row: rowAt(place, own), rank: ranks[i]! })),
  );
  const ids = new Map(all.map(({ row }) => [row, track(row).id]));
  all.sort((a, b) => a.rank - b.rank || (ids.get(a.row)! < ids.get(b.row)! ? -1 : 1));
  return all.map(({ row }) => row);
}

/** The chosen rows from place `offset` of an order on. */
function pageInOrder(
  { rows, known }: TrackOrder,
  descending: boolean,
  chosen: RowSet,
  offset: number,
  limit: number,
): number[] {
  const page: number[] = [];
  const end = Math.min(offset + limit, chosen.count);
  let passed = 0;
  for (let at = 0; at < rows.length && passed < end; at++) {
    const row = rows[descending && at < known ? known - 1 - at : at]!;
    if (hasRow(chosen, row) && passed++ >= offset) page.push(row);
  }
  return page;
}

/** The accepted rows from place `offset` of the order of ids on. */
function pageById(
  list: SegmentList,
  accept: RowSet | undefined,
  offset: number,
  limit: number,
): Iterable<number> {
  const rows = list.inOrder();
  if (!accept) return rows.subarray(offset, offset + limit);
  const listed = new Uint32Array(Math.min(accept.count, offset + limit));
  let count = 0;
  for (let at = 0; count < listed.length; at++) if (hasRow(accept, rows[at]!)) listed[count++] = rows[at]!;
  return listed.subarray(offset);
}
