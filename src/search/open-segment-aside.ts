import type { SearchPool } from './search-pool.ts';
import { decodeSegment, readHeader, type Segment } from './segment.ts';
import { openSegmentFile } from './segment-files.ts';

/**
 * Opens a segment for search: nothing of its columns is read before it is needed (`load`), but for what the calling thread
 * itself will look at, which a thread reads now. So a damage is told by the question that meets it, in place of an answer.
 *
 * @throws SoundalikeError as `openSegment`
 */
export async function openSegmentAside(folder: string, pool: SearchPool): Promise<Segment> {
  const header = readHeader(folder);
  const names = Object.keys(header.files);
  const files = Object.fromEntries(names.map((name) => [name, openSegmentFile(header, name)]));
  const segment = decodeSegment(header, files);
  const { tracks, sounds, map, centres } = segment;
  const { clusters, columns } = tracks;
  const { seconds, tempos, genres } = columns;
  await Promise.all([
    pool.run('loadArrays', { ...sounds.values, seconds, tempos, clusters, x: map.x, y: map.y, centres }),
    pool.run('loadArrays', genres),
  ]);
  return segment;
}
