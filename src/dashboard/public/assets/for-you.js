import { toldIn } from './activity.js';
import { ask, messageOf } from './api.js';
import { byId, keyedList, part, setText } from './dom.js';
import { formatClock } from './format.js';
import { keepPlaces } from './keep-places.js';
import { takeOpinions } from './opinions.js';
import { createTrackRow } from './track-row.js';
import { titleOf } from './track-words.js';

/** @typedef {import('./api.js').CollectionTrack} CollectionTrack */
/** @typedef {import('../../api/recommendation-schemas.ts').Recommendations} Recommendations */
/** @typedef {Recommendations['tracks'][number]} RecommendedTrack */

/** Milliseconds in which the button that forgets all has to be pressed a second time. */
const SECOND_THOUGHT = 4_000;

/**
 * The list of recommendations, which the server sends whenever there are others.
 *
 * @param {(track: CollectionTrack, list: readonly CollectionTrack[]) => void} play
 * @param {() => void} onShown Called after the rows have changed.
 */
export function startForYou(play, onShown) {
  const section = byId('for-you');
  const message = part(section, 'message');
  const showTracks = keyedList(
    part(section, 'tracks'),
    (/** @type {RecommendedTrack} */ track) => track.id,
    () =>
      createTrackRow(
        (/** @type {RecommendedTrack} */ track) => play(track, listed),
        (track) => formatClock(track.seconds),
        { whyOf },
      ),
  );
  /** @type {RecommendedTrack[]} */
  let listed = [];

  /** @param {Recommendations} list */
  function show(list) {
    takeOpinions(list);
    const before = listed.map(({ id }) => id);
    // Out of sight there is no place to keep.
    const places = section.checkVisibility() ? before : [];
    listed = keepPlaces(places, list.tracks, ({ id }) => id);
    setText(message, listed.length === 0 ? 'There is nothing left to recommend.' : '');
    message.hidden = listed.length > 0;
    keepFocus(part(section, 'tracks'), () => showTracks(listed));
    const count = listed.filter(({ id }) => !before.includes(id)).length;
    if (before.length > 0 && count > 0) setText(part(section, 'note'), noteOf(list, count));
    onShown();
  }

  watch(show);
  forgetOn(/** @type {HTMLButtonElement} */ (part(section, 'forget')), (text) =>
    setText(part(section, 'note'), text),
  );
}

/**
 * Takes the lists that come. A page that nobody sees lets go of its connection, of which a browser has but six to a
 * server, and gets the newest list when it is seen again.
 *
 * @param {(list: Recommendations) => void} show
 */
function watch(show) {
  /** @type {EventSource | null} */
  let source = null;
  let revision = '';

  function follow() {
    if (document.hidden || source) return;
    source = new EventSource('/api/listeners/me/events');
    source.addEventListener('new_recommendations', ({ data, lastEventId }) => {
      if (lastEventId === revision) return;
      revision = lastEventId;
      show(JSON.parse(data));
    });
    // The browser tries again by itself, but for an answer that is an error.
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      setTimeout(follow, SECOND_THOUGHT);
    });
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return follow();
    source?.close();
    source = null;
  });
  follow();
}

/**
 * Who likes a track of the list by keyboard goes on from the place where it was.
 *
 * @param {HTMLElement} list
 * @param {() => void} change
 */
function keepFocus(list, change) {
  const row = document.activeElement?.closest('li');
  const place = row ? [...list.children].indexOf(row) : -1;
  change();
  if (place < 0 || row?.isConnected) return;
  /** @type {HTMLElement | null | undefined} */ (list.children[place]?.querySelector('.track'))?.focus();
}

/** @param {RecommendedTrack} track */
function whyOf({ because }) {
  if (!because) return 'A place to begin';
  return `Because you ${because.liked ? 'liked' : 'played'} ${titleOf(because.track)}`;
}

/** @param {Recommendations} list @param {number} count Of tracks that were not in it before. */
function noteOf({ latest }, count) {
  const cause = toldIn(latest);
  const words = count === 1 ? 'One new track' : `${count} new tracks`;
  if (!cause) return words;
  const title = titleOf(cause.track);
  return {
    like: `${words}, as you liked ${title}`,
    dislike: `${words}, as ${title} is not for you`,
    unlike: `${words}, as you changed your mind about ${title}`,
    play: `${words}, as you play ${title}`,
    complete: `${words}, as you heard ${title} to its end`,
    skip: `${words}, as you skipped ${title}`,
  }[cause.action];
}

/** @param {HTMLButtonElement} button @param {(text: string) => void} note */
function forgetOn(button, note) {
  const words = button.textContent ?? '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let asking;
  const calm = () => {
    clearTimeout(asking);
    asking = undefined;
    setText(button, words);
  };
  button.addEventListener('click', async () => {
    if (asking === undefined) {
      setText(button, 'Forget likes and plays?');
      asking = setTimeout(calm, SECOND_THOUGHT);
      return;
    }
    calm();
    try {
      await ask('/listeners/me/activity', { method: 'DELETE' });
      note('Your likes and plays are forgotten.');
    } catch (error) {
      note(messageOf(error));
    }
  });
}
