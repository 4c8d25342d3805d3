/**
 * The picture of the collection as the page holds it.
 *
 * @typedef {object} MapPoints
 * @property {number} count
 * @property {(point: number) => string} idOf Points are in the order of their tracks' ids.
 * @property {Uint16Array<ArrayBuffer>} places x and y of each point in 65535ths, one after the other.
 * @property {Uint16Array} cluster
 * @property {Uint16Array} genre Place in `genres`; 65535 where it has none.
 * @property {{genre: string, tracks: number}[]} genres Those with most tracks first.
 * @property {(id: string) => number | undefined} pointOf
 */

/**
 * Reads the answer of /api/map/points; docs/api.md has its form.
 *
 * @param {ArrayBuffer} bytes
 * @returns {MapPoints}
 */
export function decodePoints(bytes) {
  const text = new TextDecoder();
  const [length] = new Uint32Array(bytes, 0, 1);
  /** @type {{points: number, genres: {genre: string, tracks: number}[]}} */
  const { points, genres } = JSON.parse(text.decode(new Uint8Array(bytes, 4, length)));
  let at = 4 + length;
  const take = () => {
    const column = new Uint16Array(bytes, at, points);
    at += column.byteLength;
    return column;
  };
  const [x, y, cluster, genre] = [take(), take(), take(), take()];
  const starts = new Uint32Array(bytes, at, points + 1);
  const names = new Uint8Array(bytes, at + starts.byteLength);
  const places = new Uint16Array(2 * points);
  for (let point = 0; point < points; point++) {
    places[2 * point] = x[point];
    places[2 * point + 1] = y[point];
  }
  // Few of the ids are ever needed: to make texts of all would hold the page up.
  const idOf = (/** @type {number} */ point) => text.decode(names.subarray(starts[point], starts[point + 1]));
  return { count: points, places, cluster, genre, genres, idOf, pointOf: (id) => search(id, points, idOf) };
}

/**
 * @param {string} id
 * @param {number} points
 * @param {(point: number) => string} idOf
 */
function search(id, points, idOf) {
  let [low, high] = [0, points - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = idOf(middle);
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
