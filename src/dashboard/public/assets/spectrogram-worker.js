import { createSpectrum } from './spectrum.js';

/** Samples of a frame: 93 ms at 22,050 Hz. */
const FRAME = 2048;

/** Frames that a column shows the loudest of, at most; a column of a long track is longer than that. */
const FRAMES = 4;

/** Columns that are sent at once, so that the picture grows while the rest is computed. */
const SLICE = 32;

/** @typedef {{samples: Float32Array, sampleRate: number, columns: number, bands: number}} SpectrogramRequest */
/** @typedef {{column: number, levels: Uint8Array}} SpectrogramSlice `levels`: bands of each column, lowest first. */

addEventListener('message', (/** @type {MessageEvent<SpectrogramRequest>} */ { data }) => {
  const { samples, sampleRate, columns, bands } = data;
  const measure = createSpectrum(FRAME, sampleRate, bands);
  const step = samples.length / columns;
  const frames = Math.max(1, Math.min(FRAMES, Math.floor(step / FRAME)));
  for (let column = 0; column < columns; column += SLICE) {
    const count = Math.min(SLICE, columns - column);
    const levels = new Uint8Array(count * bands);
    for (let i = 0; i < count; i++) {
      for (let frame = 0; frame < frames; frame++) {
        const at = (column + i + (frame + 0.5) / frames) * step;
        measure(samples, at, levels.subarray(i * bands, (i + 1) * bands));
      }
    }
    postMessage({ column, levels }, { transfer: [levels.buffer] });
  }
});
