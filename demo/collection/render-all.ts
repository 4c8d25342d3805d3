import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audioPath, type CatalogueTrack } from './catalogue.ts';
import type { RenderOrder } from './render-process.ts';

// Node 20's worker threads do not take tsx's loader, forked processes do.
const RENDERER = fileURLToPath(new URL('./render-process.ts', import.meta.url));
const FORK_OPTIONS = { cwd: fileURLToPath(new URL('.', import.meta.url)), execArgv: ['--import', 'tsx'] };

/**
 * Renders tracks into an FMA tree, on all cores.
 *
 * @param seconds Length of the clips.
 * @param onDone Called after each clip.
 * @throws Error where a renderer ends before its work does.
 */
export async function renderAll(
  tracks: CatalogueTrack[],
  folder: string,
  seconds: number,
  onDone: () => void,
): Promise<void> {
  const waiting = [...tracks];
  const renderer = async () => {
    const child = fork(RENDERER, FORK_OPTIONS);
    const ended = once(child, 'exit').then(([code, signal]) => {
      // The other renderers need not finish what nobody will use.
      waiting.length = 0;
      throw new Error(`a renderer of the demo's clips ended early (${signal ?? `exit code ${code}`})`);
    });
    // It ends after its work, too, when nobody listens any more.
    ended.catch(() => {});
    try {
      for (let track = waiting.shift(); track; track = waiting.shift()) {
        const order: RenderOrder = { id: track.id, file: join(folder, audioPath(track)), seconds };
        child.send(order);
        await Promise.race([once(child, 'message'), ended]);
        onDone();
      }
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), tracks.length) }, renderer));
}
