import { join } from 'node:path';
import { messageOf, type SoundalikeError } from '../errors.ts';
import { type ExpectedFile, damaged as isDamaged, openBlocks, readChecked } from '../wasm/file-blocks.ts';
import { readShared } from './segment-bytes.ts';

/** Where the files of a segment are, and what its header says of them. */
export interface SegmentFolder {
  folder: string;
  id: string;
  /** By name. */
  files: Record<string, { bytes: number; crc32: number[] }>;
}

/** Reads and checks a file of a segment. @throws SoundalikeError INDEX_DAMAGED naming it */
export function readSegmentArrow(segment: SegmentFolder, name: string): Uint8Array {
  return readChecked(expected(segment, name));
}

/** The same without reading anything: what is looked at must be loaded (`load`) before. */
export function openSegmentFile(segment: SegmentFolder, name: string): Uint8Array {
  return openBlocks(expected(segment, name));
}

function expected({ folder, id, files }: SegmentFolder, name: string): ExpectedFile {
  return { path: join(folder, name), name: nameOf(id, name), ...files[name] };
}

const nameOf = (segment: string, file: string) => `${file} of segment ${segment}`;

/** @throws SoundalikeError INDEX_DAMAGED where it cannot be read. */
export function readSegmentFile(folder: string, segment: string, name: string): Uint8Array {
  try {
    return readShared(join(folder, name));
  } catch (error) {
    throw damaged(segment, name, messageOf(error));
  }
}

export function damaged(segment: string, file: string, fault: string): SoundalikeError {
  return isDamaged(nameOf(segment, file), fault);
}
