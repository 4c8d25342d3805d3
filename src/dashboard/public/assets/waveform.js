import { ask } from './api.js';

/** The drawing's height in its own units; it is as wide as there are peaks, and stretched to its place. */
const HEIGHT = 100;
/** So that silence is a line. */
const LEAST = 2;

/**
 * The waveform behind the seek bar, drawn twice: the style sheet shows the second as far as the track has played.
 *
 * @param {SVGElement} place With two paths.
 * @returns {(track: {id: string}) => Promise<void>} Draws a track's waveform. Until it is there, and where the index
 *   has none, the bar is plain.
 */
export function createWaveform(place) {
  const paths = place.querySelectorAll('path');
  let request = new AbortController();

  return async ({ id }) => {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    place.removeAttribute('data-drawn');
    try {
      /** @type {{body: {peaks: number[]}}} */
      const { body } = await ask(`/tracks/${encodeURIComponent(id)}/peaks`, { signal });
      place.setAttribute('viewBox', `0 0 ${body.peaks.length} ${HEIGHT}`);
      for (const path of paths) path.setAttribute('d', outlineOf(body.peaks));
      place.setAttribute('data-drawn', '');
    } catch {
      // The bar seeks as well without it.
    }
  };
}

/** A column for each peak, to both sides of the middle; the loudest is as high as the drawing. @param {number[]} peaks */
function outlineOf(peaks) {
  const scale = HEIGHT / Math.max(...peaks, Number.EPSILON);
  const columns = peaks.map((peak, place) => {
    const height = Math.max(LEAST, peak * scale);
    return `M${place} ${((HEIGHT - height) / 2).toFixed(1)}h1v${height.toFixed(1)}h-1z`;
  });
  return columns.join('');
}
