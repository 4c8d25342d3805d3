import { ask, messageOf } from './api.js';
import { byId, setText } from './dom.js';

/** @typedef {import('./account.js').Session} Session */

const form = /** @type {HTMLFormElement} */ (byId('login'));
const name = /** @type {HTMLInputElement} */ (byId('name'));
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
const isLoggedIn = ({ administrator, listener }) => administrator || listener !== null;

/** @param {Session} session */
function explain({ administrator, listener, loginPossible, namesPossible }) {
  if (administrator) return 'You are logged in as the administrator.';
  if (listener !== null) return `You are logged in as ${listener}.`;
  if (namesPossible)
    return 'With your name and password you can listen. The administrator leaves the name empty.';
  return loginPossible
    ? 'Log in to retry, pause or remove jobs, and wherever this dashboard is open to others.'
    : 'No password is set, so nothing can be changed here. Set ADMIN_PASSWORD_HASH and start the dashboard again.';
}

/** @param {Session} session */
function show(session) {
  form.hidden = isLoggedIn(session) || !session.loginPossible;
  byId('logged-in').hidden = !isLoggedIn(session);
  setText(byId('explanation'), explain(session));
  for (const part of [name, ...(name.labels ?? [])]) part.hidden = !session.namesPossible;
  if (!form.hidden) (session.namesPossible ? name : password).focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  setText(byId('fault'), '');
  try {
    const given = name.value.trim();
    await send('POST', { password: password.value, ...(given !== '' && { name: given }) });
    location.assign(onward);
  } catch (error) {
    setText(byId('fault'), messageOf(error));
    password.select();
  }
});

byId('logout').addEventListener('click', async () => {
  show(await send('DELETE'));
  // What the player keeps here is nothing to whoever logs in next.
  localStorage.clear();
});

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
  if (isLoggedIn(session) && location.search !== '') location.replace(onward);
  else show(session);
} catch (error) {
  setText(byId('explanation'), messageOf(error));
}
