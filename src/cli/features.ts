import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Command, Option } from 'commander';
import { analyseSignal, decodeToSignal, summarise } from '../audio/analyse.ts';
import { withFile } from '../audio/byte-source.ts';
import {
  DESCRIPTORS,
  type DescriptorName,
  PRESETS,
  type PresetName,
  STATISTICS,
} from '../audio/descriptors.ts';
import { readConfig } from '../config.ts';
import { hasAudioEnding } from '../dataset/found-files.ts';
import { messageOf, SoundalikeError } from '../errors.ts';

interface FeaturesOptions {
  json?: boolean;
  statistics?: boolean;
  pcm?: boolean;
  preset: PresetName;
}

const EXAMPLES = `
Examples:
  soundalike features song.mp3 --json              # every frame of every descriptor
  soundalike features clips/ --json --statistics   # the seven statistics of each
  soundalike features signal.f32 --pcm --json      # raw little-endian float32 mono at 22,050 Hz`;

export function featuresCommand(): Command {
  return new Command('features')
    .argument('<files...>', 'audio files or folders of them')
    .requiredOption('--json', 'print JSON on stdout, the one format there is')
    .option('--statistics', 'the statistics over the frames instead of the frames')
    .option('--pcm', 'the files are raw little-endian float32 mono at 22,050 Hz')
    .addOption(new Option('--preset <name>', 'descriptors').choices(Object.keys(PRESETS)).default('full'))
    .addHelpText('after', EXAMPLES)
    .action(printFeatures);
}

/** One clip is printed and forgotten at a time, so that memory does not grow with their number. */
async function printFeatures(paths: string[], options: FeaturesOptions): Promise<void> {
  const { MAX_TRACK_SECONDS } = readConfig();
  const files = (await Promise.all(paths.map(filesOf))).flat();
  let printed = 0;
  for (const file of files) {
    let values: unknown;
    try {
      const signal = options.pcm
        ? pcmSignal(await readFile(file))
        : await withFile(file, (source) => decodeToSignal(source, { maximumSeconds: MAX_TRACK_SECONDS }));
      values = options.statistics ? statisticsOf(signal, options.preset) : seriesOf(signal, options.preset);
    } catch (error) {
      process.stderr.write(`soundalike: ${file}: ${messageOf(error)}\n`);
      process.exitCode = 3;
      continue;
    }
    const name = basename(file, extname(file));
    process.stdout.write(
      `${printed++ === 0 ? '{' : ',\n'}${JSON.stringify(name)}: ${JSON.stringify(values)}`,
    );
  }
  process.stdout.write(printed === 0 ? '{}\n' : '}\n');
  if (printed === 0) process.exitCode = 1;
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found)
    throw new SoundalikeError('SOURCE_NOT_FOUND', `there is no file or folder ${path}: check the path`);
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && hasAudioEnding(entry.name))
    .map(({ name }) => join(path, name))
    .sort();
}

function pcmSignal(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, i) =>
    view.getFloat32(i * 4, true),
  );
}

/** Each descriptor as a list of frames, each frame a list of bands. */
function seriesOf(signal: Float32Array, preset: PresetName): Record<string, number[][]> {
  const series = analyseSignal<readonly DescriptorName[]>(signal, PRESETS[preset]);
  return Object.fromEntries(
    PRESETS[preset].map((name) => {
      const bands = DESCRIPTORS[name];
      const values = series[name];
      const frames = Array.from({ length: values.length / bands }, (_, frame) =>
        Array.from(values.subarray(frame * bands, (frame + 1) * bands)),
      );
      return [name, frames];
    }),
  );
}

function statisticsOf(signal: Float32Array, preset: PresetName): Record<string, Record<string, number[]>> {
  const statistics = summarise(analyseSignal(signal, PRESETS[preset]));
  return Object.fromEntries(
    Object.entries(statistics).map(([name, values]) => [
      name,
      Object.fromEntries(STATISTICS.map((statistic) => [statistic, Array.from(values[statistic])])),
    ]),
  );
}
