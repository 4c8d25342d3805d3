import { similarPath } from './alike-choices.js';
import { ask } from './api.js';
import { recallHeard, rememberHeard } from './heard-tracks.js';
import { upcoming } from './queue.js';

/** @typedef {import('./alike-choices.js').Choices} Choices */
/** @typedef {import('./api.js').SimilarTrack} SimilarTrack */
/** @typedef {import('./playback.js').Playback} Playback */

/** Tracks heard last that the next one sounds like: with each it drifts a little. */
const SEEDS = 3;

/** Neighbours to choose from. */
const CHOICE = 100;

const KEPT_AS = 'soundalike-endless';

/**
 * The track to go on with: the nearest that was not heard, or else the one that was heard the longest ago; by an artist
 * other than that of the last two tracks, where these are of one.
 *
 * @template {{id: string, artist: string | null}} Track
 * @param {readonly Pick<Track, 'id' | 'artist'>[]} heard In their order.
 * @param {readonly Track[]} neighbours The nearest first.
 * @returns {Track | null} Null where there is none.
 */
export function chooseNext(heard, neighbours) {
  const [before, last] = heard.slice(-2);
  const barred = before && last && before.artist === last.artist ? last.artist : null;
  const allowed = neighbours.filter(({ artist }) => artist === null || artist !== barred);
  const places = new Map(heard.map(({ id }, place) => [id, place]));
  /** @param {Track} track */
  const heardAt = ({ id }) => places.get(id) ?? -1;
  // Sorting is stable: of those that were not heard the nearest stays first.
  return allowed.toSorted((a, b) => heardAt(a) - heardAt(b))[0] ?? null;
}

/**
 * Keeps a track in the queue behind the last one, as long as the switch is on.
 *
 * @param {Playback} playback
 * @param {HTMLInputElement} toggle
 * @param {() => Choices} choices
 */
export function startEndless(playback, toggle, choices) {
  const heard = recallHeard(localStorage);
  let asking = false;
  toggle.checked = localStorage.getItem(KEPT_AS) === 'on';

  const isNeeded = () =>
    toggle.checked && playback.track() !== null && upcoming(playback.queue()).length === 0;

  async function goOn() {
    if (!isNeeded() || asking) return;
    asking = true;
    try {
      const seeds = heard.slice(-SEEDS).reverse();
      /** @type {{body: {results: SimilarTrack[]}}} */
      const { body } = await ask(similarPath(seeds, choices(), CHOICE));
      const next = chooseNext(heard, body.results);
      if (next && isNeeded()) playback.append([next]);
    } catch {
      // The list of neighbours tells what is wrong; the next track tries again.
    } finally {
      asking = false;
    }
  }

  function hear() {
    const track = playback.track();
    if (track && heard.at(-1)?.id !== track.id) {
      heard.push(track);
      rememberHeard(localStorage, heard);
    }
    goOn();
  }

  playback.on('track', hear);
  playback.on('queue', goOn);
  toggle.addEventListener('change', () => {
    localStorage.setItem(KEPT_AS, toggle.checked ? 'on' : 'off');
    goOn();
  });
  hear();
}
