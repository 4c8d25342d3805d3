import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { allocateShared } from '../wasm/shared-memory.ts';

/** One read takes this many bytes at most: the system's own limit is just below 2 GiB. */
const READ_BYTES = 2 ** 30;

/**
 * A whole file, read once into memory that threads can share and kernels can reach.
 *
 * @param room Bytes that the memory has behind the file, for who makes more of it where it lies.
 */
export function readShared(path: string, room = 0): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = allocateShared(size + room).subarray(0, size);
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(file, bytes, at, Math.min(READ_BYTES, bytes.length - at), null);
      if (read === 0) throw new Error('it became shorter while it was read');
      at += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}
