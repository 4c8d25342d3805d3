/** A new estimate of the end that differs by less than this share of the time left is passed over. */
const TOLERANCE = 0.15;

/** Share of the way to a new value that a smoothed one goes at each step. */
const STEP = 0.3;

/**
 * Time left that runs down like a clock: estimates that differ a little would make it jump back and forth.
 *
 * @returns {(seconds: number | null) => number | null} Takes an estimate, gives what to show.
 */
export function countdown() {
  /** @type {number | null} */
  let endsAt = null;
  return (seconds) => {
    const now = performance.now() / 1_000;
    if (seconds === null) endsAt = null;
    else if (endsAt === null || Math.abs(endsAt - now - seconds) > TOLERANCE * seconds)
      endsAt = now + seconds;
    return endsAt === null ? null : Math.max(0, endsAt - now);
  };
}

/**
 * A value that follows another one slowly.
 *
 * @returns {(value: number | null) => number | null}
 */
export function smoothed() {
  /** @type {number | null} */
  let shown = null;
  return (value) => {
    if (value === null || shown === null) shown = value;
    else shown += STEP * (value - shown);
    return shown;
  };
}
