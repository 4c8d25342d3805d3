import { byId } from './dom.js';

/**
 * Takes files that are dropped anywhere on the page, or chosen by the button.
 *
 * @param {(file: File) => void} take Gets one file; of several the first.
 */
export function startDropTarget(take) {
  const drop = byId('drop');
  const input = /** @type {HTMLInputElement} */ (byId('file'));
  byId('choose-file').addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // The same file may be chosen again.
    if (file) take(file);
    input.value = '';
  });

  // Each element under the pointer tells its own entering and leaving.
  let depth = 0;
  /** @param {DragEvent} event */
  const holdsFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  /** @param {number} value */
  const setDepth = (value) => {
    depth = value;
    drop.hidden = depth === 0;
  };
  addEventListener('dragenter', (event) => {
    if (holdsFiles(event)) setDepth(depth + 1);
  });
  addEventListener('dragleave', (event) => {
    if (holdsFiles(event)) setDepth(Math.max(0, depth - 1));
  });
  addEventListener('dragover', (event) => {
    // Otherwise the browser would leave the page and open the file.
    if (holdsFiles(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
}
