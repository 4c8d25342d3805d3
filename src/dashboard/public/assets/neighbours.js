import { createChoices, similarPath } from './alike-choices.js';
import { ask, messageOf } from './api.js';
import { byId, part, setText } from './dom.js';
import { createSeeds } from './seeds.js';
import { createSimilarTracks } from './similar-tracks.js';
import { drawTile } from './tile.js';
import { subtitleOf, titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('./api.js').SimilarTrack} SimilarTrack */

const SHOWN = 20;

/**
 * The list of what sounds like the track that plays, and like other tracks that are added to it.
 *
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @param {() => void} onShown Called after the rows have changed.
 */
export function createNeighbours(play, onShown) {
  const section = byId('neighbours');
  const message = part(section, 'message');
  const seed = part(section, 'seed');
  const form = /** @type {HTMLFormElement} */ (part(section, 'choices'));
  const choices = createChoices(form, find);
  const seeds = createSeeds(part(section, 'seeds'), find);
  const showTracks = createSimilarTracks(part(section, 'tracks'), play);
  /** @type {CollectionTrack | null} */
  let playing = null;
  let request = new AbortController();

  /**
   * @param {SimilarTrack[]} tracks
   * @param {string} text
   */
  function show(tracks, text) {
    setText(message, text);
    message.hidden = text === '';
    part(section, 'legend').hidden = tracks.length === 0;
    showTracks(tracks);
    onShown();
  }

  function showSeed() {
    const [first] = playing ? [playing] : seeds.all();
    seed.hidden = !first;
    form.hidden = !first;
    if (!first) return;
    drawTile(part(seed, 'tile'), first);
    setText(part(seed, 'title'), titleOf(first));
    setText(part(seed, 'subtitle'), subtitleOf(first));
  }

  async function find() {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    showSeed();
    const all = [...(playing ? [playing] : []), ...seeds.all().filter(({ id }) => id !== playing?.id)];
    if (all.length === 0) return show([], 'Play a track to see what sounds like it.');
    message.hidden = true;
    try {
      /** @type {{body: {results: SimilarTrack[]}}} */
      const { body } = await ask(similarPath(all, choices(), SHOWN), { signal });
      show(
        body.results,
        body.results.length === 0 ? 'No other track of the library is meant by these filters.' : '',
      );
      section.scrollTo({ top: 0 });
    } catch (error) {
      if (!signal.aborted) show([], messageOf(error));
    }
  }

  return {
    choices,
    addSeed: seeds.add,
    /** Shows the neighbours of a track. @param {CollectionTrack} track */
    follow(track) {
      playing = track;
      return find();
    },
  };
}
