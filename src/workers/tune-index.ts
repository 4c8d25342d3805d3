import { SoundalikeError } from '../errors.ts';
import { retune } from '../search/segment-header.ts';
import { type TuneOptions, type Tuning, tuneSegment } from '../search/tune.ts';
import { changeIndex } from '../store/change-index.ts';
import { sharedSegment } from '../store/index-segments.ts';
import type { SegmentToPublish } from '../store/publish-index.ts';

/** The tuning of one segment. */
export interface SegmentTuning extends Omit<Tuning, 'best'> {
  /** Rows of the segment. */
  rows: number;
  best: NonNullable<Tuning['best']>;
}

/**
 * Tunes each segment of the live index (`tuneSegment`) and stores the settings found, with what they promise. The
 * segments' arrays are shared with the index before.
 *
 * @throws SoundalikeError USAGE where no setting has the recall; and as `changeIndex`
 */
export async function tuneIndex(
  dataDir: string,
  options: TuneOptions,
): Promise<{ index: string; segments: SegmentTuning[] }> {
  const { method, recall, k } = options;
  const segments: SegmentTuning[] = [];
  const index = await changeIndex(dataDir, async (base) => {
    const tuned: SegmentToPublish[] = [];
    for (const open of base.segments) {
      const { header, id } = open.segment;
      const { best, ...tuning } = tuneSegment(open.segment, options);
      if (!best) {
        throw new SoundalikeError(
          'USAGE',
          `no setting of ${method} tried for segment ${id} has a recall of ${recall}: ask for less, or search with exact`,
        );
      }
      segments.push({ ...tuning, best, rows: header.rows });
      const promised = { recall: best.recall, k, queries: tuning.queries };
      tuned.push(sharedSegment(open, retune(header, method, best.setting, promised)));
    }
    return tuned;
  });
  return { index, segments };
}
