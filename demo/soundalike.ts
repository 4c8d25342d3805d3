import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse';
import { z } from 'zod';

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** A command of soundalike failed; it has said why on stderr. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';

  constructor(
    readonly exitCode: number,
    command: string,
  ) {
    super(`soundalike ${command} ended with exit code ${exitCode}`);
  }
}

/** Exit code of `run` where some tracks could not be analysed and all others were. */
const DONE_WITH_FAILURES = 3;

async function ending(child: ChildProcess, command: string): Promise<void> {
  const [code, signal] = await once(child, 'close');
  // A shell names an end by a signal 128 and the signal's number; Ctrl-C is 2.
  const exitCode = signal ? 130 : code;
  if (exitCode !== 0 && exitCode !== DONE_WITH_FAILURES) throw new CommandFailed(exitCode, command);
}

/**
 * Runs the command line with this terminal, so that its progress shows and Ctrl-C reaches it.
 *
 * @throws CommandFailed unless it ends with 0 or 3.
 */
export async function runCommand(dataDir: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: 'inherit',
    env: { ...process.env, DATA_DIR: dataDir },
  });
  // Ctrl-C reaches all processes of the terminal; the command ends in its own way, and this one after it.
  const leaveToCommand = () => {};
  process.on('SIGINT', leaveToCommand);
  try {
    await ending(child, args[0]!);
  } finally {
    process.off('SIGINT', leaveToCommand);
  }
}

/** Runs a command and gives its output to `read`. @throws CommandFailed */
async function readOutput<Result>(
  dataDir: string,
  args: string[],
  read: (output: Readable) => Promise<Result>,
): Promise<Result> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATA_DIR: dataDir },
  });
  // The failure of the command counts before that of reading what it left unwritten.
  const [ended, result] = await Promise.allSettled([ending(child, args[0]!), read(child.stdout)]);
  if (ended.status === 'rejected') throw ended.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

const shownTrack = z.object({
  id: z.string(),
  title: z.string().nullable(),
  artist: z.string().nullable(),
  genre: z.string().nullable(),
  path: z.string(),
});

export type ShownTrack = z.infer<typeof shownTrack>;

const neighbours = z.object({ results: z.array(shownTrack.extend({ distance: z.number() })) });

type Neighbour = z.infer<typeof neighbours>['results'][number];

/** The tracks that were analysed, in the order of ids. @throws CommandFailed */
export function listTracks(dataDir: string): Promise<ShownTrack[]> {
  const emptyIsNull = (value: string) => (value === '' ? null : value);
  return readOutput(dataDir, ['export', '--format', 'csv'], async (output) => {
    const tracks: ShownTrack[] = [];
    // A row is over a thousand columns wide: only what is shown is kept.
    for await (const row of output.pipe(parse({ columns: true, cast: emptyIsNull }))) {
      tracks.push(shownTrack.parse(row));
    }
    return tracks;
  });
}

/** The tracks nearest to a track. @throws CommandFailed */
export function similarTracks(dataDir: string, id: string, count: number): Promise<Neighbour[]> {
  return readOutput(dataDir, ['similar', id, '-k', String(count), '--json'], async (output) => {
    const text = await output.setEncoding('utf8').toArray();
    return neighbours.parse(JSON.parse(text.join(''))).results;
  });
}
