import type { Request } from 'express';
import { hashSecret, newSecret } from '../../credentials/token.ts';
import { readCookie, setCookie } from './cookies.ts';
import { visitorOf } from './visitor.ts';

const COOKIE = 'soundalike_listener';

/** The longest that browsers keep a cookie (RFC 6265bis §5.5); each visit of a page starts it anew. */
const SECONDS = 400 * 24 * 3600;

const named = new WeakMap<Request, string>();

/**
 * The listener a request comes from: 64 hexadecimal digits, the same at each visit of one browser profile. A browser
 * gets a random cookie at its first visit; a program with an API token is one listener by the token's name, and who has
 * logged in as a listener is one by that name, in every browser.
 *
 * The id is a hash. So an id that is stored, logged or shown does not let anyone be that listener; only the cookie or
 * the token does. Take the listener of a request from here and from nowhere else, never from its path, query or body.
 */
export function listenerOf(request: Request): string {
  const known = named.get(request);
  if (known !== undefined) return known;
  const listener = hashSecret(nameOf(request));
  named.set(request, listener);
  return listener;
}

function nameOf(request: Request): string {
  const { token, listener } = visitorOf(request);
  if (token !== null) return `token ${token}`;
  return listener === null ? `cookie ${cookieOf(request)}` : `listener ${listener}`;
}

/** The listener who uses players of other makers under a name; only its password gives that (`SUBSONIC_USERS`). */
export const listenerOfPlayer = (user: string): string => hashSecret(`player ${user}`);

function cookieOf(request: Request): string {
  const secret = readCookie(request, COOKIE) ?? newSecret();
  // Lax: who follows a link to the dashboard is the same listener as before.
  setCookie(request.res!, COOKIE, secret, { sameSite: 'lax', seconds: SECONDS });
  return secret;
}
