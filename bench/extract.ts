/**
 * What the extraction of a clip costs: by stage, by format, as a whole process, and beside librosa and bliss-rs.
 *
 *     npx tsx bench/extract.ts FOLDER [--clips 12] [--rounds 5] [--preset default] [--peers] [--python python3]
 *
 * The clips are the first of the folder by name (infra/real-clips.sh makes one). `--preset` is that of the stages.
 * Processor time, not wall-clock time, so that other programs on the machine count little; only two processes against
 * one are by the clock, and mean something on a quiet machine alone. `--peers` needs a Python with librosa 0.11 and,
 * for bliss-rs, cargo. Formats need ffmpeg. Prints tables, then JSON.
 */
import { readdir } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PresetName } from '../src/audio/descriptors.ts';
import { measureFormats } from './extract/formats.ts';
import { compare, ourselves, peers, type Throughput, twoAgainstOne } from './extract/programs.ts';
import { measureStages, PACKAGE } from './extract/stages.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clips: { type: 'string', default: '12' },
    rounds: { type: 'string', default: '5' },
    preset: { type: 'string', default: 'default' },
    peers: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
  },
});
const [folder] = positionals;
if (!folder) throw new Error('usage: npx tsx bench/extract.ts FOLDER [--clips N] [--rounds N] [--peers]');
const [clips, rounds] = [Number(options.clips), Number(options.rounds)];

const entries = await readdir(folder, { withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile())
  .map((entry) => join(folder, entry.name))
  .sort()
  .slice(0, clips);

const programs = {
  'soundalike default': ourselves('default'),
  'soundalike minimal': ourselves('minimal'),
  ...(options.peers ? await peers(options.python, join(tmpdir(), 'soundalike-bliss')) : {}),
};
const stages = await measureStages(files, rounds, options.preset as PresetName, true);
const formats = await measureFormats(files.slice(0, Math.ceil(clips / 3)), rounds);
const throughput: Record<string, Throughput> = await compare(programs, files, rounds);
const twoProcesses = await twoAgainstOne(programs['soundalike default'], files, rounds);

/** How many times as fast as each peer we are, with the set of descriptors that is nearest to its own. */
const opponents = {
  'librosa fma': 'soundalike default',
  'librosa minimal': 'soundalike minimal',
  'bliss-rs': 'soundalike default',
};
const ratios = Object.fromEntries(
  Object.entries(opponents)
    .filter(([peer]) => peer in throughput)
    .map(([peer, us]) => [
      `${us} / ${peer}`,
      Number((throughput[peer].millisecondsPerClip / throughput[us].millisecondsPerClip).toFixed(2)),
    ]),
);
const afterToPackage = Number((stages['after decoding'] / stages[PACKAGE]).toFixed(3));

console.log('Milliseconds a clip:');
console.table(stages);
console.log(`After decoding / audio-decode alone: ${afterToPackage}`);
console.log('Milliseconds a clip, by format:');
console.table(formats);
console.log('Whole processes, on one core:');
console.table(throughput);
console.table({ ...ratios, 'two processes / one': twoProcesses });
const machine = { processor: cpus()[0].model, cores: cpus().length, node: process.version };
console.log(
  JSON.stringify({
    machine,
    clips: files.length,
    rounds,
    stages,
    afterToPackage,
    formats,
    throughput,
    ratios,
    twoProcesses,
  }),
);
