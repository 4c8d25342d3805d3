/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/**
 * A place in the queue. A track may be in it twice, so that places have keys of their own.
 *
 * @typedef {{key: number, track: CollectionTrack, chosen: boolean}} Entry `chosen`: put there by hand, so that playing
 *   another list does not drop it.
 * @typedef {'off' | 'all' | 'one'} Repeat
 * @typedef {object} Queue Never changed: each function below gives a new one.
 * @property {Entry[]} entries In the order of playing, what was played included.
 * @property {number} position Of the entry that plays; -1 where there is none.
 * @property {Repeat} repeat
 * @property {number[] | null} unshuffled Keys in the order from before the shuffle; null while nothing is shuffled.
 * @property {number} nextKey
 */

/** @type {Queue} */
export const EMPTY_QUEUE = { entries: [], position: -1, repeat: 'off', unshuffled: null, nextKey: 1 };

/** What plays. @param {Queue} queue @returns {Entry | null} */
export const currentEntry = ({ entries, position }) => entries[position] ?? null;

/** The entries that follow what plays. @param {Queue} queue */
export const upcoming = ({ entries, position }) => entries.slice(position + 1);

/**
 * Plays a list from one of its tracks on. What was queued by hand and has not been played comes right after it.
 *
 * @param {Queue} queue
 * @param {readonly CollectionTrack[]} tracks
 * @param {number} at Of the track that plays first.
 * @param {() => number} [random] 0 to below 1, asked where the queue is shuffled.
 * @returns {Queue}
 */
export function playList(queue, tracks, at, random = Math.random) {
  const kept = upcoming(queue).filter(({ chosen }) => chosen);
  const list = entriesOf(queue, tracks, false);
  const entries = [...list.slice(0, at + 1), ...kept, ...list.slice(at + 1)];
  const ordered = { ...queue, entries, position: at, unshuffled: null, nextKey: queue.nextKey + list.length };
  return queue.unshuffled ? shuffle(ordered, random) : ordered;
}

/**
 * Puts tracks right behind what plays. The first of an empty queue is ready to play.
 *
 * @param {Queue} queue
 * @param {readonly CollectionTrack[]} tracks
 */
export const playNext = (queue, tracks) => insert(queue, tracks, queue.position + 1);

/**
 * Puts tracks behind those that were queued by hand before, and ahead of what else would follow.
 *
 * @param {Queue} queue
 * @param {readonly CollectionTrack[]} tracks
 */
export function enqueue(queue, tracks) {
  let place = queue.position + 1;
  while (queue.entries[place]?.chosen) place++;
  return insert(queue, tracks, place);
}

/**
 * Puts tracks behind all others, as part of the list that plays.
 *
 * @param {Queue} queue
 * @param {readonly CollectionTrack[]} tracks
 * @returns {Queue}
 */
export function append(queue, tracks) {
  const added = entriesOf(queue, tracks, false);
  return {
    ...queue,
    entries: [...queue.entries, ...added],
    unshuffled: queue.unshuffled && [...queue.unshuffled, ...added.map(({ key }) => key)],
    nextKey: queue.nextKey + added.length,
  };
}

/**
 * @param {Queue} queue
 * @param {readonly CollectionTrack[]} tracks
 * @param {number} place
 * @returns {Queue}
 */
function insert(queue, tracks, place) {
  const added = entriesOf(queue, tracks, true);
  const entries = queue.entries.toSpliced(place, 0, ...added);
  const keys = added.map(({ key }) => key);
  // In the order from before the shuffle they follow what plays, too.
  const after = (queue.unshuffled?.indexOf(currentEntry(queue)?.key ?? -1) ?? -1) + 1;
  return {
    ...queue,
    entries,
    position: entries.length > 0 ? Math.max(0, queue.position) : -1,
    unshuffled: queue.unshuffled?.toSpliced(after, 0, ...keys) ?? null,
    nextKey: queue.nextKey + added.length,
  };
}

/**
 * @param {Queue} queue
 * @param {readonly CollectionTrack[]} tracks
 * @param {boolean} chosen
 * @returns {Entry[]}
 */
