/**
 * What the extraction of one clip costs, in milliseconds: decoding, resampling, features, statistics.
 *
 *     npx tsx bench/extraction.ts FOLDER [rounds] [preset]
 *
 * Each file of the folder is analysed once to warm up and then `rounds` times (default 5). A file's time is the
 * median of its rounds, the table shows the median of the files. Processor time of this process, not wall-clock
 * time, so that other programs on the machine count little.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyseSignal, summarise } from '../src/audio/analyse.ts';
import { bytesInMemory } from '../src/audio/byte-source.ts';
import { decodeAudio } from '../src/audio/decode.ts';
import { type DescriptorName, PRESETS, type PresetName, SAMPLE_RATE } from '../src/audio/descriptors.ts';
import { createResampler } from '../src/audio/resample.ts';

const STEPS = ['decode', 'resample', 'features', 'statistics'] as const;
type Times = Record<(typeof STEPS)[number], number>;

const [folder, rounds = '5', preset = 'default'] = process.argv.slice(2);
if (!folder) throw new Error('usage: npx tsx bench/extraction.ts FOLDER [rounds] [preset]');
const descriptors: readonly DescriptorName[] = PRESETS[preset as PresetName];

const perFile: Times[] = [];
let seconds = 0;
for (const entry of await readdir(folder, { withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const bytes = new Uint8Array(await readFile(join(folder, entry.name)));
  const measured: Times[] = [];
  for (let round = 0; round <= Number(rounds); round++) {
    const { times, duration } = await analyseOnce(bytes);
    if (round === 0) seconds += duration;
    else measured.push(times);
  }
  perFile.push(medians(measured));
}

const result = medians(perFile);
const after = result.resample + result.features + result.statistics;
for (const step of STEPS) console.log(`${step.padEnd(12)}${result[step].toFixed(1).padStart(8)} ms`);
console.log(`${'after/decode'.padEnd(12)}${(after / result.decode).toFixed(2).padStart(8)}`);
console.log(
  JSON.stringify({
    files: perFile.length,
    seconds,
    milliseconds: result,
    afterToDecode: after / result.decode,
  }),
);

async function analyseOnce(bytes: Uint8Array): Promise<{ times: Times; duration: number }> {
  const start = processorTime();
  const blocks: Float32Array[][] = [];
  const { seconds, sampleRate } = await decodeAudio(
    bytesInMemory(bytes),
    { maximumSeconds: 3600 },
    (channels) => blocks.push(channels),
  );
  const decoded = processorTime();
  const signal = new Float32Array(Math.ceil(seconds * SAMPLE_RATE) + 1);
  let length = 0;
  const resampler = createResampler(sampleRate, (samples) => {
    signal.set(samples, length);
    length += samples.length;
  });
  blocks.forEach(resampler.write);
  resampler.end();
  const resampled = processorTime();
  const series = analyseSignal(signal.subarray(0, length), descriptors);
  const analysed = processorTime();
  summarise(series);
  const times = {
    decode: decoded - start,
    resample: resampled - decoded,
    features: analysed - resampled,
    statistics: processorTime() - analysed,
  };
  return { times, duration: seconds };
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function medians(all: Times[]): Times {
  const middle = (step: keyof Times) =>
    all.map((times) => times[step]).sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return {
    decode: middle('decode'),
    resample: middle('resample'),
    features: middle('features'),
    statistics: middle('statistics'),
  };
}
