import { receive } from '../wasm/share-arrays.ts';
import type { SearchPool } from './search-pool.ts';
import { decodeSegment, readHeader, type Segment } from './segment.ts';
import { openSegmentFile } from './segment-files.ts';

/** Files of which a search reads some rows: the matrices, and the tracks' texts. */
const BY_ROWS = ['vectors.arrow', 'sounds.arrow', 'tracks.arrow'];

/**
 * Opens a segment for search: what every search reads is read and checked by a thread, but of the matrices and the
 * tracks' texts nothing before it is needed (`load`). So a damage there is told by the search that meets it, in place of
 * an answer.
 *
 * @throws SoundalikeError as `openSegment`
 */
export async function openSegmentAside(folder: string, pool: SearchPool): Promise<Segment> {
  const header = readHeader(folder);
  const named = Object.entries(header.files);
  const whole = Object.fromEntries(named.filter(([name]) => !BY_ROWS.includes(name)));
  const files = receive(await pool.run('readSegmentFiles', { ...header, files: whole }));
  for (const name of BY_ROWS) files[name] = openSegmentFile(header, name);
  const segment = decodeSegment(header, files);
  const { seconds, tempos, clusters } = segment.tracks;
  await pool.run('loadArrays', { seconds, tempos, clusters, ...segment.sounds.values });
  return segment;
}
