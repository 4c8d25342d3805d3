import { readFile } from 'node:fs/promises';
import { analyseClip } from '../audio/analyse.ts';
import { messageOf, SoundalikeError } from '../errors.ts';
import type { AnalysisReply, AnalysisRequest } from './analyser.ts';

async function analyse({ file, maximumSeconds }: AnalysisRequest): Promise<AnalysisReply> {
  try {
    return { features: await analyseClip(await readFile(file), { maximumSeconds }) };
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
