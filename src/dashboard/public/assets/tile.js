const SVG = 'http://www.w3.org/2000/svg';
const BARS = 7;

/** Degrees; the golden angle keeps the hues of neighbouring cluster numbers far apart. */
const HUE_STEP = 137.508;

/**
 * Draws a track's cover into a place of the page: the colour is its cluster's, the bars are made from its id.
 *
 * @param {HTMLElement} place
 * @param {{id: string, cluster: number}} track
 */
export function drawTile(place, { id, cluster }) {
  let bits = hash(id);
  let d = '';
  for (let bar = 0; bar < BARS; bar++) {
    const height = 6 + (bits & 15) * 1.25;
    d += `M${8 + bar * 4} ${20 - height / 2}v${height}`;
    bits = (bits >>> 4) | (bits << 28);
  }
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', d);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 40 40');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  place.classList.add('tile');
  place.style.setProperty('--hue', String(Math.round(cluster * HUE_STEP + 175) % 360));
  place.replaceChildren(svg);
}

/** FNV-1a, 32 bits. @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
