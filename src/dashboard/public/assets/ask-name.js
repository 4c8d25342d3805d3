import { byId, part, setText } from './dom.js';

/**
 * Asks for a name in a dialog.
 *
 * @param {string} title
 * @param {string} [given] The name so far.
 * @returns {Promise<string | null>} Null where the dialog was left.
 */
export function askName(title, given = '') {
  const dialog = /** @type {HTMLDialogElement} */ (byId('name-dialog'));
  const input = /** @type {HTMLInputElement} */ (part(dialog, 'name'));
  setText(part(dialog, 'title'), title);
  input.value = given;
  dialog.returnValue = '';
  // No submit button: Enter would press it.
  part(dialog, 'cancel').onclick = () => dialog.close();
  dialog.showModal();
  input.select();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => resolve(dialog.returnValue === 'save' ? input.value.trim() || null : null),
      { once: true },
    );
  });
}
