import { part, setText } from './dom.js';
import { formatNumber } from './format.js';
import { palette } from './map-palette.js';

/** @typedef {import('./map-groups.js').Groups} Groups */

/**
 * The legend: a button for each group of points, which hides and shows them.
 *
 * @param {HTMLElement} section
 * @param {(by: 'genre' | 'cluster') => Groups} group
 * @param {() => void} onChange
 */
export function createLegend(section, group, onChange) {
  const list = part(section, 'legend');
  /** @type {HTMLButtonElement[]} */
  const choices = [...section.querySelectorAll('button[data-colours]')].map(
    (button) => /** @type {HTMLButtonElement} */ (button),
  );
  const genres = group('genre');
  // A collection without genres is coloured by what it has.
  let shown = genres.groups[0].points > 0 ? genres : group('cluster');
  let by = shown === genres ? 'genre' : 'cluster';
  /** @type {boolean[]} */
  let isHidden = [];

  function build() {
    isHidden = shown.groups.map(() => false);
    list.replaceChildren(
      ...shown.groups.flatMap(({ name, points }, number) => {
        if (points === 0) return [];
        const button = document.createElement('button');
        button.type = 'button';
        button.dataset.group = String(number);
        button.setAttribute('aria-pressed', 'true');
        const swatch = document.createElement('i');
        const label = document.createElement('span');
        const count = document.createElement('small');
        setText(label, name);
        setText(count, formatNumber(points));
        button.append(swatch, label, count);
        button.addEventListener('click', () => {
          isHidden[number] = !isHidden[number];
          button.setAttribute('aria-pressed', String(!isHidden[number]));
          onChange();
        });
        const item = document.createElement('li');
        item.append(button);
        return [item];
      }),
    );
    for (const choice of choices) {
      choice.setAttribute('aria-pressed', String(choice.dataset.colours === by));
      choice.disabled = choice.dataset.colours === 'genre' && genres.groups[0].points === 0;
    }
    refresh();
  }

  function refresh() {
    const colours = palette();
    for (const button of list.querySelectorAll('button'))
      button.style.setProperty('--swatch', colours[Number(button.dataset.group)]);
  }

  for (const choice of choices) {
    choice.addEventListener('click', () => {
      if (choice.dataset.colours === by) return;
      by = choice.dataset.colours === 'genre' ? 'genre' : 'cluster';
      shown = by === 'genre' ? genres : group('cluster');
      build();
      onChange();
    });
  }
  build();

  return {
    /** Which group each point is in, and which groups are hidden. */
    state: () => ({ groupOf: shown.groupOf, isHidden }),
    /** Takes the colours anew. */
    refresh,
  };
}
