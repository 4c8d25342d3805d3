import { ApiError, ask } from './api.js';
import { byId, part, setText } from './dom.js';

/** @typedef {import('./api.js').RunStatus} RunStatus */

/** @type {Record<RunStatus['state'], string[]>} */
const ACTIONS = {
  planning: ['pause', 'cancel'],
  extracting: ['pause', 'cancel'],
  indexing: ['pause', 'cancel'],
  clustering: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  cancelled: ['resume'],
  failed: ['resume'],
  done: ['again'],
};

/** Whether who looks may change something, asked once a page: a login leads to a new one. */
let administrator = false;

/**
 * The buttons of a run, for the administrator; others are led to the login, where there is one.
 *
 * @param {string} run
 * @param {(status: RunStatus) => void} show Gets the state after an action.
 */
export function createActions(run, show) {
  const section = byId('actions');
  const told = part(section, 'told');
  const buttons = /** @type {HTMLButtonElement[]} */ ([...section.querySelectorAll('[data-action]')]);
  for (const button of buttons) {
    button.hidden = true;
    button.addEventListener('click', () =>
      act(button, told, async () => {
        const { body } = await change(run, button.dataset.action ?? '');
        if (body.run !== run) location.assign(`/runs/${encodeURIComponent(body.run)}`);
        else if (button.dataset.action === 'again') setText(told, 'Nothing has changed there.');
        else show(body);
      }),
    );
  }
  void ask('/session').then(({ body }) => {
    administrator = body.administrator;
    document.body.classList.toggle('administrator', administrator);
    const login = part(section, 'login');
    login.hidden = administrator || !body.loginPossible;
    login.setAttribute('href', `/login?next=${encodeURIComponent(location.pathname)}`);
    section.hidden = !administrator && !body.loginPossible;
  }, tell(told));

  return (/** @type {RunStatus} */ { state }) => {
    for (const button of buttons)
      button.hidden = !administrator || !ACTIONS[state].includes(button.dataset.action ?? '');
  };
}

/**
 * Has failed tracks analysed again, at a press of a button.
 *
 * @param {string} run
 * @param {HTMLButtonElement} button
 * @param {() => string} code The class of failures.
 */
export function retryOn(run, button, code) {
  button.addEventListener('click', () =>
    act(button, part(byId('actions'), 'told'), () => change(run, 'retry', { codes: [code()] })),
  );
}

/**
 * @param {string} run
 * @param {string} action
 * @param {object} [body]
 */
function change(run, action, body) {
  const init = body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  return ask(`/runs/${encodeURIComponent(run)}/${action}`, { method: 'POST', ...init });
}

/**
 * @param {HTMLButtonElement} button Cannot be pressed twice.
 * @param {HTMLElement} told
 * @param {() => Promise<unknown>} action
 */
async function act(button, told, action) {
  button.disabled = true;
  setText(told, '');
  await action().catch(tell(told));
  button.disabled = false;
}

/** @param {HTMLElement} told */
function tell(told) {
  return (/** @type {unknown} */ error) => {
    if (!(error instanceof ApiError)) throw error;
    setText(told, error.message);
  };
}
