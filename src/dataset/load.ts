import { createHash } from 'node:crypto';
import { inOrderOfNames } from './cleaning-report.ts';
import { type FoundFile, fileStem } from './found-files.ts';
import { stratifiedSample } from './sample.ts';
import type { SourceReaders } from './source.ts';
import { type DatasetProgress, survey } from './survey.ts';
import { fillInFromTags } from './tags.ts';
import type { Dataset, DatasetRequest, Track, TrackMetadata } from './track.ts';

export type { SourceReaders };

const FILES_A_REPORT = 100;

const UNTOLD: TrackMetadata = {
  title: null,
  artist: null,
  album: null,
  genre: null,
  genres: [],
  tags: [],
  date: null,
  license: null,
  listens: null,
};

/**
 * Finds a collection's tracks, cleans their metadata and takes the sample asked for. The same files give the
 * same dataset, whatever the order of directories, the locale or the time.
 *
 * @param onProgress Called every thousand files or rows, and every hundred files whose tags are read.
 * @throws SoundalikeError SOURCE_*, METADATA_*, TRACK_ID_DUPLICATE or USAGE, in one line.
 */
export async function loadDataset(
  request: DatasetRequest,
  readers: SourceReaders,
  onProgress: (progress: DatasetProgress) => void = () => {},
): Promise<Dataset> {
  const { root, files, report } = await survey(request, readers, onProgress);
  await fillInFromTags(root, files, report, (done, total) => {
    if (done % FILES_A_REPORT === 0 || done === total) onProgress({ stage: 'tags', done, total });
  });
  const all = files.map(trackOf);
  const tracks = request.sample === null ? all : stratifiedSample(all, request.sample);
  report.sampled = request.sample === null ? null : tracks.length;
  return { root, tracks, report: inOrderOfNames(report) };
}

/**
 * The quick look before a run: finds every mistake that shows without opening an audio file.
 *
 * @returns `digest`: sha256 (hex) over path, size and time of change of each audio file and the content of
 * CSVs or documents, which changes when the collection does. `files` and `bytes`: all of the source, before
 * any sample.
 * @throws SoundalikeError As `loadDataset`.
 */
export async function snapshotSource(
  request: DatasetRequest,
  readers: SourceReaders,
): Promise<{ digest: string; files: number; bytes: number }> {
  const { files, contentDigests } = await survey(request, readers, () => {});
  const digest = createHash('sha256').update(JSON.stringify(contentDigests));
  let bytes = 0;
  for (const file of files) {
    digest.update(`\n${JSON.stringify([file.path, file.bytes, file.modified])}`);
    bytes += file.bytes;
  }
  return { digest: digest.digest('hex'), files: files.length, bytes };
}

function trackOf({ id, path, bytes, metadata }: FoundFile): Track {
  const known = metadata ?? UNTOLD;
  return { id, path, bytes, metadata: { ...known, title: known.title ?? fileStem(path) } };
}
