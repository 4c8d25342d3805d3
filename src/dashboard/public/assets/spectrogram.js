import { audioAddress } from './audio-output.js';
import { byId, part, setText } from './dom.js';
import { titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./spectrogram-worker.js').SpectrogramSlice} SpectrogramSlice */

/** As the analysis has it: what is above half of it is not shown. */
const SAMPLE_RATE = 22_050;

const COLUMNS = 1_024;
const BANDS = 160;

/** Seconds beyond which a browser's decoder, which decodes all at once, would take more than 200 MB. */
const LONGEST = 1_200;

/** Red, green and blue from silence to full scale. */
const COLOURS = [
  [10, 10, 20],
  [52, 18, 84],
  [140, 36, 110],
  [224, 86, 82],
  [250, 166, 90],
  [252, 244, 200],
];

/**
 * The spectrogram of what plays, where it is asked for: computed in the browser from the decoded audio, on a thread of
 * its own.
 *
 * @param {import('./playback.js').Playback} playback
 */
export function startSpectrogram(playback) {
  const section = byId('spectrogram');
  const canvas = /** @type {HTMLCanvasElement} */ (part(section, 'canvas'));
  const button = byId('show-spectrogram');
  const note = part(section, 'note');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  canvas.width = COLUMNS;
  canvas.height = BANDS;
  let request = new AbortController();

  async function show() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const track = playback.track();
    section.removeAttribute('data-drawn');
    context.clearRect(0, 0, COLUMNS, BANDS);
    if (section.hidden || !track) return;
    setText(note, track.seconds > LONGEST ? 'This track is too long for a spectrogram here.' : 'Listening …');
    if (track.seconds > LONGEST) return;
    canvas.setAttribute('aria-label', `Spectrogram of ${titleOf(track)}`);
    try {
      const samples = await decode(track, signal);
      if (signal.aborted) return;
      setText(note, '');
      draw(context, samples, signal, () => section.toggleAttribute('data-drawn', true));
    } catch {
      if (!signal.aborted) setText(note, 'There is no spectrogram of this file here.');
    }
  }

  function showPosition() {
    const share = playback.length() > 0 ? playback.position() / playback.length() : 0;
    section.style.setProperty('--share', String(Math.min(1, share)));
  }

  button.addEventListener('click', () => {
    section.hidden = !section.hidden;
    button.setAttribute('aria-pressed', String(!section.hidden));
    show();
  });
  // By keyboard one seeks with the slider in the bar.
  canvas.addEventListener('click', ({ offsetX }) => {
    playback.seek((offsetX / canvas.clientWidth) * playback.length());
  });
  playback.on('track', show);
  playback.on('time', showPosition);
}

/**
 * @param {CollectionTrack} track
 * @param {AbortSignal} signal
 * @returns {Promise<Float32Array>} Mixed to one channel.
 */
async function decode(track, signal) {
  const response = await fetch(audioAddress(track), { signal });
  const file = await response.arrayBuffer();
  const audio = await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(file);
  const mixed = audio.getChannelData(0);
  for (let channel = 1; channel < audio.numberOfChannels; channel++) {
    const other = audio.getChannelData(channel);
    for (let i = 0; i < mixed.length; i++) mixed[i] += other[i];
  }
  for (let i = 0; i < mixed.length; i++) mixed[i] /= audio.numberOfChannels;
  return mixed;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} samples
 * @param {AbortSignal} signal Ends it.
 * @param {() => void} onDrawn
 */
function draw(context, samples, signal, onDrawn) {
  const worker = new Worker('/assets/spectrogram-worker.js', { type: 'module' });
  signal.addEventListener('abort', () => worker.terminate());
  worker.addEventListener('message', (/** @type {MessageEvent<SpectrogramSlice>} */ { data }) => {
    const { column, levels } = data;
    const count = levels.length / BANDS;
    const picture = context.createImageData(count, BANDS);
    for (let i = 0; i < count; i++) {
      for (let band = 0; band < BANDS; band++) {
        // The lowest band is at the bottom.
        const place = 4 * ((BANDS - 1 - band) * count + i);
        picture.data.set(colourOf(levels[i * BANDS + band]), place);
      }
    }
    context.putImageData(picture, column, 0);
    if (column + count < COLUMNS) return;
    worker.terminate();
    onDrawn();
  });
  const copy = samples.slice();
  worker.postMessage({ samples: copy, sampleRate: SAMPLE_RATE, columns: COLUMNS, bands: BANDS }, [
    copy.buffer,
  ]);
}

/** @param {number} level 0 to 255. */
function colourOf(level) {
  const at = (level / 255) * (COLOURS.length - 1);
  const [low, high] = [COLOURS[Math.floor(at)], COLOURS[Math.ceil(at)]];
  const share = at % 1;
  return [...low.map((part, i) => part + (high[i] - part) * share), 255];
}
