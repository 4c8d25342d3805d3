/** A process that renders the tracks its parent names, one at a time; it ends when the parent is gone. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { catalogue } from './catalogue.ts';
import { renderTrack } from './render-track.ts';

export interface RenderOrder {
  id: number;
  file: string;
  seconds: number;
}

const tracks = new Map(catalogue().map((track) => [track.id, track]));

process.on('message', async ({ id, file, seconds }: RenderOrder) => {
  const audio = await renderTrack(tracks.get(id)!, seconds);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, audio);
  process.send!(id);
});
