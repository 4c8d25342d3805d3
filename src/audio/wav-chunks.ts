import type { ByteSource } from './byte-source.ts';
import { hasText, isWave64 } from './format.ts';
import { isReadable, type PcmHeader, type PcmLayout } from './pcm.ts';

/** The ways to write a WAV file: how its chunks are named, measured and aligned. */
interface ChunkForm {
  /** Bytes of the file's own header. */
  start: number;
  /** Bytes of a chunk's name, 4 letters first, and of that with its size. */
  nameBytes: number;
  headerBytes: number;
  /** Chunks start at multiples of this. */
  alignment: number;
}

/** Multimedia Programming Interface and Data Specifications 1.0; RF64 and BW64 (EBU Tech 3306) have a chunk more. */
const RIFF: ChunkForm = { start: 12, nameBytes: 4, headerBytes: 8, alignment: 2 };
/** Sony Wave64: names are GUIDs, sizes have 64 bits and count the chunk's header. */
const WAVE64: ChunkForm = { start: 40, nameBytes: 16, headerBytes: 24, alignment: 8 };

/** Format tags of mmreg.h. */
const EXTENSIBLE = 0xfffe;
const MICROSOFT_ADPCM = 2;
const IMA_ADPCM = 0x11;
const ENCODINGS: Record<number, PcmLayout['encoding']> = { 1: 'signed', 3: 'float', 6: 'a-law', 7: 'mu-law' };

/** What programs write for the size that cannot seek back: the samples go to the end of the file. */
const UNKNOWN_SIZES = [0, 0xffffffff];

/** Of a chunk: its header and all of WAVEFORMATEXTENSIBLE. */
const CHUNK_BYTES = 64;
/** A file of zeros, or of chunks of no length, would else be read to its end in steps of 8 bytes. */
const MOST_CHUNKS = 1000;

/** Reads the chunks of a WAV, RF64, BW64 or Wave64 file up to its samples. */
export async function readWav(source: ByteSource): Promise<PcmHeader> {
  const head = await source.read(0, WAVE64.start);
  const wave64 = isWave64(head);
  const form = wave64 ? WAVE64 : RIFF;
  let format: Uint8Array | null = null;
  let longSize: number | null = null;
  let offset = form.start;
  for (let chunks = 0; chunks < MOST_CHUNKS && offset + form.headerBytes <= source.size; chunks++) {
    const chunk = await source.read(offset, CHUNK_BYTES);
    if (chunk.length < form.headerBytes) break;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const content = chunk.subarray(form.headerBytes);
    const short = wave64 ? 0 : view.getUint32(4, true);
    let size = wave64 ? Number(view.getBigUint64(form.nameBytes, true)) - form.headerBytes : short;
    if (hasText(chunk, 0, 'ds64') && content.length >= 16) {
      longSize = Number(view.getBigUint64(form.headerBytes + 8, true));
    }
    if (hasText(chunk, 0, 'fmt ') && content.length >= 16) format = content;
    const start = offset + form.headerBytes;
    if (hasText(chunk, 0, 'data')) {
      if (format === null) break;
      if (short === 0xffffffff && longSize !== null) size = longSize;
      const known = size > 0 && !UNKNOWN_SIZES.includes(size);
      const end = known ? start + size : source.size;
      // The decoder of ADPCM reads no other form.
      const adpcm = hasText(head, 0, 'RIFF');
      return { damaged: end > source.size, ...readFormat(format, adpcm, start, end) };
    }
    if (size < 0) break;
    offset = start + Math.ceil(size / form.alignment) * form.alignment;
  }
  return { refusal: 'it has no chunk of samples behind one that names their format' };
}

/** WAVEFORMATEX, or WAVEFORMATEXTENSIBLE, whose first two bytes of `SubFormat` are the tag. */
function readFormat(format: Uint8Array, adpcm: boolean, start: number, end: number): PcmHeader {
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  let tag = view.getUint16(0, true);
  if (tag === EXTENSIBLE && format.length >= 26) tag = view.getUint16(24, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  if (channels === 0) return { refusal: 'its header names no channel' };
  if (blockBytes === 0) return { refusal: 'its header names samples of no size' };
  if (adpcm && (tag === MICROSOFT_ADPCM || tag === IMA_ADPCM)) return inspectAdpcm(tag, channels, format);
  const named: PcmLayout['encoding'] | undefined = ENCODINGS[tag];
  if (!named) return { refusal: `its samples are coded by method 0x${tag.toString(16)}, which is not known` };
  const sampleBytes = blockBytes / channels;
  const encoding = named === 'signed' && sampleBytes === 1 ? 'unsigned' : named;
  const pcm: PcmLayout = { encoding, sampleBytes, littleEndian: true, channels, sampleRate, start, end };
  if (!isReadable(pcm)) return { refusal: `its header names samples of ${sampleBytes} bytes` };
  return { pcm };
}

/**
 * A block starts with a header for each channel and holds half a byte a sample. The decoder believes a header that
 * names more samples than there is room for, and fills the memory with them.
 */
function inspectAdpcm(tag: number, channels: number, format: Uint8Array): PcmHeader {
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  const blockBytes = view.getUint16(12, true);
  const named = format.length >= 20 && view.getUint16(16, true) >= 2 ? view.getUint16(18, true) : 0;
  const [headerBytes, headerSamples] = tag === IMA_ADPCM ? [4, 1] : [7, 2];
  const room = headerSamples + (blockBytes / channels - headerBytes) * 2;
  const possible = channels <= 2 && room > headerSamples && named <= room;
  return possible ? {} : { refusal: `its header names blocks of ${blockBytes} bytes for ${named} samples` };
}
