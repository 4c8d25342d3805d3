import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { messageOf, SoundalikeError } from '../errors.ts';
import { allocateShared } from './shared-memory.ts';

/** Bytes that are read and checked at once: enough for a disk's latency, few enough for a row not to cost much. */
const BLOCK = 65_536;

/** What a file must be. */
export interface ExpectedFile {
  path: string;
  /** For messages, such as `vectors.arrow of segment 0123456789abcdef`. */
  name: string;
  bytes: number;
  /** Of each block, as `checksumsOf` gives them. */
  crc32: readonly number[];
}

/** An open file of which blocks are read when they are needed: plain data, which threads can share. */
export interface FileBlocks {
  name: string;
  /** The process's, and so every thread's. */
  descriptor: number;
  bytes: Uint8Array;
  crc32: Uint32Array;
  /** By block: 1 once it was read and checked. In shared memory. */
  loaded: Uint8Array;
}

const files = new WeakMap<ArrayBufferLike, FileBlocks>();

const unused = new FinalizationRegistry<number>(closeSync);

/** CRC-32 of each block of a file. */
export function checksumsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, block) =>
    crc32(bytes.subarray(block * BLOCK, (block + 1) * BLOCK)),
  );
}

/**
 * A whole file, read once into memory that threads can share and kernels can reach.
 *
 * @throws SoundalikeError INDEX_DAMAGED
 */
export function readChecked(expected: ExpectedFile): Uint8Array {
  const file = open(expected);
  try {
    loadBlocks(file, 0, file.bytes.length);
    return file.bytes;
  } finally {
    closeSync(file.descriptor);
  }
}

/**
 * Memory for a file of which nothing is read yet: `load` must be called for what is looked at. The file stays open for
 * as long as its memory is in use, and so can be deleted meanwhile.
 *
 * @throws SoundalikeError INDEX_DAMAGED where it is not there or of another size.
 */
export function openBlocks(expected: ExpectedFile): Uint8Array {
  const file = open(expected);
  files.set(file.bytes.buffer, file);
  unused.register(file.bytes.buffer, file.descriptor);
  return file.bytes;
}

/** The file that memory of `openBlocks` is of; undefined for any other, where nothing is missing. */
export function blocksOf(buffer: ArrayBufferLike): FileBlocks | undefined {
  return files.get(buffer);
}

/** Tells `blocksOf` of a file that another thread opened. */
export function keepBlocks(buffer: SharedArrayBuffer, file: FileBlocks): void {
  files.set(buffer, file);
}

/**
 * Reads what is missing of an array: all of it, or from one of its bytes to before another.
 *
 * @throws SoundalikeError INDEX_DAMAGED where a block is not what it was.
 */
export function load(array: ArrayBufferView, from = 0, to = array.byteLength): void {
  loaderOf(array)(from, to);
}

/** `load` of all arrays that an object holds. */
export function loadArrays(arrays: object): void {
  for (const array of Object.values(arrays)) if (ArrayBuffer.isView(array)) load(array);
}

/** `load` of one array, for who asks often. Threads that read the same block write the same bytes. */
export function loaderOf({ buffer, byteOffset }: ArrayBufferView): (from: number, to: number) => void {
  const file = files.get(buffer);
  return file ? (from, to) => loadBlocks(file, byteOffset + from, byteOffset + to) : nothingMissing;
}

const nothingMissing = () => {};

function loadBlocks(file: FileBlocks, from: number, to: number): void {
  for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block++) {
    if (Atomics.load(file.loaded, block) === 0) readBlock(file, block);
  }
}

function open({ path, name, bytes: size, crc32: checksums }: ExpectedFile): FileBlocks {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const found = fstatSync(descriptor).size;
    if (found !== size) throw new Error(`size ${found} where the header says ${size}`);
    const loaded = new Uint8Array(new SharedArrayBuffer(Math.ceil(size / BLOCK)));
    if (checksums.length !== loaded.length) throw new Error('the header has no CRC-32 of each of its blocks');
    return { name, descriptor, bytes: allocateShared(size), crc32: sharedOf(checksums), loaded };
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw damaged(name, messageOf(error));
  }
}

function sharedOf(values: readonly number[]): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(4 * values.length));
  shared.set(values);
  return shared;
}

function readBlock({ name, descriptor, bytes, crc32: checksums, loaded }: FileBlocks, block: number): void {
  const part = bytes.subarray(block * BLOCK, (block + 1) * BLOCK);
  for (let at = 0; at < part.length; ) {
    const read = readSync(descriptor, part, at, part.length - at, block * BLOCK + at);
    if (read === 0) throw damaged(name, 'it became shorter while it was read');
    at += read;
  }
  if (crc32(part) !== checksums[block]) throw damaged(name, `the CRC-32 of its block ${block} is another`);
  Atomics.store(loaded, block, 1);
}

/** @param file As `ExpectedFile.name`. */
export function damaged(file: string, fault: string): SoundalikeError {
  return new SoundalikeError('INDEX_DAMAGED', `${file} is damaged (${fault}); run the index again`);
}
