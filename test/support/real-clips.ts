import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../../infra/real-clips.sh', import.meta.url));

/** The 30-s MP3 clips of real music; cut once a machine. */
export async function realClips(): Promise<string> {
  const folder = join(homedir(), '.cache', 'soundalike', 'real-clips');
  await promisify(execFile)(SCRIPT, [folder], { maxBuffer: 1 << 26 });
  return folder;
}
