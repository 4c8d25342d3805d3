import { type ChildProcess, fork } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { AnalysisSettings } from '../audio/analysis-settings.ts';
import type { ClipFeatures } from '../audio/descriptors.ts';
import { type ErrorCode, SoundalikeError } from '../errors.ts';

/** What the parent asks of the child, one clip at a time. */
export interface AnalysisRequest {
  file: string;
  maximumSeconds: number;
  settings: AnalysisSettings;
}

export interface Analysis {
  features: ClipFeatures;
  /** sha256 of the bytes that were analysed, hexadecimal. */
  contentHash: string;
  /** Milliseconds that decoding and everything after it took. */
  decodeMs: number;
  featuresMs: number;
}

/** What the child answers. */
export type AnalysisReply = Analysis | { failure: { code: ErrorCode; message: string } };

/** Analyses audio files in a process of its own. */
export interface Analyser {
  /**
   * @param file Absolute path.
   * @param signal Ends the analysis and its process.
   * @throws SoundalikeError AUDIO_…; AUDIO_TIMED_OUT and AUDIO_CRASHED where the child had to be ended or
   * ended itself, as often as there are tries for a file. The signal's reason.
   */
  analyse(file: string, signal?: AbortSignal): Promise<Analysis>;
  close(): void;
}

const CHILD = new URL('./analyser-child.js', import.meta.url);

/**
 * A child also ends when memory is short, and time also runs out on a machine that was suspended: only the second
 * time is held against the file.
 */
const TRIES = 2;

/** A file has the time limit once for each of these it begins: ten hours of MP3 take longer than a song. */
const TIMED_BYTES = 100e6;
/** What setTimeout can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export interface AnalyserLimits {
  maximumSeconds: number;
  timeoutSeconds: number;
  /** @defaultValue 2 */
  tries?: number;
}

/**
 * Forks the analysing child at the first clip, and anew after each death: a decoder that eats all memory, hangs
 * or ends its process costs one clip and nothing else.
 */
export function createAnalyser(
  { maximumSeconds, timeoutSeconds, tries = TRIES }: AnalyserLimits,
  settings: AnalysisSettings,
): Analyser {
  let child: ChildProcess | null = null;

  const start = (): ChildProcess => {
    const started = fork(CHILD, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    started.once('exit', () => {
      if (child === started) child = null;
    });
    return started;
  };

  const ask = (file: string, timeoutMs: number, signal?: AbortSignal): Promise<AnalysisReply> => {
    child ??= start();
    const asked = child;
    return new Promise((resolve) => {
      const settle = (reply: AnalysisReply) => {
        clearTimeout(timer);
        asked.off('message', onMessage);
        asked.off('exit', onExit);
        signal?.removeEventListener('abort', onAbort);
        resolve(reply);
      };
      const fail = (code: ErrorCode, message: string) => settle({ failure: { code, message } });
      const onMessage = (message: unknown) => settle(message as AnalysisReply);
      const onExit = (code: number | null, signal: string | null) =>
        fail('AUDIO_CRASHED', `the analysis ended its process (${signal ?? `exit code ${code}`})`);
      const discard = () => {
        asked.kill('SIGKILL');
        if (child === asked) child = null;
      };
      const onAbort = () => {
        discard();
        fail('AUDIO_CRASHED', 'nobody waits for the analysis any more');
      };
      const timer = setTimeout(() => {
        discard();
        fail('AUDIO_TIMED_OUT', 'the analysis took longer than the limit (TRACK_TIMEOUT_SECONDS)');
      }, timeoutMs);
      asked.on('message', onMessage);
      asked.on('exit', onExit);
      signal?.addEventListener('abort', onAbort);
      asked.send({ file, maximumSeconds, settings } satisfies AnalysisRequest, (error) => {
        if (!error) return;
        discard();
        onExit(null, error.message);
      });
    });
  };

  return {
    async analyse(file, signal) {
      // What cannot be read the child will tell.
      const { size } = await stat(file).catch(() => ({ size: 0 }));
      const shares = Math.max(1, Math.ceil(size / TIMED_BYTES));
      const timeoutMs = Math.min(LONGEST_WAIT_MS, shares * timeoutSeconds * 1_000);
      for (let attempt = 1; ; attempt++) {
        signal?.throwIfAborted();
        const reply = await ask(file, timeoutMs, signal);
        signal?.throwIfAborted();
        if ('features' in reply) return reply;
        const { code, message } = reply.failure;
        const final = code !== 'AUDIO_CRASHED' && code !== 'AUDIO_TIMED_OUT';
        if (final || attempt === tries) throw new SoundalikeError(code, message);
      }
    },
    close() {
      child?.disconnect();
      child = null;
    },
  };
}
