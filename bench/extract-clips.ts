/**
 * The whole way of a clip, file to statistics, over the files that are named, in this process. The first two are
 * analysed once more beforehand, to warm up. Prints processor seconds (of all threads) and the process's peak memory
 * as JSON, as the peers do. Run by bench/extract.ts.
 *
 *     npx tsx bench/extract-clips.ts PRESET FILE...
 */
import { analyseTrack, decodable } from '../src/audio/analyse.ts';
import { withFile } from '../src/audio/byte-source.ts';
import type { PresetName } from '../src/audio/descriptors.ts';

const [preset, ...files] = process.argv.slice(2);

async function analyse(file: string): Promise<void> {
  const settings = { preset: preset as PresetName, window: null, ffmpeg: null };
  await withFile(file, (source) => analyseTrack(decodable(source, { maximumSeconds: 3600 }), settings));
}

for (const file of files.slice(0, 2)) await analyse(file);
const start = process.cpuUsage();
for (const file of files) await analyse(file);
const { user, system } = process.cpuUsage(start);
console.log(
  JSON.stringify({
    clips: files.length,
    seconds: (user + system) / 1e6,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
