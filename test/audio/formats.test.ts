import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeWhole } from './whole.ts';

/** What an independent decoder makes of a file (test/oracle/audio_formats.py). */
interface Entry {
  file: string;
  sampleRate: number;
  channels: number;
  /** Samples of each channel. */
  length: number;
  /** Of the interleaved samples as float32: their hash, or 64 of them at even distances. */
  sha256?: string;
  picks?: number[];
}

const FOLDER = new URL('../fixtures/audio/formats/', import.meta.url);
const ENTRIES: Entry[] = JSON.parse(readFileSync(new URL('formats.json', FOLDER), 'utf8'));

test.each(ENTRIES)('$file has the samples of libsndfile or ffmpeg', async (entry) => {
  const bytes = new Uint8Array(readFileSync(new URL(entry.file, FOLDER)));
  const { channels, sampleRate, truncated } = await decodeWhole(bytes, { maximumSeconds: 60 });
  expect({ sampleRate, channels: channels.length, length: channels[0].length, truncated }).toEqual({
    sampleRate: entry.sampleRate,
    channels: entry.channels,
    length: entry.length,
    truncated: false,
  });
  const samples = new Float32Array(channels.length * entry.length);
  samples.forEach((_, i) => {
    samples[i] = channels[i % channels.length][Math.floor(i / channels.length)];
  });
  if (entry.sha256) {
    expect(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex')).toBe(entry.sha256);
  }
  const step = Math.floor(samples.length / 64);
  entry.picks?.forEach((pick, i) => {
    expect(Math.abs(samples[i * step] - pick)).toBeLessThan(2e-4);
  });
});
