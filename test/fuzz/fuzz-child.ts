import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { PresetName } from '../../src/audio/descriptors.ts';
import { SoundalikeError } from '../../src/errors.ts';
import { analyseClip, decodeWhole } from '../audio/whole.ts';
import { fuzzCase, readSource } from './cases.ts';

/** What a case came to: statistics, an error's code, or what must not be. */
export type FuzzOutcome = { ended: string } | { wrong: string };

const LIMITS = { maximumSeconds: 60 };
/** One case in so many is followed by its source as it was, whose samples must not have changed. */
const CHECK_EVERY = 8;
/** Decoders are what breaks; all descriptors of each case would take longer than they. */
const FULL_EVERY = 5;
const hashes = new Map<string, string>();

async function analyse(bytes: Uint8Array, preset: PresetName): Promise<FuzzOutcome> {
  try {
    const { statistics, seconds } = await analyseClip(bytes, LIMITS, { preset, window: null, ffmpeg: null });
    const values = Object.values(statistics).flatMap((series) => Object.values(series));
    const finite = values.every((bands) => bands.every(Number.isFinite));
    return finite && Number.isFinite(seconds)
      ? { ended: 'statistics' }
      : { wrong: 'a value that is not finite' };
  } catch (error) {
    if (error instanceof SoundalikeError) return { ended: error.code };
    return { wrong: `another error: ${(error as Error).stack ?? error}` };
  }
}

/** Decoders of one kind may share memory: a file must not change what the next one gives. */
async function samplesChanged(source: string): Promise<boolean> {
  const { channels } = await decodeWhole(readSource(source), LIMITS);
  const hash = createHash('sha256');
  for (const samples of channels)
    hash.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  const digest = hash.digest('hex');
  const before = hashes.get(source) ?? digest;
  hashes.set(source, before);
  return digest !== before;
}

process.on('message', async ({ seed, number }: { seed: number; number: number }) => {
  const { source, bytes } = fuzzCase(seed, number);
  if (!hashes.has(source)) await samplesChanged(source);
  let outcome = await analyse(bytes, number % FULL_EVERY === 0 ? 'full' : 'minimal');
  if (number % CHECK_EVERY === 0 && (await samplesChanged(source))) {
    outcome = { wrong: `${source} decodes to other samples after this case or one shortly before it` };
  }
  // A rejection that nobody waits for ends the process now, not during the next case.
  await setImmediate();
  process.send!(outcome);
});
process.on('disconnect', () => process.exit());