const entriesOf = ({ nextKey }, tracks, chosen) =>
  tracks.map((track, i) => ({ key: nextKey + i, track, chosen }));

/**
 * Goes to an entry.
 *
 * @param {Queue} queue
 * @param {number} key
 * @returns {Queue}
 */
export function goTo(queue, key) {
  const position = queue.entries.findIndex((entry) => entry.key === key);
  return position < 0 ? queue : { ...queue, position };
}

/**
 * The queue after the next step.
 *
 * @param {Queue} queue
 * @param {boolean} asked Whether somebody asked for the next track; else the track has come to its end, which alone
 *   repeats one track.
 * @returns {Queue | null} Null where nothing follows.
 */
export function forward(queue, asked) {
  const { entries, position, repeat } = queue;
  if (entries.length === 0) return null;
  if (repeat === 'one' && !asked) return queue;
  if (position + 1 < entries.length) return { ...queue, position: position + 1 };
  return repeat === 'off' ? null : { ...queue, position: 0 };
}

/** The queue after the step back. @param {Queue} queue @returns {Queue | null} Null where nothing was before. */
export function back(queue) {
  const { entries, position, repeat } = queue;
  if (position > 0) return { ...queue, position: position - 1 };
  return repeat === 'all' && entries.length > 1 ? { ...queue, position: entries.length - 1 } : null;
}

/**
 * Takes an entry out. Where it plays, the one behind it takes its place, or the last.
 *
 * @param {Queue} queue
 * @param {number} key
 * @returns {Queue}
 */
export function remove(queue, key) {
  const at = queue.entries.findIndex((entry) => entry.key === key);
  if (at < 0) return queue;
  const entries = queue.entries.toSpliced(at, 1);
  const position = Math.min(queue.position - (at < queue.position ? 1 : 0), entries.length - 1);
  return {
    ...queue,
    entries,
    position,
    unshuffled: queue.unshuffled?.filter((other) => other !== key) ?? null,
  };
}

/**
 * Moves an entry to another place; what plays goes on playing.
 *
 * @param {Queue} queue
 * @param {number} key
 * @param {number} place Brought into the queue's bounds.
 * @returns {Queue}
 */
export function move(queue, key, place) {
  const from = queue.entries.findIndex((entry) => entry.key === key);
  if (from < 0) return queue;
  const entries = queue.entries.toSpliced(from, 1);
  entries.splice(Math.max(0, Math.min(place, entries.length)), 0, queue.entries[from]);
  const moved = { ...queue, entries };
  const playing = currentEntry(queue);
  return playing ? goTo(moved, playing.key) : moved;
}

/** Takes out everything but what plays. @param {Queue} queue @returns {Queue} */
export function clear(queue) {
  const playing = currentEntry(queue);
  return { ...queue, entries: playing ? [playing] : [], position: playing ? 0 : -1, unshuffled: null };
}

/**
 * Puts what plays first and everything else behind it in a random order, but for what was queued by hand.
 *
 * @param {Queue} queue
 * @param {() => number} random 0 to below 1.
 * @returns {Queue}
 */
export function shuffle(queue, random = Math.random) {
  const playing = currentEntry(queue);
  const chosen = upcoming(queue).filter((entry) => entry.chosen);
  const rest = queue.entries.filter((entry) => entry !== playing && !chosen.includes(entry));
  // Fisher and Yates (Durstenfeld 1964).
  for (let last = rest.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [rest[last], rest[other]] = [rest[other], rest[last]];
  }
  return {
    ...queue,
    entries: [...(playing ? [playing] : []), ...chosen, ...rest],
    position: playing ? 0 : -1,
    unshuffled: queue.entries.map(({ key }) => key),
  };
}

/** Back to the order from before the shuffle. @param {Queue} queue @returns {Queue} */
export function unshuffle(queue) {
  if (!queue.unshuffled) return queue;
  const places = new Map(queue.unshuffled.map((key, place) => [key, place]));
  const entries = queue.entries.toSorted((a, b) => (places.get(a.key) ?? 0) - (places.get(b.key) ?? 0));
  const playing = currentEntry(queue);
  const ordered = { ...queue, entries, unshuffled: null };
  return playing ? goTo(ordered, playing.key) : ordered;
}
