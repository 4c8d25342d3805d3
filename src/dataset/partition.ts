import type { Track } from './track.ts';

const MEBIBYTE = 2 ** 20;
/** A small collection still gives every core of a few machines work; a large one, jobs of about a minute. */
const PARTITIONS_WANTED = 64;
const LEAST_BYTES = 4 * MEBIBYTE;
const MOST_BYTES = 256 * MEBIBYTE;
const MOST_TRACKS = 1000;

/**
 * Cuts a collection into partitions of about equal audio bytes: a 64th of the whole, but no less than 4 MiB
 * and no more than 256 MiB, and at most 1,000 tracks. A partition differs from that size by less than its
 * largest track. The same tracks in any order give the same partitions.
 *
 * @returns Contiguous runs of the tracks in the order of their ids; none is empty.
 */
export function cutPartitions(tracks: readonly Track[]): Track[][] {
  const ordered = inOrderOfIds(tracks);
  const total = ordered.reduce((sum, track) => sum + track.bytes, 0);
  const target = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, total / PARTITIONS_WANTED));
  const count = Math.max(1, Math.ceil(total / target));
  const step = Math.max(1, total) / count;

  // A track belongs to the stretch of `step` bytes that its middle lies in, so that errors do not add up;
  // empty files at the very end belong to the last.
  const stretches = new Map<number, Track[]>();
  let begin = 0;
  for (const track of ordered) {
    const stretch = Math.min(count - 1, Math.floor((begin + track.bytes / 2) / step));
    const partition = stretches.get(stretch);
    if (partition) partition.push(track);
    else stretches.set(stretch, [track]);
    begin += track.bytes;
  }
  return [...stretches.values()].flatMap(capTracks);
}

/** Ids are compared by code unit, the same in every locale. */
export function inOrderOfIds<T extends { id: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function capTracks(tracks: Track[]): Track[][] {
  const parts = Math.ceil(tracks.length / MOST_TRACKS);
  const cut = (part: number) => Math.round((part * tracks.length) / parts);
  return Array.from({ length: parts }, (_, part) => tracks.slice(cut(part), cut(part + 1)));
}
