import { SoundalikeError } from '../errors.ts';
import type { RunStatus } from '../jobs/run-status.ts';

/**
 * Tells how a run ended, and sets the exit code.
 *
 * @throws SoundalikeError RUN_FAILED; RUN_INCOMPLETE where it was cancelled
 */
export function reportRun(status: RunStatus, json: boolean): void {
  const { run, state, tracks, failures, cleaning, reason } = status;
  if (json) process.stdout.write(`${JSON.stringify({ run, state, reason, tracks, failures, cleaning })}\n`);
  if (state === 'failed') throw new SoundalikeError('RUN_FAILED', `the run ${run} failed: ${reason}`);
  if (state === 'cancelled') {
    throw new SoundalikeError(
      'RUN_INCOMPLETE',
      `the run ${run} was cancelled: \`soundalike resume ${run}\` goes on`,
    );
  }

  const lines = [`run ${run} is done: ${tracks.analysed} tracks analysed, ${tracks.failed} failed`];
  if (tracks.truncated > 0) lines.push(`${tracks.truncated} damaged files were analysed from what decodes`);
  for (const { code, count, samples } of failures) {
    lines.push(`${count} × ${code}: ${samples[0]!.path} (${samples[0]!.message})${count > 1 ? ', …' : ''}`);
  }
  const documents = status.stages.find(({ stage }) => stage === 'documents');
  const unpublished = documents ? (documents.total ?? 0) - documents.done : 0;
  if (unpublished > 0) {
    lines.push(
      `the documents of ${unpublished} partitions could not be written: \`soundalike resume ${run}\` writes them`,
    );
  }
  process.stderr.write(`${lines.join('\n')}\n`);
  if (unpublished > 0) process.exitCode = 1;
  else if (tracks.failed > 0) process.exitCode = 3;
}
