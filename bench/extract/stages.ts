import { readFile } from 'node:fs/promises';
import decodeByPackage from 'audio-decode';
import { analyseSignal, summarise } from '../../src/audio/analyse.ts';
import { bytesInMemory } from '../../src/audio/byte-source.ts';
import { decodeAudio } from '../../src/audio/decode.ts';
import { type DescriptorName, PRESETS, type PresetName, SAMPLE_RATE } from '../../src/audio/descriptors.ts';
import { addToWaveform, noWaveform, peaksOf } from '../../src/audio/peaks.ts';
import { createResampler } from '../../src/audio/resample.ts';
import { createSegments } from '../../src/audio/segments.ts';
import { medianOf } from './median-of.ts';

/** Milliseconds of processor time by stage. */
export type StageTimes = Record<string, number>;

const LIMITS = { maximumSeconds: 3600 };
/** The package `audio-decode` alone, whose time that of the stages behind the decoder is divided by. */
export const PACKAGE = 'audio-decode alone';

/**
 * The stages of files, each file analysed once to warm up and then `rounds` times; medians over rounds and files.
 * A descriptor's time is what it adds to the STFT, together with all that it is made from.
 *
 * @param eachDescriptor Whether descriptors are measured one by one, too.
 */
export async function measureStages(
  files: string[],
  rounds: number,
  preset: PresetName,
  eachDescriptor: boolean,
): Promise<StageTimes> {
  const measured: StageTimes[] = [];
  for (const file of files) {
    const bytes = new Uint8Array(await readFile(file));
    for (let round = 0; round <= rounds; round++) {
      const times = await measureOnce(bytes, PRESETS[preset], eachDescriptor);
      if (round > 0) measured.push(times);
    }
  }
  const stages = Object.keys(measured[0]);
  return Object.fromEntries(
    stages.map((stage) => [stage, Number(medianOf(measured.map((times) => times[stage])).toFixed(2))]),
  );
}

async function measureOnce(
  bytes: Uint8Array,
  descriptors: readonly DescriptorName[],
  eachDescriptor: boolean,
): Promise<StageTimes> {
  let start = processorTime();
  await decodeByPackage(bytes);
  const byPackage = processorTime() - start;
  start = processorTime();
  await decodeAudio(bytesInMemory(bytes), LIMITS, () => {});
  const decode = processorTime() - start;
  const blocks: Float32Array[][] = [];
  const { seconds, sampleRate } = await decodeAudio(bytesInMemory(bytes), LIMITS, (channels) => {
    blocks.push(channels.map((samples) => samples.slice()));
  });
  const [signal, mixAndResample] = timed(() => resample(blocks, seconds, sampleRate));
  const [series, features] = timed(() => analyseSignal(signal, descriptors));
  const [, statistics] = timed(() => summarise(series));
  const [, picture] = timed(() => {
    const segments = createSegments(descriptors);
    segments.add(series);
    segments.end();
    const waveform = noWaveform();
    addToWaveform(signal, waveform);
    peaksOf(waveform);
  });
  const afterDecoding = mixAndResample + features + statistics + picture;
  const whole = {
    [PACKAGE]: byPackage,
    decode,
    'mix, resample': mixAndResample,
    'STFT, descriptors': features,
    statistics,
    'segments, waveform': picture,
  };
  if (!eachDescriptor) return { ...whole, 'after decoding': afterDecoding };
  const [, stft] = timed(() => analyseSignal(signal, []));
  const single = descriptors.map((name) => {
    const [, time] = timed(() => analyseSignal(signal, [name]));
    return [`  ${name}`, time - stft];
  });
  return { ...whole, 'after decoding': afterDecoding, '  STFT': stft, ...Object.fromEntries(single) };
}

function resample(blocks: Float32Array[][], seconds: number, sampleRate: number): Float32Array {
  const signal = new Float32Array(Math.ceil(seconds * SAMPLE_RATE) + 1);
  let length = 0;
  const resampler = createResampler(sampleRate, (samples) => {
    signal.set(samples, length);
    length += samples.length;
  });
  blocks.forEach(resampler.write);
  resampler.end();
  return signal.subarray(0, length);
}

function timed<Result>(work: () => Result): [Result, number] {
  const start = processorTime();
  const result = work();
  return [result, processorTime() - start];
}

/** Milliseconds of processor time of this process: other programs on the machine count little. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
