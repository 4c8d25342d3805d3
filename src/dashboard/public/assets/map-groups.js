import { OWN_COLOURS } from './map-palette.js';

/** @typedef {import('./map-points.js').MapPoints} MapPoints */

/**
 * Points by what they are coloured by: the largest groups, and one of all others.
 *
 * @typedef {object} Groups
 * @property {Uint8Array} groupOf The group of each point.
 * @property {{name: string, points: number}[]} groups That of all others is the last, number `OWN_COLOURS`; there may be
 *   fewer of those before it, which have no points then.
 */

/**
 * @param {MapPoints} map
 * @param {'genre' | 'cluster'} by
 * @returns {Groups}
 */
export function groupPoints({ genre, cluster, genres }, by) {
  const codes = by === 'genre' ? genre : cluster;
  const counts = new Uint32Array(65536);
  for (const code of codes) counts[code]++;
  const none = by === 'genre' ? 65535 : -1;
  const largest = [...counts.keys()]
    .filter((code) => counts[code] > 0 && code !== none)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, OWN_COLOURS);
  const groups = Array.from({ length: OWN_COLOURS + 1 }, () => ({ name: 'Others', points: 0 }));
  const numbers = new Uint8Array(65536).fill(OWN_COLOURS);
  largest.forEach((code, number) => {
    numbers[code] = number;
    groups[number].name = by === 'genre' ? genres[code].genre : `Cluster ${code + 1}`;
  });
  const groupOf = new Uint8Array(codes.length);
  for (let point = 0; point < codes.length; point++) {
    groupOf[point] = numbers[codes[point]];
    groups[groupOf[point]].points++;
  }
  if (groups[OWN_COLOURS].points === counts[65535] && by === 'genre') groups[OWN_COLOURS].name = 'No genre';
  return { groupOf, groups };
}
