import { createHash } from 'node:crypto';
import { inOrderOfIds } from './partition.ts';
import type { Track } from './track.ts';

interface Stratum {
  genre: string;
  tracks: Track[];
  taken: number;
  /** How far `taken` lies above the exact share of the sample, times the number of all tracks: a whole number. */
  surplus: () => number;
}

/**
 * A sample of `n` tracks in which every genre has its share, and at least one track where `n` is no less than
 * the number of genres. Tracks without a genre count as a genre of their own. Which tracks are taken hangs on
 * the hashes of their ids alone: the order of the input, the time and the machine do not matter.
 *
 * @param n A whole number, 0 or more; all tracks are returned where it is no less than their number.
 * @returns The tracks taken, in the order of their ids.
 */
export function stratifiedSample(tracks: readonly Track[], n: number): Track[] {
  if (n >= tracks.length) return inOrderOfIds(tracks);
  const strata = stratify(tracks, n);
  allocate(strata, n);
  if (n >= strata.length) giveEachOne(strata);
  return inOrderOfIds(strata.flatMap((stratum) => takeByHash(stratum.tracks, stratum.taken)));
}

function stratify(tracks: readonly Track[], n: number): Stratum[] {
  const groups = new Map<string, Track[]>();
  for (const track of tracks) {
    const genre = track.metadata.genre ?? '';
    const group = groups.get(genre);
    if (group) group.push(track);
    else groups.set(genre, [track]);
  }
  return [...groups]
    .map(([genre, members]) => {
      const share = n * members.length;
      const stratum: Stratum = {
        genre,
        tracks: members,
        taken: Math.floor(share / tracks.length),
        surplus: () => stratum.taken * tracks.length - share,
      };
      return stratum;
    })
    .sort((a, b) => (a.genre < b.genre ? -1 : 1));
}

/** Largest-remainder method: the seats that rounding down leaves go to the largest fractions. */
function allocate(strata: Stratum[], n: number): void {
  const left = n - strata.reduce((sum, { taken }) => sum + taken, 0);
  const byRemainder = strata.toSorted((a, b) => a.surplus() - b.surplus());
  for (const stratum of byRemainder.slice(0, left)) stratum.taken++;
}

/** Genres that got nothing take one each from those that are furthest above their share. */
function giveEachOne(strata: Stratum[]): void {
  for (const empty of strata.filter(({ taken }) => taken === 0)) {
    const donor = strata
      .filter(({ taken }) => taken > 1)
      .reduce((best, stratum) => (stratum.surplus() > best.surplus() ? stratum : best));
    donor.taken--;
    empty.taken = 1;
  }
}

function takeByHash(tracks: Track[], count: number): Track[] {
  return tracks
    .map((track) => ({ track, key: createHash('sha256').update(track.id).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count)
    .map(({ track }) => track);
}
