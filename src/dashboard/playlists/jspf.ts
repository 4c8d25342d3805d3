import type { PlaylistEntry } from './m3u.ts';

/**
 * A playlist as JSPF, the JSON form of XSPF 1 (xspf.org/jspf): durations in milliseconds, and nothing for what is not
 * known.
 *
 * @param date ISO 8601.
 */
export function writeJspf(name: string, date: string, entries: readonly PlaylistEntry[]): string {
  const track = entries.map(({ title, artist, album, seconds, location }) => ({
    location: [location],
    title,
    ...(artist !== null && { creator: artist }),
    ...(album !== null && { album }),
    duration: Math.round(seconds * 1000),
  }));
  return `${JSON.stringify({ playlist: { title: name, date, track } }, null, 2)}\n`;
}
