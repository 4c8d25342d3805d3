import type { Clustering } from './lloyd.ts';
import type { Segment } from './segment.ts';
import { encodeTable, matrixColumn } from './segment-arrow.ts';
import { describeFile, encodeHeader, HEADER_FILE, type SegmentFile, segmentId } from './segment-header.ts';
import { encodeTracks } from './segment-tracks.ts';

/**
 * The same segment with other clusters: only the files that tell them are others. With the clusters that it has it is
 * the same segment.
 */
export function recluster(
  { header, tracks }: Pick<Segment, 'header' | 'tracks'>,
  { centres, assignment, inertia }: Clustering,
): { id: string; files: { name: string; bytes: Uint8Array }[] } {
  const { rows, dimension } = header;
  const shown = Array.from({ length: rows }, (_, row) => tracks.track(row));
  const files = {
    'clusters.arrow': encodeTable({ centre: matrixColumn(centres, dimension) }),
    'tracks.arrow': encodeTracks(shown, assignment),
  } satisfies Partial<Record<SegmentFile, Uint8Array>>;
  const bytes = encodeHeader({
    ...header,
    clusters: { count: centres.length / dimension, inertia },
    files: {
      ...header.files,
      'clusters.arrow': describeFile(files['clusters.arrow']),
      'tracks.arrow': describeFile(files['tracks.arrow']),
    },
  });
  const others = Object.entries(files).map(([name, content]) => ({ name, bytes: content }));
  return { id: segmentId(bytes), files: [...others, { name: HEADER_FILE, bytes }] };
}
