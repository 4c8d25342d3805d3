/** Zooms in so many times at most: two points of a million are then apart. */
const CLOSEST = 400;

/** Pixels that stay free around the whole picture. */
const MARGIN = 28;

/** The part of the picture that is on the screen. The picture is the unit square; the screen is in CSS pixels. */
export function createCamera() {
  let width = 1;
  let height = 1;
  /** Pixels that 1 is, and what lies in the middle of the screen. */
  let scale = 1;
  let x = 0.5;
  let y = 0.5;
  const whole = () => Math.max(1, Math.min(width, height) - 2 * MARGIN);

  function settle() {
    scale = Math.min(CLOSEST * whole(), Math.max(whole() / 2, scale));
    x = Math.min(1, Math.max(0, x));
    y = Math.min(1, Math.max(0, y));
  }

  return {
    /** @param {number} newWidth @param {number} newHeight */
    resize(newWidth, newHeight) {
      const zoom = scale / whole();
      const isFirst = width <= 1;
      [width, height] = [newWidth, newHeight];
      scale = isFirst ? whole() : zoom * whole();
      settle();
    },
    fit() {
      scale = whole();
      [x, y] = [0.5, 0.5];
    },
    /** @param {number} dx @param {number} dy */
    pan(dx, dy) {
      x -= dx / scale;
      y -= dy / scale;
      settle();
    },
    /** Zooms about a place of the screen. @param {number} factor @param {number} atX @param {number} atY */
    zoom(factor, atX = width / 2, atY = height / 2) {
      const before = scale;
      scale *= factor;
      settle();
      x += (atX - width / 2) * (1 / before - 1 / scale);
      y += (atY - height / 2) * (1 / before - 1 / scale);
      settle();
    },
    /** @param {number} atX @param {number} atY */
    centreOn(atX, atY) {
      [x, y] = [atX, atY];
      settle();
    },
    /** @param {number} atX @param {number} atY @returns {[number, number]} */
    toScreen: (atX, atY) => [(atX - x) * scale + width / 2, (atY - y) * scale + height / 2],
    /** @param {number} atX @param {number} atY @returns {[number, number]} */
    toPicture: (atX, atY) => [(atX - width / 2) / scale + x, (atY - height / 2) / scale + y],
    /** 1 where the whole picture just fits. */
    magnification: () => scale / whole(),
    view: () => ({ x, y, scale, width, height }),
  };
}
