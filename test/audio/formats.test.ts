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
  /** Of the interleaved samples, or of the one channel that MPEG audio is mixed to, as float32: hash, or 64 at even distances. */
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
  const given = /\.mp[23]$/.test(entry.file) ? channels.slice(0, 1) : channels;
  const samples = new Float32Array(given.length * entry.length);
  samples.forEach((_, i) => {
    samples[i] = given[i % given.length][Math.floor(i / given.length)];
  });
  if (entry.sha256) {
    expect(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex')).toBe(entry.sha256);
  }
  const step = Math.floor(samples.length / 64);
  entry.picks?.forEach((pick, i) => {
    expect(Math.abs(samples[i * step] - pick)).toBeLessThan(2e-4);
  });
});
