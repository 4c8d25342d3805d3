import { z } from 'zod';
import { writeFileAtomically } from './atomic-file.ts';
import { canonicalJson, readJsonFile } from './json-file.ts';
import { runPaths } from './paths.ts';

/** What was last asked of a run: to go on, to stop after the partitions under way, or at once. */
export type RunCommand = 'go' | 'pause' | 'cancel';

const commandSchema = z.object({ command: z.enum(['go', 'pause', 'cancel']), at: z.string() });

/** Writes down what is asked of a run, for every process that reads the data folder. @throws SoundalikeError DATA_DIR_UNUSABLE */
export function writeCommand(dataDir: string, run: string, command: RunCommand): Promise<void> {
  const at = new Date().toISOString();
  return writeFileAtomically(runPaths(dataDir, run).command, canonicalJson({ command, at }));
}

/** What was last asked of a run, and when (in ms); `go` since ever where nothing was. */
export async function readCommand(
  dataDir: string,
  run: string,
): Promise<{ command: RunCommand; at: number }> {
  const asked = await readJsonFile(runPaths(dataDir, run).command, commandSchema);
  return asked ? { command: asked.command, at: Date.parse(asked.at) } : { command: 'go', at: 0 };
}
