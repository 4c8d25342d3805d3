import { ask, messageOf } from './api.js';
import { byId, setText } from './dom.js';

/** @typedef {{administrator: boolean, loginPossible: boolean}} Session */

const form = /** @type {HTMLFormElement} */ (byId('login'));
const password = /** @type {HTMLInputElement} */ (byId('password'));
const onward = destination();
byId('onward').setAttribute('href', onward);

/** Where the visitor wanted to go, as long as that is a page of this server. */
function destination() {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return url?.origin === location.origin ? `${url.pathname}${url.search}${url.hash}` : '/';
}

/** @param {Session} session */
function show({ administrator, loginPossible }) {
  form.hidden = administrator || !loginPossible;
  byId('logged-in').hidden = !administrator;
  setText(
    byId('explanation'),
    administrator
      ? 'You are logged in as the administrator.'
      : loginPossible
        ? 'Log in to retry, pause or remove jobs, and wherever this dashboard is open to others.'
        : 'No password is set, so nothing can be changed here. Set ADMIN_PASSWORD_HASH and start the dashboard again.',
  );
  if (!form.hidden) password.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  setText(byId('fault'), '');
  try {
    await send('POST', { password: password.value });
    location.assign(onward);
  } catch (error) {
    setText(byId('fault'), messageOf(error));
    password.select();
  }
});

byId('logout').addEventListener('click', async () => show(await send('DELETE')));

/**
 * @param {string} method
 * @param {object} [body]
 * @returns {Promise<Session>}
 */
async function send(method, body) {
  const init = body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  return (await ask('/session', { method, ...init })).body;
}

try {
  const session = await send('GET');
  // A link from another site came without the cookie, and so here instead of where it leads.
  if (session.administrator && location.search !== '') location.replace(onward);
  else show(session);
} catch (error) {
  setText(byId('explanation'), messageOf(error));
}
