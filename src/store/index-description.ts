import { z } from 'zod';
import { SoundalikeError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { indexPaths } from './paths.ts';

/** A segment as index.json names it. */
export interface SegmentEntry {
  id: string;
  /** The runs that its rows come from. */
  runs: string[];
  /**
   * Of rows/<segment>.arrow (see `SegmentRows`). Null where no row is deleted and the rows are those of the one run's
   * index, one by one: there is no such file then.
   */
  rows: { bytes: number; sha256: string } | null;
}

/** index/<index>/index.json. */
export interface IndexDescription {
  index: string;
  /** The index that a command made it of; null where a run made it. */
  base: string | null;
  segments: SegmentEntry[];
}

const descriptionSchema: z.ZodType<IndexDescription> = z.strictObject({
  index: z.string(),
  base: z.string().nullable(),
  segments: z
    .array(
      z.strictObject({
        id: z.string(),
        runs: z.array(z.string()).min(1),
        rows: z.strictObject({ bytes: z.int(), sha256: z.string() }).nullable(),
      }),
    )
    .min(1),
});

/**
 * Id of an index, decided by its content. That of one whole segment is the segment's, which several runs may have
 * given: it names no run. That of any other is a hash of all that index.json says of its segments.
 */
export function indexIdOf(segments: readonly SegmentEntry[]): string {
  const [first] = segments;
  if (segments.length === 1 && first.rows === null) return first.id;
  return sha256(canonicalJson(segments)).slice(0, 16);
}

/**
 * Reads the description in the folder of an index; null where there is none.
 *
 * @throws SoundalikeError DATA_DIR_UNUSABLE where it is of another form, INDEX_DAMAGED where it is not that of its id.
 */
export async function readDescription(folder: string, index: string): Promise<IndexDescription | null> {
  const description = await readJsonFile(indexPaths(folder).description, descriptionSchema);
  if (description && (description.index !== index || indexIdOf(description.segments) !== index)) {
    throw new SoundalikeError(
      'INDEX_DAMAGED',
      `index.json of index ${index} is not what its id names: run the collection again`,
    );
  }
  return description;
}
