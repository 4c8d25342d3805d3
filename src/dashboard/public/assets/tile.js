const SVG = 'http://www.w3.org/2000/svg';
const BARS = 7;

/** Degrees; the golden angle keeps the hues of neighbouring cluster numbers far apart. */
const HUE_STEP = 137.508;

/** Pixels of a side of the picture that the system shows beside the title. */
const PICTURE = 512;

/** @typedef {{id: string, cluster: number}} Covered */

/** The colour's hue, in degrees, is the cluster's. @param {Covered} track */
const hueOf = ({ cluster }) => Math.round(cluster * HUE_STEP + 175) % 360;

/** The bars, made from the id, on a square of 40. @param {Covered} track */
function barsOf({ id }) {
  let bits = hash(id);
  let d = '';
  for (let bar = 0; bar < BARS; bar++) {
    const height = 6 + (bits & 15) * 1.25;
    d += `M${8 + bar * 4} ${20 - height / 2}v${height}`;
    bits = (bits >>> 4) | (bits << 28);
  }
  return d;
}

/**
 * Draws a track's cover into a place of the page.
 *
 * @param {HTMLElement} place
 * @param {Covered} track
 */
export function drawTile(place, track) {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', barsOf(track));
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 40 40');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  place.classList.add('tile');
  place.style.setProperty('--hue', String(hueOf(track)));
  place.replaceChildren(svg);
}

/**
 * The same cover as a picture, for where the page's style sheet does not reach.
 *
 * @param {Covered} track
 * @returns {string} A data: address of a PNG.
 */
export function coverPicture(track) {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE;
  canvas.height = PICTURE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const hue = hueOf(track);
  // As .tile in tracks.css.
  const ground = context.createLinearGradient(0, 0, PICTURE, PICTURE);
  ground.addColorStop(0, `oklch(0.68 0.11 ${hue})`);
  ground.addColorStop(1, `oklch(0.45 0.11 ${hue + 35})`);
  context.fillStyle = ground;
  context.fillRect(0, 0, PICTURE, PICTURE);
  context.scale(PICTURE / 40, PICTURE / 40);
  context.strokeStyle = '#ffffffe0';
  context.lineWidth = 2;
  context.lineCap = 'round';
  context.stroke(new Path2D(barsOf(track)));
  return canvas.toDataURL('image/png');
}

/** FNV-1a, 32 bits. @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
