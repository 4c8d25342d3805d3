import { readFile } from 'node:fs/promises';
import { featuresOf } from '../audio/analyse.ts';
import { decodeAudio } from '../audio/decode.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import type { AnalysisReply, AnalysisRequest } from './analyser.ts';

async function analyse({ file, maximumSeconds }: AnalysisRequest): Promise<AnalysisReply> {
  try {
    const bytes = await readFile(file);
    const started = performance.now();
    const audio = await decodeAudio(bytes, { maximumSeconds });
    const decoded = performance.now();
    const features = featuresOf(audio);
    return { features, decodeMs: decoded - started, featuresMs: performance.now() - decoded };
  } catch (error) {
    // What a decoder throws of its own accord is a fault of the file.
    const code = error instanceof SoundalikeError ? error.code : 'AUDIO_UNKNOWN_FORMAT';
    return { failure: { code, message: messageOf(error) } };
  }
}

process.on('message', async (request: AnalysisRequest) => process.send!(await analyse(request)));
// The parent is gone: nobody waits for the answer.
process.on('disconnect', () => process.exit());
// A stop is the parent's to order; it finishes or drops the clip first.
process.on('SIGINT', () => {});
