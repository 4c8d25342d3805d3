import { byId, part } from './dom.js';
import { offerGenres } from './genre-options.js';

/**
 * How the library is sorted and filtered.
 *
 * @param {HTMLElement} section
 * @param {() => void} onChange
 * @returns {() => Record<string, string>} The parameters of the API that are chosen.
 */
export function createLibraryChoices(section, onChange) {
  const form = /** @type {HTMLFormElement} */ (byId('library-choices'));
  const toggle = part(section, 'show-choices');
  const selects = /** @type {NodeListOf<HTMLSelectElement>} */ (form.querySelectorAll('select'));
  toggle.addEventListener('click', () => {
    form.hidden = !form.hidden;
    toggle.setAttribute('aria-expanded', String(!form.hidden));
  });
  form.addEventListener('change', () => {
    for (const select of selects) select.toggleAttribute('data-chosen', select.value !== '');
    // So that a list that is filtered does not look like the whole.
    toggle.toggleAttribute('data-chosen', form.querySelector('[data-chosen]') !== null);
    onChange();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const name of ['tempo', 'duration']) offerRanges(form, name);
  offerGenres(/** @type {HTMLSelectElement} */ (part(form, 'genre')));
  return () => {
    const { sort: sorting, ...filters } = Object.fromEntries(
      Array.from(selects, ({ name, value }) => [name, value]).filter(([, value]) => value !== ''),
    );
    if (sorting === undefined) return filters;
    const [sort, order = 'asc'] = sorting.split(' ');
    return { ...filters, sort, order };
  };
}

/**
 * Offers the ranges that neighbours are filtered by, too, but for those that are about a track.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function offerRanges(form, name) {
  const wanted = `select[name=${name}]`;
  const ranges = byId('neighbours').querySelectorAll(`${wanted} option:not([value=near])`);
  form.querySelector(wanted)?.append(...Array.from(ranges, (option) => option.cloneNode(true)));
}
