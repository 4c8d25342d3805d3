import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueTrack } from './catalogue.ts';
import { genresCsv, tracksCsv } from './fma-metadata.ts';
import { renderAll } from './render-all.ts';

/**
 * Makes the demo's collection in FMA's layout: `fma_demo/000/000002.mp3` … and `fma_metadata/tracks.csv`. A
 * folder that is there already is whole, and left as it is: it appears by one rename.
 *
 * @param seconds Length of the clips.
 * @param onDone Called after each clip with the number of clips made.
 * @returns Absolute paths of the tree and of its metadata.
 */
export async function makeCollection(
  folder: string,
  tracks: CatalogueTrack[],
  seconds: number,
  onDone: (done: number) => void,
): Promise<{ audio: string; metadata: string }> {
  const made = { audio: join(folder, 'fma_demo'), metadata: join(folder, 'fma_metadata', 'tracks.csv') };
  if (existsSync(folder)) return made;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, 'fma_metadata'), { recursive: true });
  let done = 0;
  await renderAll(tracks, join(unfinished, 'fma_demo'), seconds, () => onDone(++done));
  await writeFile(join(unfinished, 'fma_metadata', 'tracks.csv'), tracksCsv(tracks));
  await writeFile(join(unfinished, 'fma_metadata', 'genres.csv'), genresCsv(tracks));
  await rename(unfinished, folder);
  return made;
}
