import { setText } from './dom.js';
import { formatPercent, wholePercent } from './format.js';

/** @typedef {import('./api.js').RunSummary} RunSummary */

/**
 * Sets a part of a progress bar.
 *
 * @param {HTMLElement} bar
 * @param {number} share 0 to 1.
 */
export function setShare(bar, share) {
  bar.style.setProperty('--share', String(share));
}

/**
 * Sets a progress bar of one part, for the eye and for a screen reader.
 *
 * @param {HTMLElement} bar The part.
 * @param {number} share 0 to 1.
 */
export function setProgress(bar, share) {
  setShare(bar, share);
  const progress = /** @type {HTMLElement} */ (bar.parentElement);
  progress.setAttribute('aria-valuenow', String(wholePercent(share)));
  progress.setAttribute('aria-valuetext', formatPercent(share));
}

/**
 * @param {HTMLElement} badge
 * @param {RunSummary['state']} state
 */
export function setState(badge, state) {
  badge.dataset.state = state;
  setText(badge, state);
}

/** Whether a run can change only by a resume. @param {RunSummary} status */
export const isOver = ({ state }) => ['done', 'failed', 'cancelled'].includes(state);

/** Whether workers are to work on a run. @param {RunSummary} status */
export const isUnderWay = (status) => !isOver(status) && status.state !== 'paused';
