import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { id3Length } from '../../src/audio/format.ts';
import { mpegHeaderAt } from '../../src/audio/mpeg-frames.ts';
import { tone, wavFile } from './wav-file.ts';
import { decodeWhole } from './whole.ts';

const LIMITS = { maximumSeconds: 60 };

/** 7 s of 440 Hz, at 0.4 left and 0.2 right (made by test/oracle/make_audio_fixtures.sh). */
const FIXTURES = [
  { file: 'tone.mp3', sampleRate: 44_100, channels: 2 },
  { file: 'tone-without-xing.mp3', sampleRate: 22_050, channels: 1 },
  { file: 'tone-vorbis.ogg', sampleRate: 44_100, channels: 2 },
  { file: 'tone-opus.ogg', sampleRate: 48_000, channels: 2 },
  { file: 'tone-flac.ogg', sampleRate: 8000, channels: 1 },
  { file: 'tone.flac', sampleRate: 8000, channels: 1 },
  { file: 'tone.m4a', sampleRate: 44_100, channels: 2 },
  { file: 'tone-moov-last.m4a', sampleRate: 22_050, channels: 1 },
  { file: 'tone.aac', sampleRate: 44_100, channels: 2 },
];

function fixture(file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/audio/${file}`, import.meta.url)));
}

/** Mean frequency between the first and the last upward zero crossing. */
function pitch(samples: Float32Array, sampleRate: number): number {
  const crossings = Array.from(samples.keys()).filter((i) => i > 0 && samples[i - 1] < 0 && samples[i] >= 0);
  return ((crossings.length - 1) * sampleRate) / (crossings.at(-1)! - crossings[0]);
}

async function codeOf(bytes: Uint8Array, maximumSeconds = 60): Promise<unknown> {
  return decodeWhole(bytes, { maximumSeconds }).then(
    () => null,
    (error) => error.code,
  );
}

describe.each(FIXTURES)('$file', ({ file, sampleRate, channels }) => {
  test('decodes to its length, rate, channels and pitch', async () => {
    const decoded = await decodeWhole(fixture(file), LIMITS);
    expect(decoded.sampleRate).toBe(sampleRate);
    expect(decoded.channels.length).toBe(channels);
    expect(decoded.truncated).toBe(false);
    for (const samples of decoded.channels) {
      // MP3 and AAC without a header that tells their padding are longer by a few frames.
      expect(samples.length / sampleRate).toBeGreaterThanOrEqual(7);
      expect(samples.length / sampleRate).toBeLessThan(7.06);
      const middle = samples.subarray(sampleRate, 6 * sampleRate);
      expect(pitch(middle, sampleRate)).toBeCloseTo(440, 1);
    }
  });

  test('is marked, or refused, wherever its second half is cut', async () => {
    const bytes = fixture(file);
    const steps = Array.from({ length: 25 }, (_, i) => Math.floor(bytes.length * (0.5 + i / 50)) + (i % 7));
    for (const cut of [...steps, bytes.length - 1]) {
      const piece = bytes.subarray(0, cut);
      const outcome = await decodeWhole(piece, LIMITS).catch((error) => error.code);
      if (typeof outcome === 'string') {
        expect(['AUDIO_TOO_SHORT', 'AUDIO_WITHOUT_FRAMES']).toContain(outcome);
        continue;
      }
      if (outcome.truncated) {
        expect(outcome.channels[0].length / sampleRate).toBeGreaterThanOrEqual(5);
        continue;
      }
      // Frames of MPEG audio stand alone: without a Xing header a cut between two leaves no trace.
      expect(['tone-without-xing.mp3', 'tone.aac'], `cut at ${cut}`).toContain(file);
      const longer = await decodeWhole(bytes.subarray(0, cut + 1), LIMITS).catch((error) => error.code);
      expect(longer.truncated ?? longer).toBeOneOf([true, 'AUDIO_TOO_SHORT']);
    }
  });

  test('is refused when too long', async () => {
    expect(await codeOf(fixture(file), 6)).toBe('AUDIO_TOO_LONG');
  });

  test('gives the same samples after a file that failed', async () => {
    const bytes = fixture(file);
    const before = await decodeWhole(bytes, LIMITS);
    const damaged = bytes.map((byte, i) => (i % 97 === 96 ? ~byte : byte));
    await decodeWhole(damaged, LIMITS).catch(() => null);
    const cut = bytes.subarray(0, bytes.length / 3);
    await decodeWhole(cut, LIMITS).catch(() => null);
    const after = await decodeWhole(bytes, LIMITS);
    after.channels.forEach((samples, c) => {
      expect(Buffer.from(samples.buffer).equals(Buffer.from(before.channels[c].buffer))).toBe(true);
    });
  });
});

describe('WAV', () => {
  const left = tone(440, 0.5);
  const right = tone(220, 0.5, 22_050, 0.25);

  test.each([
    { bits: 8, float: false, error: 1 / 128 },
    { bits: 16, float: false, error: 1 / 32_768 },
    { bits: 24, float: false, error: 1e-7 },
    { bits: 32, float: false, error: 1e-7 },
    { bits: 32, float: true, error: 0 },
    { bits: 64, float: true, error: 0 },
  ])('of $bits bits, float $float', async ({ bits, float, error }) => {
    const decoded = await decodeWhole(wavFile([left, right], { bits, float }), LIMITS);
    expect(decoded).toMatchObject({ sampleRate: 22_050, truncated: false });
    [left, right].forEach((samples, c) => {
      expect(decoded.channels[c].length).toBe(samples.length);
      const worst = samples.reduce((most, x, i) => Math.max(most, Math.abs(x - decoded.channels[c][i])), 0);
      expect(worst).toBeLessThanOrEqual(error);
    });
  });

  test('with a header that names the impossible is refused', async () => {
    const noChannels = wavFile([left]);
    new DataView(noChannels.buffer).setUint16(22, 0, true);
    expect(await codeOf(noChannels)).toBe('AUDIO_WITHOUT_FRAMES');
    const noBlock = wavFile([left]);
    new DataView(noBlock.buffer).setUint16(32, 0, true);
    expect(await codeOf(noBlock)).toBe('AUDIO_WITHOUT_FRAMES');
    expect(await codeOf(wavFile([left], { sampleRate: 3 }), 1e6)).toBe('AUDIO_UNKNOWN_FORMAT');
    expect(await codeOf(wavFile([left], { sampleRate: 10_000_000 }))).toBe('AUDIO_UNKNOWN_FORMAT');
  });

  test('whose header was never finished is whole', async () => {
    const streamed = wavFile([left]);
    new DataView(streamed.buffer).setUint32(40, 0xffffffff, true);
    const decoded = await decodeWhole(streamed, LIMITS);
    expect(decoded.truncated).toBe(false);
    expect(decoded.channels[0].length).toBe(left.length);
  });

  test('cut anywhere is marked or refused', async () => {
    const bytes = wavFile([tone(440, 8, 8000)], { sampleRate: 8000 });
    const long = await decodeWhole(bytes.subarray(0, bytes.length - 1), LIMITS);
    expect(long.truncated).toBe(true);
    expect(await codeOf(bytes.subarray(0, bytes.length / 2))).toBe('AUDIO_TOO_SHORT');
    expect(await codeOf(bytes.subarray(0, 44))).toBe('AUDIO_WITHOUT_FRAMES');
    expect(await codeOf(bytes.subarray(0, 30))).toBe('AUDIO_WITHOUT_FRAMES');
  });
});

describe('what is no audio', () => {
  test('an empty file', async () => {
    expect(await codeOf(new Uint8Array(0))).toBe('AUDIO_EMPTY');
  });

  test('text, zeros and noise', async () => {
    expect(await codeOf(new TextEncoder().encode('<html>not found</html>'.repeat(100)))).toBe(
      'AUDIO_UNKNOWN_FORMAT',
    );
    expect(await codeOf(new Uint8Array(10_000))).toBe('AUDIO_UNKNOWN_FORMAT');
    let state = 7;
    const noise = Uint8Array.from({ length: 300_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
    expect(await codeOf(noise)).toBe('AUDIO_UNKNOWN_FORMAT');
  });

  test('a tag without audio behind it', async () => {
    const tag = new Uint8Array(2058);
    tag.set(new TextEncoder().encode('ID3'));
    tag.set([4, 0, 0, 0, 0, 16, 0], 3);
    expect(await codeOf(tag)).toBe('AUDIO_WITHOUT_FRAMES');
    expect(await codeOf(tag.subarray(0, 100))).toBe('AUDIO_WITHOUT_FRAMES');
  });

  test.each([
    { file: 'tone-vorbis.ogg', bytes: 58 },
    { file: 'tone-opus.ogg', bytes: 47 },
    { file: 'tone.flac', bytes: 60 },
    { file: 'tone.m4a', bytes: 200 },
  ])('only the header of $file', async ({ file, bytes }) => {
    expect(await codeOf(fixture(file).subarray(0, bytes))).toBe('AUDIO_WITHOUT_FRAMES');
  });
});

test('an MP3 is known behind a tag, and behind bytes that belong to nothing', async () => {
  const audio = fixture('tone-without-xing.mp3');
  const tag = new Uint8Array(1034);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 8, 0]);
  for (const prefix of [tag, new Uint8Array(500)]) {
    const decoded = await decodeWhole(Buffer.concat([prefix, audio]), LIMITS);
    expect(decoded).toMatchObject({ sampleRate: 22_050, truncated: false });
    expect(decoded.channels[0].length / 22_050).toBeGreaterThan(7);
  }
});

test('an MP3 with a Xing header is marked even when cut between two frames', async () => {
  const bytes = fixture('tone.mp3');
  let [offset, last] = [id3Length(bytes), 0];
  while (offset < bytes.length) {
    last = offset;
    offset += mpegHeaderAt(bytes, offset)!.length;
  }
  expect((await decodeWhole(bytes.subarray(0, last), LIMITS)).truncated).toBe(true);
});

test('a tag at the end of an MP3 is no damage, lost bytes in its middle are', async () => {
  const audio = fixture('tone-without-xing.mp3');
  const tag = new Uint8Array(128);
  tag.set(new TextEncoder().encode('TAGtitle'));
  expect((await decodeWhole(Buffer.concat([audio, tag]), LIMITS)).truncated).toBe(false);
  const torn = Buffer.concat([audio.subarray(0, 6000), audio.subarray(6020)]);
  expect((await decodeWhole(torn, LIMITS)).truncated).toBe(true);
});

test('an Ogg file with one wrong byte is marked', async () => {
  const bytes = fixture('tone-vorbis.ogg');
  bytes[bytes.length - 3000] ^= 1;
  expect((await decodeWhole(bytes, LIMITS)).truncated).toBe(true);
});
