/** An entry of a playlist file. */
export interface PlaylistEntry {
  title: string;
  artist: string | null;
  album: string | null;
  seconds: number;
  /** A path or an address. */
  location: string;
}

/** A text on one line. */
const lineOf = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').trim();

/**
 * A playlist as extended M3U in UTF-8 (M3U8): `#EXTINF:<whole seconds>,<artist> - <title>`, then the location.
 * There is no standard; this is what Winamp began and what players agree on.
 */
export function writeM3u(name: string, entries: readonly PlaylistEntry[]): string {
  const lines = entries.flatMap(({ title, artist, seconds, location }) => [
    `#EXTINF:${Math.round(seconds)},${lineOf([artist, title].filter(Boolean).join(' - '))}`,
    // A path that begins with # would be a comment.
    location.startsWith('#') ? `./${location}` : location,
  ]);
  return ['#EXTM3U', `#PLAYLIST:${lineOf(name)}`, ...lines, ''].join('\n');
}

/** What a playlist file says: its own name where it has one, and the locations in their order. */
export function readM3u(text: string): { name: string | null; locations: string[] } {
  // Old files may begin with a byte order mark.
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/[\r\n]+/)
    .map((line) => line.trim());
  const named = lines.find((line) => line.startsWith('#PLAYLIST:'));
  return {
    name: named?.slice('#PLAYLIST:'.length).trim() || null,
    locations: lines.filter((line) => line !== '' && !line.startsWith('#')),
  };
}

/** What a location names: a track by our own address of its audio, or a path with forward slashes. */
export function readLocation(location: string): { id: string } | { path: string } {
  // One letter before the colon is a drive.
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(location)) {
    return { path: location.replaceAll('\\', '/').replace(/^(\.\/)+/, '') };
  }
  const path = URL.canParse(location) ? decoded(new URL(location).pathname) : location;
  const id = /\/api\/tracks\/([^/]+)\/audio$/.exec(path)?.[1];
  return id === undefined ? { path } : { id };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
