import { ApiError } from './api.js';
import { byId, setText } from './dom.js';

/** Milliseconds. A finished run can still change, by a resume; it is only looked at less often. */
export const LIVE = 1_000;
export const CALM = 10_000;

/**
 * Shows a state again and again, each time from all of it, so that nothing missed can stay wrong. Waits while
 * the page is hidden. A failure is told in the page's notice, which what was shown last outlives.
 *
 * @param {() => Promise<number>} show Gives the milliseconds until the next time.
 */
export async function poll(show) {
  const notice = byId('notice');
  for (;;) {
    let pause = LIVE;
    try {
      pause = await show();
      notice.hidden = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(notice, error.code === 'UNREACHABLE' ? `${error.message} Trying again.` : error.message);
      notice.hidden = false;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.hidden) {
      await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
    }
  }
}
