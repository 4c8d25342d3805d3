import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** The bytes of an audio file, read as they are needed. */
export interface ByteSource {
  readonly size: number;
  /** @returns The bytes from `start` on, fewer than `length` only at the end. They are the caller's to keep. */
  read(start: number, length: number): Promise<Uint8Array>;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (start, length) => bytes.subarray(start, start + length) };
}

/** Opens a file for as long as it is used. */
export async function withFile<Result>(
  path: string,
  use: (source: ByteSource) => Promise<Result>,
): Promise<Result> {
  const file = await open(path);
  try {
    return await use(await bytesOfFile(file));
  } finally {
    await file.close();
  }
}

async function bytesOfFile(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    size,
    async read(start, length) {
      const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size - start)));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
        // The file became shorter meanwhile.
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return new Uint8Array(buffer.buffer, buffer.byteOffset, filled);
    },
  };
}

/** Bytes that are read at once where all of a file is. */
export const READ_BYTES = 1 << 20;

/** Hashes the bytes on their way: whoever reads a file from start to end need not read it again for its hash. */
export function hashing(source: ByteSource): ByteSource & { sha256(): Promise<string> } {
  const hash = createHash('sha256');
  let hashed = 0;
  const read = async (start: number, length: number) => {
    const bytes = await source.read(start, length);
    if (start <= hashed && hashed < start + bytes.length) {
      hash.update(bytes.subarray(hashed - start));
      hashed = start + bytes.length;
    }
    return bytes;
  };
  return {
    size: source.size,
    read,
    /** Reads what was not read yet. */
    async sha256() {
      while (hashed < source.size) if ((await read(hashed, READ_BYTES)).length === 0) break;
      return hash.digest('hex');
    },
  };
}
