import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { messageOf, SoundalikeError } from '../errors.ts';
import { type Shared, share } from '../wasm/share-arrays.ts';
import { readShared } from './segment-bytes.ts';

/** Where the files of a segment are, and what its header says of them. */
export interface SegmentFolder {
  folder: string;
  id: string;
  /** By name. */
  files: Record<string, { bytes: number; crc32: number }>;
}

/**
 * Reads and checks the files of a segment. The only part of an opening that takes long.
 *
 * @returns By name, in shared memory.
 * @throws SoundalikeError INDEX_DAMAGED naming the file
 */
export function readSegmentFiles({ folder, id, files }: SegmentFolder): Shared<Record<string, Uint8Array>> {
  const contents = Object.entries(files).map(([name, { bytes, crc32: expected }]) => {
    const content = readSegmentFile(folder, id, name);
    if (content.length !== bytes) {
      throw damaged(id, name, `size ${content.length} where the header says ${bytes}`);
    }
    if (crc32(content) !== expected) throw damaged(id, name, 'its CRC-32 is another');
    return [name, content];
  });
  return share(Object.fromEntries(contents));
}

/** @throws SoundalikeError INDEX_DAMAGED where it cannot be read. */
export function readSegmentFile(folder: string, segment: string, name: string): Uint8Array {
  try {
    return readShared(join(folder, name));
  } catch (error) {
    throw damaged(segment, name, messageOf(error));
  }
}

export function damaged(segment: string, file: string, fault: string): SoundalikeError {
  return new SoundalikeError(
    'INDEX_DAMAGED',
    `${file} of segment ${segment} is damaged (${fault}); run the index again`,
  );
}
