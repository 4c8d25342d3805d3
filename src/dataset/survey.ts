import { SoundalikeError } from '../errors.ts';
import { emptyReport } from './cleaning-report.ts';
import type { FoundFile } from './found-files.ts';
import { joinMetadata } from './metadata.ts';
import { inOrderOfIds } from './partition.ts';
import { findFiles, type SourceReaders } from './source.ts';
import type { CleaningReport, DatasetRequest } from './track.ts';

/** How far the reading of a dataset has come. */
export interface DatasetProgress {
  stage: 'source' | 'metadata' | 'tags';
  /** Files or rows. */
  done: number;
  /** Null where it is not known before the end. */
  total: number | null;
}

/** A collection before any audio file is opened. */
export interface Survey {
  root: string;
  /** In the order of ids, which are all different. */
  files: FoundFile[];
  report: CleaningReport;
  /** sha256 digests of the rows read, from the source and from the metadata. */
  contentDigests: string[];
}

const FILES_A_REPORT = 1000;

/**
 * Lists the source, joins the metadata, and gives every file its id: all that a user can get wrong shows here.
 *
 * @throws SoundalikeError SOURCE_*, METADATA_*, TRACK_ID_DUPLICATE or USAGE.
 */
export async function survey(
  { source, metadata }: DatasetRequest,
  readers: SourceReaders,
  onProgress: (progress: DatasetProgress) => void,
): Promise<Survey> {
  const report = emptyReport();
  const reporter = (stage: DatasetProgress['stage']) => {
    let due = FILES_A_REPORT;
    return (done: number) => {
      if (done < due) return;
      due = done + FILES_A_REPORT;
      onProgress({ stage, done, total: null });
    };
  };
  const found = await findFiles(source, readers, report, reporter('source'));
  const contentDigests = [found.contentDigest];
  if (metadata !== null) {
    contentDigests.push(await joinMetadata(metadata, found, report, reporter('metadata')));
  }
  report.files = found.files.length;
  report.matched = found.files.filter((file) => file.metadata !== null).length;
  report.filesWithoutRow = report.files - report.matched;
  const files = inOrderOfIds(found.files);
  requireDistinctIds(files);
  return { root: found.root, files, report, contentDigests };
}

function requireDistinctIds(files: readonly FoundFile[]): void {
  const second = files.findIndex((file, position) => position > 0 && file.id === files[position - 1].id);
  if (second < 0) return;
  const { id } = files[second];
  const paths = files.filter((file) => file.id === id).map(({ path }) => path);
  const [one, other] = paths.sort();
  throw new SoundalikeError(
    'TRACK_ID_DUPLICATE',
    `${one} and ${other} both have the track id ${id}; remove one of them, or name a folder that holds only one`,
  );
}
