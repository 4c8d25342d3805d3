/**
 * Arranges a new list so that what stays on the screen stays in its place, and what is new takes the places that have
 * become free: nothing jumps under the pointer.
 *
 * @template Item
 * @param {readonly string[]} shown Keys of the rows on the screen, from the top.
 * @param {readonly Item[]} next The best first.
 * @param {(item: Item) => string} keyOf
 * @returns {Item[]} The items of `next`.
 */
export function keepPlaces(shown, next, keyOf) {
  const items = new Map(next.map((item) => [keyOf(item), item]));
  const added = next.filter((item) => !shown.includes(keyOf(item)));
  const kept = shown.flatMap((key) => items.get(key) ?? added.shift() ?? []);
  return [...kept, ...added];
}
