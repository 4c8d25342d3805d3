import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import type { CleanRow } from './cleaning.ts';
import { tally } from './cleaning-report.ts';
import { type FoundFile, hasAudioEnding, lookUpFiles } from './found-files.ts';
import type { CleaningReport } from './track.ts';

/**
 * The files that rows name by their path. Rows without a path, or of a file that an earlier row names, are
 * left out; rows whose file is not there are counted.
 *
 * @param base Folder that relative paths start from.
 * @returns The files, and the folder that their paths start from: `base`, or one above it where a path such
 * as `../audio/1.mp3` leads out of it. Ids are made of the paths below `base`.
 */
export async function findNamedFiles(
  base: string,
  rows: Iterable<CleanRow>,
  report: CleaningReport,
): Promise<{ root: string; files: FoundFile[] }> {
  const named = new Map<string, CleanRow>();
  for (const row of rows) {
    if (row.path === null) tally(report.dropped, 'row without a path');
    else if (!hasAudioEnding(row.path)) tally(report.dropped, 'ending not of an audio format');
    else {
      const path = pathBelow(base, row.path);
      if (named.has(path)) tally(report.dropped, 'second row of a file');
      else named.set(path, row);
    }
  }

  const found = await lookUpFiles(base, [...named.keys()]);
  const files = [...named.values()].flatMap(({ id, metadata }, position): FoundFile[] => {
    const file = found[position];
    return file ? [{ ...file, id: id ?? file.id, metadata }] : [];
  });
  report.rowsWithoutFile += named.size - files.length;
  return raiseRoot(base, files);
}

/** @returns The path from `base`, with `/`; absolute only where it was so and leads out of `base`. */
export function pathBelow(base: string, path: string): string {
  const absolute = resolve(base, path);
  const below = relative(base, absolute).split(sep).join('/');
  return isAbsolute(path) && below.startsWith('../') ? absolute : below;
}

/** Files are served only from below the root, so it must hold those that relative paths lead to. */
function raiseRoot(base: string, files: FoundFile[]): { root: string; files: FoundFile[] } {
  const climbs = files.map(({ path }) => /^(?:\.\.\/)*/.exec(path)?.[0] ?? '');
  const climb = climbs.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  const root = resolve(base, climb);
  const prefix = relative(root, base).split(sep).join('/');
  return {
    root,
    files: files.map((file) =>
      isAbsolute(file.path) ? file : { ...file, path: posix.join(prefix, file.path) },
    ),
  };
}
