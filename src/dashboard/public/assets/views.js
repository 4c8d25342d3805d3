import { byId } from './dom.js';

/** As in the style sheet: below it the two columns take turns. */
const narrow = matchMedia('(max-width: 720px)');

/**
 * The views: sections with a `data-column`, of which each column shows one. On a narrow screen one is shown at all.
 * A button chooses the view that its `data-view` names.
 */
export function startViews() {
  for (const button of buttons()) {
    button.addEventListener('click', () => showView(button.dataset.view ?? ''));
  }
  narrow.addEventListener('change', arrange);
  arrange();
}

/** @param {string} view Id of its section. */
export function showView(view) {
  const panes = byId('panes');
  panes.dataset.column = byId(view).dataset.column;
  for (const section of sections()) {
    if (section.dataset.column === panes.dataset.column)
      section.toggleAttribute('data-chosen', section.id === view);
  }
  arrange();
}

/** @returns {NodeListOf<HTMLElement>} */
const sections = () => document.querySelectorAll('#panes > [data-column]');
/** @returns {NodeListOf<HTMLButtonElement>} */
const buttons = () => document.querySelectorAll('.views [data-view]');

function arrange() {
  const { column } = byId('panes').dataset;
  const shown = new Set();
  for (const section of sections()) {
    section.hidden =
      !section.hasAttribute('data-chosen') || (narrow.matches && section.dataset.column !== column);
    if (!section.hidden) shown.add(section.id);
  }
  for (const button of buttons()) button.setAttribute('aria-pressed', String(shown.has(button.dataset.view)));
}
