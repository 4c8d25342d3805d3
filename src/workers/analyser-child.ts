import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { featuresOf } from '../audio/analyse.ts';
import { decodeAudio } from '../audio/decode.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import type { AnalysisReply, AnalysisRequest } from './analyser.ts';

async function analyse({ file, maximumSeconds, settings }: AnalysisRequest): Promise<AnalysisReply> {
  try {
    const bytes = await readFile(file);
    const started = performance.now();
    const audio = await decodeAudio(bytes, { maximumSeconds });
    const decoded = performance.now();
    const features = featuresOf(audio, settings);
    const contentHash = createHash('sha256').update(bytes).digest('hex');
    return { features, contentHash, decodeMs: decoded - started, featuresMs: performance.now() - decoded };
  } catch (error) {
    if (error instanceof SoundalikeError) return { failure: { code: error.code, message: error.message } };
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_FS_FILE_TOO_LARGE') {
      return { failure: { code: 'AUDIO_TOO_LONG', message: 'the file is larger than 2 GiB: cut it' } };
    }
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
