import { resolve } from 'node:path';
import { type ICommonTagsResult, parseFile } from 'music-metadata';
import { mergeMetadata } from './cleaning.ts';
import { tally } from './cleaning-report.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import type { FoundFile } from './found-files.ts';
import type { CleaningReport, TrackMetadata } from './track.ts';
import { type Cleaned, cleanDate, cleanLabel, cleanList, cleanName } from './values.ts';

/** A reader waits for the disk between small pieces; twice Node's four file threads keep these busy. */
const CONCURRENT_READS = 8;

/**
 * Reads the tags of the files of which no row names a title or an artist, and fills in what the row does not
 * say. A file whose tags cannot be read just has none: whether it is audio shows when it is decoded.
 *
 * @param onFiles Called with the number of files read and of those to read.
 */
export async function fillInFromTags(
  root: string,
  files: readonly FoundFile[],
  report: CleaningReport,
  onFiles: (done: number, total: number) => void,
): Promise<void> {
  const untold = files.filter(
    ({ bytes, metadata }) => bytes > 0 && metadata?.title == null && metadata?.artist == null,
  );
  let done = 0;
  await forEachConcurrently(untold, CONCURRENT_READS, async (file) => {
    const tags = await readTags(resolve(root, file.path));
    if (tags === null) tally(report.repaired, 'tags not readable');
    else {
      const metadata = metadataOf(tags, report);
      file.metadata = file.metadata ? mergeMetadata(file.metadata, metadata) : metadata;
    }
    onFiles(++done, untold.length);
  });
}

async function readTags(file: string): Promise<ICommonTagsResult | null> {
  try {
    return (await parseFile(file, { duration: false, skipCovers: true })).common;
  } catch {
    return null;
  }
}

function metadataOf(tags: ICommonTagsResult, report: CleaningReport): TrackMetadata {
  const take = <T>({ value, repair }: Cleaned<T>): T => {
    if (repair !== null) tally(report.repaired, repair);
    return value;
  };
  // Many programs write several genres into one tag, divided by semicolons.
  const genres = take(cleanList(tags.genre?.flatMap((genre) => genre.split(';'))));
  return {
    title: take(cleanName(tags.title)),
    artist: take(cleanName(tags.artist)),
    album: take(cleanName(tags.album)),
    // Who writes tags puts the main genre first; rows of tables have no such order.
    genre: genres[0] ?? null,
    genres,
    tags: [],
    date: take(cleanDate(tags.date ?? tags.year)),
    license: take(cleanLabel(tags.license)),
    listens: null,
  };
}
