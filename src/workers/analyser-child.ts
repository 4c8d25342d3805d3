import { analyseTrack } from '../audio/analyse.ts';
import { hashing, withFile } from '../audio/byte-source.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import type { AnalysisReply, AnalysisRequest } from './analyser.ts';
import { trackAudio } from './track-audio.ts';

async function analyse({ file, maximumSeconds, settings }: AnalysisRequest): Promise<AnalysisReply> {
  try {
    return await withFile(file, async (bytes) => {
      const source = hashing(bytes);
      const started = performance.now();
      const audio = trackAudio(file, source, { maximumSeconds }, settings);
      const { features, featuresMs } = await analyseTrack(audio, settings);
      const decodeMs = performance.now() - started - featuresMs;
      return { features, contentHash: await source.sha256(), decodeMs, featuresMs };
    });
  } catch (error) {
    if (error instanceof SoundalikeError && error.code !== 'AUDIO_CRASHED')
      return { failure: { code: error.code, message: error.message } };
    const { code } = error as NodeJS.ErrnoException;
    // The disk, the memory or a broken decoder: a process that starts anew finds out whether it is the file.
    if (code !== undefined || error instanceof RangeError || (error as Error).name === 'RuntimeError') {
      process.stderr.write(`analyser: ${messageOf(error)}\n`);
      process.exit(1);
    }
    // What a decoder throws of its own accord is a fault of the file.
    return { failure: { code: 'AUDIO_UNKNOWN_FORMAT', message: messageOf(error) } };
  }
}

process.on('message', async (request: AnalysisRequest) => process.send!(await analyse(request)));
// The parent is gone: nobody waits for the answer.
process.on('disconnect', () => process.exit());
// A stop is the parent's to order; it finishes or drops the clip first.
process.on('SIGINT', () => {});
