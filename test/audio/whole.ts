import { analyseTrack, decodable } from '../../src/audio/analyse.ts';
import type { AnalysisSettings } from '../../src/audio/analysis-settings.ts';
import { bytesInMemory } from '../../src/audio/byte-source.ts';
import { type DecodeLimits, decodeAudio } from '../../src/audio/decode.ts';
import type { ClipFeatures } from '../../src/audio/descriptors.ts';
import { createResampler } from '../../src/audio/resample.ts';

/** All samples of a file, and what is known of it. */
export async function decodeWhole(
  bytes: Uint8Array,
  limits: DecodeLimits,
): Promise<{ channels: Float32Array[]; sampleRate: number; truncated: boolean }> {
  const blocks: Float32Array[][] = [];
  const decoded = await decodeAudio(bytesInMemory(bytes), limits, (channels) => {
    blocks.push(channels.map((samples) => samples.slice()));
  });
  const channels = Array.from({ length: decoded.channels }, (_, channel) =>
    joined(blocks.map((block) => block[channel % block.length])),
  );
  return { ...decoded, channels };
}

export async function analyseClip(
  bytes: Uint8Array,
  limits: DecodeLimits,
  analysis: AnalysisSettings,
): Promise<ClipFeatures> {
  return (await analyseTrack(decodable(bytesInMemory(bytes), limits), analysis)).features;
}

/** @param blocks Lengths of the blocks that are written, again and again; by default all is one. */
export function resample(
  channels: Float32Array[],
  sampleRate: number,
  blocks: number[] = [channels[0].length],
): Float32Array {
  const parts: Float32Array[] = [];
  const resampler = createResampler(sampleRate, (samples) => parts.push(samples.slice()));
  for (let start = 0, i = 0; start < channels[0].length; i++) {
    const end = start + blocks[i % blocks.length];
    resampler.write(channels.map((samples) => samples.subarray(start, end)));
    start = end;
  }
  resampler.end();
  return joined(parts);
}

function joined(parts: Float32Array[]): Float32Array {
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    samples.set(part, place);
    place += part.length;
  }
  return samples;
}
