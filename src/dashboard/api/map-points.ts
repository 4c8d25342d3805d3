import type { CollectionMap } from '../../recommend/collection-map.ts';

/** What 1 is in the numbers of two bytes. */
const STEPS = 0xffff;

/**
 * A map as the bytes of `GET /api/map/points`, little-endian, each part at a multiple of four bytes:
 *
 * - the length of the next part, a uint32;
 * - JSON, filled up with spaces: the id of the `index`, the number of `points`, the `genres` (`genre`, `tracks`);
 * - x and y of each point in 65535ths, then its cluster, then its genre's place in `genres` (65535: none), all uint16;
 * - where the id of each point begins among the bytes that follow, and where the last one ends, uint32;
 * - the ids, UTF-8.
 */
export function encodePoints(
  index: string,
  { ids, x, y, cluster, genre, genres }: CollectionMap,
): Uint8Array {
  const head = JSON.stringify({ index, points: ids.length, genres });
  const header = Buffer.from(head.padEnd(head.length + (-Buffer.byteLength(head) & 3)));
  const starts = new Uint32Array(ids.length + 1);
  for (const [point, id] of ids.entries()) starts[point + 1] = starts[point]! + Buffer.byteLength(id);
  const parts = [Uint32Array.of(header.length), header, inSteps(x), inSteps(y), cluster, genre, starts];
  return Buffer.concat([
    ...parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    Buffer.from(ids.join('')),
  ]);
}

function inSteps(values: Float32Array): Uint16Array {
  const steps = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) steps[i] = Math.round(values[i]! * STEPS);
  return steps;
}
