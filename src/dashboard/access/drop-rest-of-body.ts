import type { RequestHandler } from 'express';

/** Long enough for a client to notice the answer. */
const LONGEST_MS = 5_000;

/**
 * Where the answer is given before all of the request's body has come, what still comes is thrown away for a while and
 * then cut off. To cut it off at once would lose the answer: a client that is still sending sees a reset connection.
 */
export const dropRestOfBody: RequestHandler = (request, response, next) => {
  response.once('finish', () => {
    if (request.complete) return;
    request.resume();
    const timer = setTimeout(() => request.destroy(), LONGEST_MS).unref();
    request.once('close', () => clearTimeout(timer));
  });
  next();
};
