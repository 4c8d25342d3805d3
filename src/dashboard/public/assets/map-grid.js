const CELLS = 256;
const SHIFT = 8;

/**
 * Finds points near a place: a grid of 256 × 256 cells, the points of each in a row.
 *
 * @param {Uint16Array} places x and y of each point in 65535ths.
 */
export function createGrid(places) {
  const points = places.length / 2;
  const starts = new Uint32Array(CELLS * CELLS + 1);
  /** @param {number} point */
  const cellOf = (point) => (places[2 * point + 1] >> SHIFT) * CELLS + (places[2 * point] >> SHIFT);
  for (let point = 0; point < points; point++) starts[cellOf(point) + 1]++;
  for (let cell = 0; cell < CELLS * CELLS; cell++) starts[cell + 1] += starts[cell];
  const order = new Uint32Array(points);
  const next = starts.slice();
  for (let point = 0; point < points; point++) order[next[cellOf(point)]++] = point;

  /**
   * @param {number} x Of the unit square.
   * @param {number} y
   * @param {number} radius
   * @param {(point: number) => boolean} accepts
   * @returns {number} The nearest point that is not farther than the radius and accepted; -1 where there is none.
   */
  return (x, y, radius, accepts) => {
    const [atX, atY, reach] = [x * 65535, y * 65535, radius * 65535];
    const first = (/** @type {number} */ at) => Math.max(0, (at - reach) >> SHIFT);
    const last = (/** @type {number} */ at) => Math.min(CELLS - 1, (at + reach) >> SHIFT);
    let nearest = -1;
    let least = reach * reach;
    for (let row = first(atY); row <= last(atY); row++) {
      for (let column = first(atX); column <= last(atX); column++) {
        const cell = row * CELLS + column;
        for (let i = starts[cell]; i < starts[cell + 1]; i++) {
          const point = order[i];
          const dx = places[2 * point] - atX;
          const dy = places[2 * point + 1] - atY;
          const square = dx * dx + dy * dy;
          if (square > least || !accepts(point)) continue;
          nearest = point;
          least = square;
        }
      }
    }
    return nearest;
  };
}
