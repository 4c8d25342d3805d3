import type { Collection } from '../../recommend/collection.ts';

/**
 * A way from one track to another: the track that sounds most like both comes between them, and so on between each two
 * that are next to each other, until there are enough.
 *
 * @param most Tracks at most, both ends included; at least 2.
 * @returns Ids.
 * @throws SoundalikeError TRACK_NOT_FOUND
 */
export async function sonicPath(
  collection: Collection,
  from: string,
  to: string,
  most: number,
): Promise<string[]> {
  if (from === to) return [collection.track(from).id];
  let path = [from, to].map((id) => collection.track(id).id);
  for (let grown = true; grown && path.length < most; ) {
    grown = false;
    const longer = [path[0]!];
    for (const [place, next] of path.slice(1).entries()) {
      const taken = new Set([...path, ...longer]);
      const room = longer.length + path.length - place - 1 < most;
      // One more than could be taken, so that one is left where there is any.
      const near = room ? await collection.similar([path[place]!, next], { k: taken.size + 1 }) : [];
      const between = near.find(({ id }) => !taken.has(id));
      if (between) {
        longer.push(between.id);
        grown = true;
      }
      longer.push(next);
    }
    path = longer;
  }
  return path;
}
