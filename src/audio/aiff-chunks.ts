import type { ByteSource } from './byte-source.ts';
import { hasText } from './format.ts';
import { isReadable, type PcmHeader, type PcmLayout } from './pcm.ts';

/** Bytes of the content of a `COMM` chunk that are read, without and with the name of the compression. */
const COMMON_BYTES = 18;
const COMPRESSED_COMMON_BYTES = 22;
/** A sound of unknown length goes to the end of the file. */
const UNKNOWN_SIZES = [0, 0xffffffff];

type Coding = Pick<PcmLayout, 'encoding' | 'littleEndian'>;

/** Compression types of AIFF-C (Apple 1991), of QuickTime, and libsndfile's: `in24` and `in32` turned around. */
const CODINGS: Record<string, Coding> = {
  NONE: { encoding: 'signed', littleEndian: false },
  twos: { encoding: 'signed', littleEndian: false },
  sowt: { encoding: 'signed', littleEndian: true },
  in24: { encoding: 'signed', littleEndian: false },
  '42n1': { encoding: 'signed', littleEndian: true },
  in32: { encoding: 'signed', littleEndian: false },
  '23ni': { encoding: 'signed', littleEndian: true },
  'raw ': { encoding: 'unsigned', littleEndian: false },
  fl32: { encoding: 'float', littleEndian: false },
  FL32: { encoding: 'float', littleEndian: false },
  fl64: { encoding: 'float', littleEndian: false },
  FL64: { encoding: 'float', littleEndian: false },
  alaw: { encoding: 'a-law', littleEndian: false },
  ALAW: { encoding: 'a-law', littleEndian: false },
  ulaw: { encoding: 'mu-law', littleEndian: false },
  ULAW: { encoding: 'mu-law', littleEndian: false },
};

/** Of a chunk: its header and what is read of its content. */
const CHUNK_BYTES = 8 + COMPRESSED_COMMON_BYTES;
/** A file of zeros, or of chunks of no length, would else be read to its end in steps of 8 bytes. */
const MOST_CHUNKS = 1000;

/** Where the sound lies in the file, as its chunk says. */
interface Sound {
  start: number;
  end: number;
}

/** Reads the chunks of an AIFF or AIFF-C file (Apple, Audio Interchange File Format 1.3). */
export async function readAiff(source: ByteSource): Promise<PcmHeader> {
  const compressed = hasText(await source.read(0, 12), 8, 'AIFC');
  let common: Uint8Array | null = null;
  let sound: Sound | null = null;
  let offset = 12;
  for (let chunks = 0; chunks < MOST_CHUNKS && !(common && sound) && offset + 8 <= source.size; chunks++) {
    const chunk = await source.read(offset, CHUNK_BYTES);
    if (chunk.length < 8) break;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const size = view.getUint32(4);
    if (hasText(chunk, 0, 'COMM') && chunk.length >= 8 + COMMON_BYTES) common = chunk.subarray(8);
    if (hasText(chunk, 0, 'SSND') && chunk.length >= 16) {
      const start = offset + 16 + view.getUint32(8);
      sound = { start, end: UNKNOWN_SIZES.includes(size) ? source.size : offset + 8 + size };
    }
    offset += 8 + size + (size % 2);
  }
  if (common && sound) return readCommon(common, compressed, sound, source.size);
  return { refusal: 'it has no chunk of samples, or none that names their format' };
}

function readCommon(common: Uint8Array, compressed: boolean, sound: Sound, fileSize: number): PcmHeader {
  if (compressed && common.length < COMPRESSED_COMMON_BYTES) return { refusal: 'its header is cut' };
  const compression = compressed ? String.fromCharCode(...common.subarray(18, 22)) : 'NONE';
  const coding: Coding | undefined = CODINGS[compression];
  if (!coding) return { refusal: `its samples are coded as ${compression}, which is not known` };
  const view = new DataView(common.buffer, common.byteOffset, common.byteLength);
  const channels = view.getUint16(0);
  if (channels === 0) return { refusal: 'its header names no channel' };
  const frames = view.getUint32(2);
  const bits = coding.encoding.endsWith('law') ? 8 : view.getUint16(6);
  const sampleBytes = Math.ceil(bits / 8);
  if (!isReadable({ ...coding, sampleBytes })) return { refusal: `its header names samples of ${bits} bits` };
  const { start } = sound;
  const end = frames > 0 ? Math.min(sound.end, start + frames * channels * sampleBytes) : sound.end;
  const pcm = { ...coding, sampleBytes, channels, sampleRate: extended(view, 8), start, end };
  return { damaged: end > fileSize, samples: frames || null, pcm };
}

/** A number of 80 bits (IEEE 754 extended), to the nearest whole one: rates like 22,254.5 Hz exist. */
function extended(view: DataView, offset: number): number {
  const exponent = (view.getUint16(offset) & 0x7fff) - 16_383;
  const mantissa = Number(view.getBigUint64(offset + 2)) / 2 ** 63;
  return Math.round(mantissa * 2 ** exponent);
}
