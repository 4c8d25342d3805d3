import { join } from 'node:path';
import { SoundalikeError } from '../errors.ts';
import { runPaths } from './paths.ts';
import { readRow } from './read-shard.ts';
import { type RunSuccess, readSuccess } from './run-outcome.ts';

/**
 * Opens the waveforms of a finished run. `_SUCCESS` names the shards in the order of the index's rows, so that a
 * track costs a look into one shard.
 *
 * @returns Gives the peaks of a track, as `peaksOf` made them, by its id and its row in the run's index. It throws
 *   SoundalikeError RUN_INCOMPLETE, and SHARD_DAMAGED where the shard does not hold them.
 */
export function openPeaks(dataDir: string, run: string): (id: string, row: number) => Promise<Uint8Array> {
  let outcome: RunSuccess | null = null;

  const damaged = (message: string, cause?: unknown) =>
    new SoundalikeError('SHARD_DAMAGED', `${message}: run the collection again`, { cause });

  async function findShard(row: number): Promise<{ file: string; row: number }> {
    outcome ??= await readSuccess(dataDir, run);
    if (!outcome) {
      // An index becomes the live one a moment before its run is marked as done.
      throw new SoundalikeError('RUN_INCOMPLETE', `the run ${run} is not done: ask again, or resume ${run}`);
    }
    let before = 0;
    for (const { file, rows } of outcome.files) {
      if (row < before + rows) return { file, row: row - before };
      before += rows;
    }
    throw damaged(`the shards of run ${run} hold fewer tracks than its index`);
  }

  return async (id, row) => {
    const shard = await findShard(row);
    const path = join(runPaths(dataDir, run).shards, shard.file);
    const found = await readRow(path, ['id', 'peaks'], shard.row).catch((cause) => {
      // The cause names the path, which is no business of the API's clients.
      throw damaged(`shard ${shard.file} of run ${run} cannot be read`, cause);
    });
    if (found.id !== id) throw damaged(`shard ${shard.file} of run ${run} does not hold track ${id}`);
    return found.peaks;
  };
}
