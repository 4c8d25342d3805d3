import { ask } from './api.js';

/** @type {Promise<string[]> | undefined} */
let asked;

/** The library's genres, those with most tracks first; none where the library tells what is wrong. */
function genres() {
  asked ??= ask('/genres').then(
    ({ body }) => /** @type {{genres: {genre: string}[]}} */ (body).genres.map(({ genre }) => genre),
    () => [],
  );
  return asked;
}

/** Offers the library's genres to choose from. Without any there is nothing to choose. @param {HTMLSelectElement} select */
export async function offerGenres(select) {
  const names = await genres();
  for (const name of names) select.add(new Option(name, name));
  select.hidden = names.length === 0;
}
