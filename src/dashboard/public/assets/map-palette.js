/** Twelve colours that are told apart on a light and on a dark ground; the last is for what has none of its own. */
const LIGHT = [
  '#2f6fb3',
  '#d9730d',
  '#2a8c4a',
  '#c0392b',
  '#7d4fc4',
  '#8a5a3c',
  '#d0529a',
  '#0f8f9c',
  '#948500',
  '#3b4fd8',
  '#7fa31b',
  '#8d929b',
];
const DARK = [
  '#6ea8ff',
  '#ffa657',
  '#6bd68a',
  '#ff7b72',
  '#b794ff',
  '#d2a27d',
  '#ff8fcb',
  '#4fd6e0',
  '#e8d44d',
  '#8f9dff',
  '#c3e86b',
  '#7d828d',
];

/** Groups with a colour of their own; all others share the last one. */
export const OWN_COLOURS = LIGHT.length - 1;

const dark = matchMedia('(prefers-color-scheme: dark)');

/** @param {() => void} listener Called when the page turns dark or light. */
export const onScheme = (listener) => dark.addEventListener('change', listener);

/** @returns {string[]} */
export const palette = () => (dark.matches ? DARK : LIGHT);

/** Red, green and blue of `#rrggbb`, 0 to 255. @param {string} colour @returns {[number, number, number]} */
export function channels(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
