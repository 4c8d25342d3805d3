import type { Request, RequestHandler, Response } from 'express';
import { findToken } from '../../credentials/token.ts';
import { SoundalikeError } from '../../errors.ts';
import type { DashboardSettings } from '../settings.ts';
import type { Sessions } from './sessions.ts';

/** Who asks, as far as credentials tell. */
interface Visitor {
  /** By a session or a token. */
  administrator: boolean;
  /** Name of the API token that was shown. */
  token: string | null;
  /** Name of the listener who is logged in. */
  listener: string | null;
}

const NOBODY: Visitor = { administrator: false, token: null, listener: null };

const visitors = new WeakMap<Request, Visitor>();

/** Who sent a request; nobody in particular without credentials. */
export function visitorOf(request: Request): Visitor {
  return visitors.get(request) ?? NOBODY;
}

/**
 * Finds out who asks, from `Authorization: Bearer` or the session's cookie, and from nowhere else: an address ends up
 * in logs and histories.
 *
 * @throws SoundalikeError LOGIN_REFUSED at a wrong token, even beside a session: a program must learn of it.
 */
export function recogniseVisitors(
  { tokens }: Pick<DashboardSettings, 'tokens'>,
  sessions: Sessions,
): RequestHandler {
  return async (request, response, next) => {
    // Another scheme is meant for a server in front of this one.
    const secret = /^Bearer (.*)$/i.exec(request.get('Authorization') ?? '')?.[1];
    if (secret !== undefined) {
      const token = findToken(secret, tokens);
      if (!token) {
        response.set('WWW-Authenticate', 'Bearer error="invalid_token"');
        throw new SoundalikeError('LOGIN_REFUSED', 'the header Authorization holds no valid API token');
      }
      visitors.set(request, { administrator: true, token: token.name, listener: null });
    } else {
      const owner = await sessions.ownerOf(request);
      if (owner) visitors.set(request, { administrator: owner.listener === null, token: null, ...owner });
    }
    next();
  };
}

/** Whether somebody is logged in or has shown a token. */
export function isLoggedIn(request: Request): boolean {
  const { administrator, listener } = visitorOf(request);
  return administrator || listener !== null;
}

/** Lets through whoever is logged in or has shown a token. @throws SoundalikeError LOGIN_NEEDED */
export const requireLogin: RequestHandler = (request, response, next) => {
  if (isLoggedIn(request)) return next();
  refuseStranger(response);
};

/**
 * Lets through the administrator alone.
 *
 * @throws SoundalikeError LOGIN_NEEDED; ADMINISTRATOR_NEEDED for a listener; ADMINISTRATION_OFF
 */
export function requireAdministrator({
  administrator,
  tokens,
}: Pick<DashboardSettings, 'administrator' | 'tokens'>): RequestHandler {
  return (request, response, next) => {
    if (visitorOf(request).administrator) return next();
    if (isLoggedIn(request)) {
      throw new SoundalikeError(
        'ADMINISTRATOR_NEEDED',
        'this is for the administrator: log out at /login, and in again without a name',
      );
    }
    if (!administrator && tokens.length === 0) {
      throw new SoundalikeError(
        'ADMINISTRATION_OFF',
        'nothing can be changed here: set ADMIN_PASSWORD_HASH or API_TOKENS and start the dashboard again',
      );
    }
    refuseStranger(response);
  };
}

function refuseStranger(response: Response): never {
  response.set('WWW-Authenticate', 'Bearer');
  throw new SoundalikeError('LOGIN_NEEDED', 'log in at /login, or send an API token (Authorization: Bearer)');
}
