import { readFileSync } from 'node:fs';

/** Small files of every format, 6 s each but those of `formats/` (31 ms). */
const SOURCES = [
  'burst.mp3',
  'tone-without-xing.mp3',
  'burst.mp2',
  'burst.m4a',
  'burst-fragments.m4a',
  'burst-alac.m4a',
  'tone-moov-last.m4a',
  'burst.aac',
  'burst-vorbis.ogg',
  'burst-opus.ogg',
  'burst.flac',
  'burst-flac.ogg',
  'burst.wav',
  'burst-ima.wav',
  'burst-ms.wav',
  'burst.aiff',
  'formats/opus.mp4',
  'formats/surround.ogg',
  'formats/float.wavex',
  'formats/double.rf64',
  'formats/pcm_24.w64',
  'formats/pcm_32_little.aifc',
];

export interface FuzzCase {
  /** The file that was changed. */
  source: string;
  bytes: Uint8Array;
  /** What was done to it, for whoever looks into a failure. */
  mutations: string[];
}

export function readSource(source: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/audio/${source}`, import.meta.url)));
}

/** Numbers that lie at the edges of what fields of a header can hold. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
/** Where most headers lie, in bytes from the start. */
const HEADER_BYTES = 600;
const MOST_MUTATIONS = 4;

type Random = (below: number) => number;
type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;

const MUTATIONS: Record<string, Mutation> = {
  truncate: (bytes, random) => bytes.slice(0, random(bytes.length)),
  'flip bits': (bytes, random) => {
    for (let left = 1 << random(9); left > 0; left--) bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  },
  'set a run': (bytes, random) => bytes.fill([0, 255, random(256)][random(3)], ...range(bytes, random, 4096)),
  'random bytes': (bytes, random) => {
    const [start, end] = range(bytes, random, 256);
    for (let i = start; i < end; i++) bytes[i] = random(256);
    return bytes;
  },
  'edit a header': (bytes, random) => {
    const place = random(Math.min(HEADER_BYTES, bytes.length));
    return setNumber(bytes, random(4) === 0 ? Math.max(0, bytes.length - 1 - place) : place, random);
  },
  'edit anywhere': (bytes, random) => setNumber(bytes, random(bytes.length), random),
  'swap blocks': (bytes, random) => {
    const length = random(Math.ceil(bytes.length / 4));
    const [first, second] = [random(bytes.length - length), random(bytes.length - length)];
    const block = bytes.slice(first, first + length);
    bytes.copyWithin(first, second, second + length);
    bytes.set(block, second);
    return bytes;
  },
  'repeat a block': (bytes, random) => {
    const [start, end] = range(bytes, random, bytes.length);
    return splice(bytes, random(bytes.length), bytes.slice(start, end));
  },
  insert: (bytes, random) => {
    const block = Uint8Array.from({ length: random(300) }, () => random(256));
    return splice(bytes, random(bytes.length), block);
  },
  remove: (bytes, random) => {
    const [start, end] = range(bytes, random, 2048);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
};

/** The case of this number: always the same for the same seed. */
export function fuzzCase(seed: number, number: number): FuzzCase {
  const random = randomNumbers(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const source = SOURCES[number % SOURCES.length];
  let bytes = new Uint8Array(readSource(source));
  const mutations = Array.from({ length: 1 + random(MOST_MUTATIONS) }, () => {
    const names = Object.keys(MUTATIONS);
    return names[random(names.length)];
  });
  for (const mutation of mutations) if (bytes.length > 0) bytes = MUTATIONS[mutation](bytes, random);
  return { source, bytes, mutations };
}

function range(bytes: Uint8Array, random: Random, most: number): [number, number] {
  const start = random(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + random(most))];
}

function setNumber(bytes: Uint8Array<ArrayBuffer>, place: number, random: Random): Uint8Array<ArrayBuffer> {
  const width = [1, 2, 4, 8][random(4)];
  const littleEndian = random(2) === 0;
  const value = BigInt(random(3) === 0 ? random(2 ** 32) : EDGES[random(EDGES.length)]);
  for (let i = 0; i < width && place + i < bytes.length; i++) {
    bytes[place + i] = Number((value >> BigInt(8 * (littleEndian ? i : width - 1 - i))) & 255n);
  }
  return bytes;
}

function splice(bytes: Uint8Array, place: number, block: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(bytes.subarray(0, place), block, bytes.subarray(place));
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** Whole numbers below a limit, from a generator of 32 bits (mulberry32, public domain). */
function randomNumbers(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
