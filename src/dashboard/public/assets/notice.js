import { byId, setText } from './dom.js';

/** Milliseconds that a notice stays: some to notice it, and some a character to read it. */
const STAYS = 3_000;
const STAYS_A_CHARACTER = 50;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let leaving;

/**
 * Says above the player's bar, whatever view is open, what has come of something.
 *
 * @param {string} text
 */
export function notify(text) {
  const notice = byId('notice');
  setText(notice, text);
  clearTimeout(leaving);
  leaving = setTimeout(() => setText(notice, ''), STAYS + STAYS_A_CHARACTER * text.length);
}
