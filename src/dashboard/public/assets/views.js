import { byId } from './dom.js';

/** As in the style sheet: below it the two columns take turns. */
const narrow = matchMedia('(max-width: 720px)');

/**
 * The views: sections with a `data-column`, of which each column shows one. On a narrow screen one is shown at all.
 * A button chooses the view that its `data-view` names, or goes to what was shown last in its `data-column`.
 */
export function startViews() {
  for (const button of buttons()) {
    const { view, column = '' } = button.dataset;
    button.addEventListener('click', () => (view ? showView(view) : showColumn(column)));
  }
  narrow.addEventListener('change', arrange);
  arrange();
}

/** @param {string} view Id of its section. */
export function showView(view) {
  const { column = '' } = byId(view).dataset;
  for (const section of sections()) {
    if (section.dataset.column === column) section.toggleAttribute('data-chosen', section.id === view);
  }
  showColumn(column);
}

/** @param {string} column That a narrow screen shows. */
function showColumn(column) {
  byId('panes').dataset.column = column;
  arrange();
}

/** @returns {NodeListOf<HTMLElement>} */
const sections = () => document.querySelectorAll('#panes > section[data-column]');
/** @returns {NodeListOf<HTMLButtonElement>} */
const buttons = () => document.querySelectorAll('.views button');

function arrange() {
  const { column } = byId('panes').dataset;
  const shown = new Set();
  for (const section of sections()) {
    section.hidden =
      !section.hasAttribute('data-chosen') || (narrow.matches && section.dataset.column !== column);
    if (!section.hidden) shown.add(section.id);
  }
  for (const button of buttons()) {
    const { view } = button.dataset;
    button.setAttribute('aria-pressed', String(view ? shown.has(view) : button.dataset.column === column));
  }
}
