import { part } from './dom.js';
import { offerGenres } from './genre-options.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */

/**
 * What tracks are compared by, and which of them are wanted. Empty where nothing is chosen.
 *
 * @typedef {object} Choices
 * @property {string} aspect
 * @property {string} genre
 * @property {string} tempo A range of beats a minute, or `near` the track's own.
 * @property {string} duration A range of seconds.
 * @property {boolean} otherArtists
 */

/** A tempo is near another within this share of it. */
const NEAR = 0.08;

/**
 * Where the API tells what sounds like all of some tracks.
 *
 * @param {readonly Pick<CollectionTrack, 'id' | 'tempo'>[]} seeds At least one; a tempo near to theirs is one near to
 *   the first's.
 * @param {Choices} choices
 * @param {number} count Tracks at most.
 */
export function similarPath(seeds, choices, count) {
  const [first] = seeds;
  const parameters = new URLSearchParams(seeds.length > 1 ? seeds.map(({ id }) => ['id', id]) : []);
  parameters.set('k', String(count));
  for (const name of /** @type {const} */ (['aspect', 'genre', 'duration'])) {
    if (choices[name]) parameters.set(name, choices[name]);
  }
  const tempo = choices.tempo === 'near' ? near(first.tempo) : choices.tempo;
  if (tempo) parameters.set('tempo', tempo);
  if (choices.otherArtists) parameters.set('other_artists', '1');
  const path = seeds.length > 1 ? '/similar' : `/tracks/${encodeURIComponent(first.id)}/similar`;
  return `${path}?${parameters}`;
}

/** @param {number | null} tempo */
const near = (tempo) =>
  tempo === null ? '' : `${(tempo * (1 - NEAR)).toFixed(1)}-${(tempo * (1 + NEAR)).toFixed(1)}`;

/**
 * The controls that the choices are made with.
 *
 * @param {HTMLFormElement} form
 * @param {() => void} onChange
 * @returns {() => Choices}
 */
export function createChoices(form, onChange) {
  const filters = /** @type {NodeListOf<HTMLSelectElement>} */ (form.querySelectorAll('select'));
  form.addEventListener('change', () => {
    for (const filter of filters) filter.toggleAttribute('data-chosen', filter.value !== '');
    onChange();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  offerGenres(/** @type {HTMLSelectElement} */ (part(form, 'genre')));
  return () => {
    const chosen = new FormData(form);
    /** @param {string} name */
    const text = (name) => String(chosen.get(name) ?? '');
    return {
      aspect: text('aspect'),
      genre: text('genre'),
      tempo: text('tempo'),
      duration: text('duration'),
      otherArtists: chosen.has('other_artists'),
    };
  };
}
