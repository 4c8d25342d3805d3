/**
 * The whole way of a clip, file to statistics, over the files that are named, in this process and by the built program,
 * as users run it: `npm run build` first. The first two are analysed once more beforehand, to warm up. Prints processor
 * seconds (of all threads) and the process's peak memory as JSON, as the peers do. Run by bench/extract.ts.
 *
 *     node bench/extract-clips.mjs PRESET FILE...
 */
import { analyseTrack, decodable } from '../dist/audio/analyse.js';
import { withFile } from '../dist/audio/byte-source.js';

const [preset, ...files] = process.argv.slice(2);
const limits = { maximumSeconds: 43_200 };
const settings = { preset, window: null, ffmpeg: null };

const analyse = (file) => withFile(file, (source) => analyseTrack(decodable(source, limits), settings));

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
