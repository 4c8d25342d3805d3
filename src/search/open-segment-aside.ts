import { receive } from '../wasm/share-arrays.ts';
import type { SearchPool } from './search-pool.ts';
import { decodeSegment, readHeader, type Segment } from './segment.ts';

/** `openSegment`, with the files read and checked by a thread. */
export async function openSegmentAside(folder: string, pool: SearchPool): Promise<Segment> {
  const header = readHeader(folder);
  return decodeSegment(header, receive(await pool.run('readSegmentFiles', header)));
}
