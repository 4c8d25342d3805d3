import { tell, toldIn } from './activity.js';
import { byId, copyTemplate, part } from './dom.js';
import { titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {'like' | 'dislike'} Opinion */
/** @typedef {{node: HTMLElement, show(track: CollectionTrack): void}} OpinionButtons */

/** @type {Record<string, {opinion: Opinion, words: string}>} By the key that presses it. */
const KEYS = { l: { opinion: 'like', words: 'Like' }, d: { opinion: 'dislike', words: 'Not for me:' } };

/** Milliseconds in which the server's word of an opinion that was just changed may be from before, at most. */
const IN_FLIGHT = 3_000;

/** @type {Map<string, Opinion>} */
const known = new Map();

/** @type {Map<string, {opinion: Opinion | null}>} What was chosen here a moment ago, and is yet to come back. */
const chosen = new Map();

/** @param {string} id */
const opinionOf = (id) => {
  const choice = chosen.get(id);
  return choice ? choice.opinion : (known.get(id) ?? null);
};

/**
 * Two buttons that tell whether a track is liked or disliked. They are pressed at once; should the server not learn of
 * it, they come up again.
 *
 * @returns {OpinionButtons}
 */
export function createOpinionButtons() {
  const node = copyTemplate('opinions');
  /** @type {CollectionTrack} */
  let shown;
  for (const { opinion } of Object.values(KEYS)) {
    part(node, opinion).addEventListener('click', () => choose(shown, opinion));
  }
  return {
    node,
    show(track) {
      shown = track;
      node.dataset.of = track.id;
      for (const { opinion, words } of Object.values(KEYS)) {
        part(node, opinion).setAttribute('aria-label', `${words} ${titleOf(track)}`);
      }
      press(node);
    },
  };
}

/**
 * @param {object} opinions All there are, as the server has them.
 * @param {string[]} opinions.liked
 * @param {string[]} opinions.disliked
 * @param {string | null} opinions.latest The newest event that they are of.
 */
export function takeOpinions({ liked, disliked, latest }) {
  const cause = toldIn(latest);
  const choice = chosen.get(cause?.track.id ?? '');
  if (cause && choice && cause.action === (choice.opinion ?? 'unlike')) chosen.delete(cause.track.id);
  known.clear();
  for (const id of liked) known.set(id, 'like');
  for (const id of disliked) known.set(id, 'dislike');
  pressAll();
}

/** The keys `l` and `d` press the buttons of the row that has the focus, else those of what plays. */
export function startOpinionKeys() {
  document.addEventListener('keydown', (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || !Object.hasOwn(KEYS, key)) return;
    const element = /** @type {HTMLElement} */ (target);
    if (element.matches('input:not([type=range]), textarea, select')) return;
    const place = element.closest('li') ?? byId('player');
    /** @type {HTMLElement | null} */ (place.querySelector(`[data-part=${KEYS[key].opinion}]`))?.click();
  });
}

/**
 * @param {CollectionTrack} track
 * @param {Opinion} opinion One that is there already is taken back.
 */
async function choose(track, opinion) {
  const choice = { opinion: opinionOf(track.id) === opinion ? null : opinion };
  chosen.set(track.id, choice);
  pressAll();
  const drop = () => {
    if (chosen.get(track.id) !== choice) return;
    chosen.delete(track.id);
    pressAll();
  };
  try {
    await tell(choice.opinion ?? 'unlike', track);
    setTimeout(drop, IN_FLIGHT);
  } catch {
    drop();
  }
}

function pressAll() {
  for (const node of document.querySelectorAll('.opinions')) press(/** @type {HTMLElement} */ (node));
}

/** @param {HTMLElement} node */
function press(node) {
  const opinion = opinionOf(node.dataset.of ?? '');
  for (const { opinion: name } of Object.values(KEYS)) {
    part(node, name).setAttribute('aria-pressed', String(name === opinion));
  }
  node.toggleAttribute('data-given', opinion !== null);
}
