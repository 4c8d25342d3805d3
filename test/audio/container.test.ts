import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../src/audio/byte-source.ts';
import { watchDamage } from '../../src/audio/container.ts';
import { statedSeconds } from '../../src/audio/decode.ts';
import { detectFormat } from '../../src/audio/format.ts';
import { tone, wavFile } from './wav-file.ts';
import { decodeWhole } from './whole.ts';

const LIMITS = { maximumSeconds: 60 };

function fixture(file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/audio/${file}`, import.meta.url)));
}

function isDamaged(bytes: Uint8Array, pieceBytes: number): boolean {
  const damage = watchDamage(detectFormat(bytes)!, bytes);
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    damage.push(bytes.subarray(start, start + pieceBytes));
  }
  return damage.end();
}

describe.each(['tone.mp3', 'tone-without-xing.mp3', 'tone.aac', 'tone-vorbis.ogg', 'tone-opus.ogg'])(
  'damage of %s is seen in pieces of any length:',
  (file) => {
    const whole = fixture(file);
    const middle = Math.floor(whole.length / 2);
    test.each([
      ['none', whole, false],
      ['the last byte is missing', whole.subarray(0, -1), true],
      ['the second half is missing', whole.subarray(0, middle + 1), true],
      [
        'bytes in the middle are missing',
        Buffer.concat([whole.subarray(0, middle), whole.subarray(middle + 20)]),
        true,
      ],
      [
        'bytes in the middle belong to nothing',
        Buffer.concat([whole.subarray(0, middle), new Uint8Array(20), whole.subarray(middle)]),
        true,
      ],
    ])('%s', (_, bytes, damaged) => {
      for (const pieceBytes of [bytes.length, 1000, 8192, 9001]) {
        expect(isDamaged(bytes, pieceBytes), `pieces of ${pieceBytes}`).toBe(damaged);
      }
    });
  },
);

test('what stands before the sound may be longer than a piece', async () => {
  const tag = new Uint8Array(10 + 300 * 1024);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 18, 96, 0]);
  const mp3 = await decodeWhole(Buffer.concat([tag, fixture('tone.mp3')]), LIMITS);
  expect(mp3).toMatchObject({ sampleRate: 44_100, truncated: false });
  expect(mp3.channels[0].length).toBe(7 * 44_100);

  const wav = wavFile([tone(440, 1)]);
  const picture = new Uint8Array(8 + 300_000);
  picture.set(new TextEncoder().encode('LIST'));
  new DataView(picture.buffer).setUint32(4, 300_000, true);
  const bytes = Buffer.concat([wav.subarray(0, 36), picture, wav.subarray(36)]);
  expect(await decodeWhole(bytes, LIMITS)).toEqual(await decodeWhole(wav, LIMITS));
  expect(await decodeWhole(bytes.subarray(0, -1), LIMITS).catch((error) => error.code)).toBe(
    'AUDIO_TOO_SHORT',
  );
});

test('an MP4 file whose header stands last needs no more memory than one whose header stands first', async () => {
  const reads: number[] = [];
  const source = bytesInMemory(fixture('tone-moov-last.m4a'));
  const watched = {
    size: source.size,
    read: (start: number, length: number) => {
      reads.push(length);
      return source.read(start, length);
    },
  };
  expect(await statedSeconds(watched)).toBeNull();
  expect(Math.max(...reads.filter((length) => length !== 2 ** 17))).toBeLessThan(source.size / 4);
});

test.each(['tone.mp3', 'tone.flac'])('the header of %s tells its length to the sample', async (file) => {
  expect(await statedSeconds(bytesInMemory(fixture(file)))).toBe(7);
});

test.each(['tone-without-xing.mp3', 'tone-vorbis.ogg', 'tone.m4a'])('that of %s does not', async (file) => {
  expect(await statedSeconds(bytesInMemory(fixture(file)))).toBeNull();
});
