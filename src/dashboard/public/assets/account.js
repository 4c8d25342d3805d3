import { ask } from './api.js';
import { byId, part, setText } from './dom.js';

/** @typedef {{administrator: boolean, listener: string | null, onlooker: boolean, loginPossible: boolean, namesPossible: boolean}} Session */

/** Shows who is logged in, and of the other pages those that may be looked at. Until that is known it shows neither. */
export async function startAccount() {
  const nav = byId('pages');
  try {
    /** @type {{body: Session}} */
    const { body } = await ask('/session');
    const { administrator, listener, onlooker } = body;
    for (const link of nav.querySelectorAll('a:not([data-part])')) {
      link.toggleAttribute('hidden', !onlooker);
    }
    const account = part(nav, 'account');
    account.hidden = !administrator && listener === null;
    account.title = `Logged in as ${listener ?? 'the administrator'}`;
    setText(part(account, 'who'), `${account.title}: log out`);
  } catch {
    // The library tells what is wrong; the links lead on all the same.
  }
  nav.dataset.known = '';
}
