/** `npm run demo [-- FOLDER] [--no-serve]`: music, its analysis, recommendations, the dashboard. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { readConfig } from '../src/config.ts';
import { ERRORS, messageOf, SoundalikeError } from '../src/errors.ts';
import { catalogue } from './collection/catalogue.ts';
import { makeCollection } from './collection/make-collection.ts';
import { CLIP_SECONDS } from './collection/render-track.ts';
import { showNeighbours } from './show-neighbours.ts';
import { CommandFailed, listTracks, runCommand } from './soundalike.ts';

function readArguments(): { source: string | undefined; serve: boolean } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { 'no-serve': { type: 'boolean', default: false } },
    });
    if (positionals.length > 1) throw new Error('more than one folder is named');
    return { source: positionals[0], serve: !values['no-serve'] };
  } catch (error) {
    throw new SoundalikeError('USAGE', `${messageOf(error)}: npm run demo [-- FOLDER] [--no-serve]`);
  }
}

async function makeMusic(folder: string) {
  const tracks = catalogue();
  const bar = new SingleBar({ format: 'making the music |{bar}| {value}/{total} clips' });
  bar.start(tracks.length, 0);
  const made = await makeCollection(folder, tracks, CLIP_SECONDS, (done) => bar.update(done));
  bar.update(tracks.length);
  bar.stop();
  return made;
}

async function main(): Promise<void> {
  const { source, serve } = readArguments();
  const home = join(readConfig().DATA_DIR, 'demo');
  const dataDir = join(home, source ? 'own-store' : 'store');
  if (source) {
    await runCommand(dataDir, 'run', resolve(source));
  } else {
    const { audio, metadata } = await makeMusic(join(home, 'music'));
    await runCommand(dataDir, 'run', audio, '--metadata', metadata);
  }
  await showNeighbours(dataDir, await listTracks(dataDir));
  if (!serve) return;
  process.stdout.write('\nThe dashboard plays the collection; Ctrl-C ends it.\n');
  await runCommand(dataDir, 'dashboard');
}

try {
  await main();
} catch (error) {
  if (error instanceof CommandFailed) {
    process.exitCode = error.exitCode;
  } else if (error instanceof SoundalikeError) {
    process.stderr.write(`demo: ${error.message} [${error.code}]\n`);
    process.exitCode = ERRORS[error.code].exit;
  } else {
    throw error;
  }
}
