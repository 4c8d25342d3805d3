/** @typedef {import('../../../jobs/run-status.ts').RunStatus} RunStatus */
/** @typedef {import('../../../jobs/run-status.ts').RunSummary} RunSummary */
/** @typedef {import('../../../recommend/collection.ts').CollectionTrack} CollectionTrack */
/** @typedef {import('../../../recommend/collection.ts').PathTrack} PathTrack */
/** @typedef {import('../../../recommend/collection.ts').SimilarTrack} SimilarTrack */

/** An error as the API tells it: its message says what is wrong and what to do. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Asks the API. Passes the server's clock on, because the reader's may be wrong. Where a login is needed, the page
 * gives way to it.
 *
 * @template Body
 * @param {string} path Below /api.
 * @param {RequestInit} [init]
 * @returns {Promise<{body: Body, now: Date}>}
 * @throws {ApiError} What the API answered, or UNREACHABLE where nobody did.
 */
export async function ask(path, init) {
  const response = await fetch(`/api${path}`, init).catch((error) => {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('UNREACHABLE', 'The server does not answer.');
  });
  const body = await response.json().catch(() => {
    throw new ApiError('UNREACHABLE', 'The server gave no proper answer.');
  });
  if (!response.ok && body.error.code === 'LOGIN_NEEDED') {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!response.ok) throw new ApiError(body.error.code, body.error.message);
  return { body, now: new Date(response.headers.get('Date') ?? Date.now()) };
}

/** What to show of an error. @param {unknown} error */
export const messageOf = (error) => (error instanceof ApiError ? error.message : String(error));
