import { load } from '../wasm/file-blocks.ts';
import { hasRow, type RowSet } from './row-set.ts';
import type { TextColumn } from './text-rows.ts';

/**
 * Looks for rows by their paths: the same path, or the end of one, with a folder at least, so that
 * `/home/anna/Music/032/song.mp3` is found as `032/song.mp3`. Of several the longest is taken, of equal ones the first.
 *
 * @param paths Paths of the rows, below one folder.
 * @param wanted With forward slashes.
 * @param accept None but these rows.
 * @returns A row for each; -1 where there is none.
 */
export function rowsOfPaths(
  { bytes, starts }: TextColumn,
  wanted: readonly string[],
  accept?: RowSet,
): Int32Array {
  load(bytes);
  load(starts);
  const ends = new Map<string, number[]>();
  wanted.forEach((path, place) => {
    for (const end of endsOf(path.normalize())) {
      const places = ends.get(end);
      if (places) places.push(place);
      else ends.set(end, [place]);
    }
  });
  const rows = new Int32Array(wanted.length).fill(-1);
  const lengths = new Uint32Array(wanted.length);
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let row = 0; row + 1 < starts.length; row++) {
    if (accept && !hasRow(accept, row)) continue;
    const path = texts.toString('utf8', starts[row], starts[row + 1]).normalize();
    for (const place of ends.get(path) ?? []) {
      if (path.length <= lengths[place]) continue;
      lengths[place] = path.length;
      rows[place] = row;
    }
  }
  return rows;
}

/** The path, and its ends that begin at a folder. */
function endsOf(path: string): string[] {
  const names = path.split('/');
  return names
    .slice(0, -1)
    .map((_, first) => names.slice(first).join('/'))
    .concat(names.length === 1 ? [path] : []);
}
