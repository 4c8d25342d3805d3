import { readFileSync } from 'node:fs';
import decode from 'audio-decode';
import { expect, test } from 'vitest';
import { mp3Decoder } from '../../src/audio/mp3-decoder.ts';

function fixture(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../fixtures/audio/${file}`, import.meta.url)));
}

/** @param pieceBytes Lengths of the pieces, again and again. */
async function decodeInPieces(bytes: Uint8Array, pieceBytes: number[]): Promise<Float32Array> {
  const decoder = await mp3Decoder(bytes);
  const samples: number[] = [];
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const end = start + pieceBytes[i % pieceBytes.length];
    const { channelData } = await decoder(bytes.subarray(start, end));
    samples.push(...(channelData[0] ?? []));
    start = end;
  }
  samples.push(...((await decoder()).channelData[0] ?? []));
  decoder.free();
  return Float32Array.from(samples);
}

function isSame(one: Float32Array, other: Float32Array): boolean {
  return one.length === other.length && one.every((sample, i) => sample === other[i]);
}

const FILES = [
  // Joint stereo, with short blocks; a Xing header that tells the padding; variable bit rate.
  'burst.mp3',
  'tone.mp3',
  'formats/variable.mp3',
  // Channels of different block types.
  'dual.mp3',
  // One channel at 22,050 Hz, without a Xing header.
  'tone-without-xing.mp3',
  'formats/mono-8000.mp3',
  'formats/layer-2.mp2',
  'formats/layer-2-22050.mp2',
];

test.each(FILES)("%s is the mean of mpg123's channels", async (file) => {
  const bytes = fixture(file);
  const { channelData } = await decode(bytes);
  const samples = await decodeInPieces(bytes, [8192]);
  expect(samples.length).toBe(channelData[0].length);
  let worst = 0;
  samples.forEach((sample, i) => {
    const mean = channelData.reduce((sum, channel) => sum + channel[i], 0) / channelData.length;
    worst = Math.max(worst, Math.abs(sample - mean));
  });
  expect(worst).toBeLessThan(3e-6);
});

test.each(FILES)('%s gives the same samples however it is cut', async (file) => {
  const bytes = fixture(file);
  const whole = await decodeInPieces(bytes, [8192]);
  for (const pieces of [[8191], [1, 700, 5000], [97]]) {
    expect(isSame(await decodeInPieces(bytes, pieces), whole), String(pieces)).toBe(true);
  }
});

test('two files that are decoded at once do not mix', async () => {
  const [first, second] = [fixture('burst.mp3'), fixture('tone.mp3')];
  const alone = await decodeInPieces(first, [4000]);
  const [beside] = await Promise.all([decodeInPieces(first, [4000]), decodeInPieces(second, [4000])]);
  expect(isSame(beside, alone)).toBe(true);
});

test('lost frames take their own samples, and leave the others in their places', async () => {
  const bytes = fixture('tone-without-xing.mp3');
  const whole = await decodeInPieces(bytes, [8192]);
  const torn = await decodeInPieces(Buffer.concat([bytes.subarray(0, 6000), bytes.subarray(6777)]), [8192]);
  const lost = whole.length - torn.length;
  expect(lost % 576).toBe(0);
  expect(lost / 576).toBeGreaterThan(4);
  const last = 3 * 22_050;
  expect(isSame(torn.subarray(-last), whole.subarray(-last))).toBe(true);
});
