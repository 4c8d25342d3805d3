import { printTable } from '../src/cli/table.ts';
import { type ShownTrack, similarTracks } from './soundalike.ts';

const EXAMPLES = 6;
const NEIGHBOURS = 5;

/** One track of each genre where there are several; else tracks spread over the collection. */
function chooseExamples(tracks: ShownTrack[]): ShownTrack[] {
  const byGenre = new Map<string, ShownTrack>();
  for (const track of tracks) {
    if (track.genre !== null && !byGenre.has(track.genre)) byGenre.set(track.genre, track);
  }
  if (byGenre.size > 1) return [...byGenre.values()].slice(0, EXAMPLES);
  const apart = Math.max(1, Math.floor(tracks.length / EXAMPLES));
  return tracks.filter((_, index) => index % apart === 0).slice(0, EXAMPLES);
}

/** Prints the neighbours of a few tracks on stdout. */
export async function showNeighbours(dataDir: string, tracks: ShownTrack[]): Promise<void> {
  for (const { id, title, path, artist, genre } of chooseExamples(tracks)) {
    const neighbours = await similarTracks(dataDir, id, NEIGHBOURS);
    const known = [artist, genre].filter((value) => value !== null).join(', ');
    process.stdout.write(`\nNearest to ${title ?? path}${known && ` (${known})`}:\n`);
    printTable(
      ['distance', 'title', 'artist', 'genre'],
      neighbours.map((track) => [
        track.distance.toFixed(3),
        track.title ?? track.path,
        track.artist ?? '-',
        track.genre ?? '-',
      ]),
    );
  }
}
