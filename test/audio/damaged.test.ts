import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SoundalikeError } from '../../src/errors.ts';
import { tone, wavFile } from './wav-file.ts';
import { analyseClip, decodeWhole } from './whole.ts';

const LIMITS = { maximumSeconds: 60 };

function fixture(file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/audio/${file}`, import.meta.url)));
}

async function codeOf(bytes: Uint8Array): Promise<unknown> {
  return analyseClip(bytes, LIMITS, { preset: 'full', window: null, ffmpeg: null }).then(
    ({ statistics }) => Object.values(statistics).every(({ mean }) => mean.every(Number.isFinite)),
    (error) => error.code,
  );
}

/** With `block` put in at `place`. */
function withBlock(bytes: Uint8Array, place: number, block: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([bytes.subarray(0, place), block, bytes.subarray(place)]));
}

test.each([
  'tone.mp3',
  'burst.aac',
  'burst.wav',
  'burst-ima.wav',
  'burst.aiff',
  'formats/pcm_24.w64',
  'formats/pcm_24.rf64',
  'formats/float.wavex',
])('%s that is cut at any of its first bytes gives samples or an error of ours', async (file) => {
  const bytes = fixture(file);
  for (let length = 0; length < 160; length++) {
    const outcome = await decodeWhole(bytes.slice(0, length), LIMITS).catch((error) => error);
    expect(outcome.channels ?? outcome, `${length} bytes`).toSatisfy(
      (value) => Array.isArray(value) || value instanceof SoundalikeError,
    );
  }
});

test('an MP4 file whose inner boxes end behind it gives an error of ours', async () => {
  const bytes = fixture('tone-moov-last.m4a');
  const mediaHeader = Buffer.from(bytes).indexOf('mdhd') + 4;
  const header = Buffer.from(bytes).indexOf('moov') - 4;
  const cut = bytes.slice(0, mediaHeader + 6);
  new DataView(cut.buffer).setUint32(header, cut.length - header);
  await expect(decodeWhole(cut, LIMITS)).rejects.toThrow(SoundalikeError);
});

test.each([
  ['burst.m4a', 'stsz', 12],
  ['burst.m4a', 'stco', 8],
  ['burst.m4a', 'stsc', 8],
  ['burst-fragments.m4a', 'trun', 8],
])('%s whose table %s names more entries than it holds is refused', async (file, table, place) => {
  const bytes = fixture(file);
  const count = Buffer.from(bytes).indexOf(table) + place;
  new DataView(bytes.buffer).setUint32(count, 0xfffffff0);
  await expect(decodeWhole(bytes, LIMITS)).rejects.toThrow(/tables/);
});

describe('MP3', () => {
  const frames = fixture('tone-without-xing.mp3');

  test('in free format is refused', async () => {
    const free = frames.map((byte, i) =>
      frames[i - 2] === 0xff && frames[i - 1] === 0xf3 ? byte & 15 : byte,
    );
    expect(await codeOf(free)).toBe('AUDIO_UNKNOWN_FORMAT');
  });

  test('whose rate changes is the part before the change', async () => {
    const mixed = new Uint8Array(Buffer.concat([frames, fixture('formats/mono-44100.mp3')]));
    const { sampleRate, channels, truncated } = await decodeWhole(mixed, LIMITS);
    expect({ sampleRate, truncated }).toEqual({ sampleRate: 22_050, truncated: true });
    expect(channels[0].length / sampleRate).toBeCloseTo(7, 0);
  });
});

test.each(['burst-opus.ogg', 'tone-vorbis.ogg'])(
  'an Ogg file is the part before %s, a stream of another kind, is chained to it',
  async (other) => {
    const first = fixture('burst-vorbis.ogg');
    const alone = await decodeWhole(first, LIMITS);
    const chained = await decodeWhole(new Uint8Array(Buffer.concat([first, fixture(other)])), LIMITS);
    expect(chained).toEqual({ ...alone, truncated: true });
  },
);

describe('signals at the edge', () => {
  test('one sample, and none', async () => {
    expect(await codeOf(wavFile([[0.5]]))).toBe('AUDIO_TOO_SHORT');
    expect(await codeOf(wavFile([[]]))).toBe('AUDIO_WITHOUT_FRAMES');
  });

  test.each([
    ['direct current', new Float32Array(22_050).fill(0.5), 22_050],
    ['full scale, alternating', Float32Array.from({ length: 22_050 }, (_, i) => (i % 2 ? 1 : -1)), 22_050],
    ['one sample of many', Float32Array.from({ length: 22_050 }, (_, i) => Number(i === 9000)), 22_050],
    ['8 kHz, with nothing in the upper bands', tone(440, 1, 8000), 8000],
    ['2 kHz', tone(440, 1, 2000), 2000],
    ['768 kHz', tone(440, 0.2, 768_000), 768_000],
  ])('%s: all values are finite', async (_, samples, sampleRate) => {
    expect(await codeOf(wavFile([samples], { bits: 32, float: true, sampleRate }))).toBe(true);
  });
});

describe('uncompressed files', () => {
  const signal = tone(440, 0.1);

  test('WAV: a chunk of odd length before the samples is passed over with its padding', async () => {
    const chunk = new Uint8Array([...new TextEncoder().encode('note'), 3, 0, 0, 0, 1, 2, 3, 0]);
    const decoded = await decodeWhole(withBlock(wavFile([signal]), 36, chunk), LIMITS);
    expect(decoded.channels[0].length).toBe(signal.length);
  });

  test('WAV: samples without a format before them are refused', async () => {
    const file = wavFile([signal]);
    const headless = new Uint8Array(Buffer.concat([file.subarray(0, 12), file.subarray(36)]));
    expect(await codeOf(headless)).toBe('AUDIO_WITHOUT_FRAMES');
  });

  test('WAV: ADPCM that names more samples than its blocks have room for is refused', async () => {
    const bytes = fixture('burst-ima.wav');
    const view = new DataView(bytes.buffer);
    view.setUint16(38, 65_535, true);
    expect(await codeOf(bytes)).toBe('AUDIO_WITHOUT_FRAMES');
    view.setUint16(38, 0, true);
    view.setUint16(32, 1, true);
    expect(await codeOf(bytes)).toBe('AUDIO_WITHOUT_FRAMES');
  });

  test('AIFF: what follows the samples is no sound', async () => {
    const bytes = fixture('formats/pcm_16.aiff');
    const name = new TextEncoder().encode('ANNO\0\0\0\x08 no sound');
    const decoded = await decodeWhole(withBlock(bytes, bytes.length, name), LIMITS);
    expect(decoded).toMatchObject({ truncated: false, sampleRate: 8000 });
    expect(decoded.channels[0].length).toBe(250);
  });

  test('AIFF: the format may stand behind the samples', async () => {
    const bytes = Buffer.from(fixture('formats/pcm_16.aiff'));
    const [common, sound] = [bytes.indexOf('COMM'), bytes.indexOf('SSND')];
    const format = bytes.subarray(common, common + 26);
    const swapped = Buffer.concat([bytes.subarray(0, 12), bytes.subarray(sound), format]);
    const [first, second] = await Promise.all([bytes, swapped].map((file) => decodeWhole(file, LIMITS)));
    expect(second).toEqual(first);
  });

  test('AIFF: a header that was never finished is whole', async () => {
    const bytes = fixture('formats/pcm_16.aiff');
    const view = new DataView(bytes.buffer);
    const at = (name: string) => Buffer.from(bytes).indexOf(name);
    view.setUint32(at('COMM') + 10, 0);
    view.setUint32(at('SSND') + 4, 0);
    const { channels, truncated } = await decodeWhole(bytes, LIMITS);
    expect({ length: channels[0].length, truncated }).toEqual({ length: 250, truncated: false });
  });

  test('AIFF: other compressions are refused by name', async () => {
    const bytes = fixture('formats/pcm_32_little.aifc');
    bytes.set(new TextEncoder().encode('ima4'), Buffer.from(bytes).indexOf('23ni'));
    await expect(decodeWhole(bytes, LIMITS)).rejects.toThrow(/ima4/);
  });
});
