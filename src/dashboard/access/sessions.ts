import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { hashSecret, newSecret } from '../../credentials/token.ts';
import type { SessionStore } from '../../store/sessions.ts';
import type { DashboardSettings } from '../settings.ts';
import { readCookie, setCookie } from './cookies.ts';

const COOKIE = 'soundalike_session';

/** The administrator's ends with the day; a listener, who can change nothing, need not log in every evening. */
const SECONDS = { administrator: 12 * 3600, listener: 30 * 24 * 3600 };

/** Whose a session is: a listener's, by the name, or the administrator's. */
export interface SessionOwner {
  listener: string | null;
}

/** The sessions of those who have given their password. */
export interface Sessions {
  ownerOf(request: Request): Promise<SessionOwner | null>;
  /** Starts a session under a new id, whatever id the client had before (session fixation), and ends that one. */
  open(request: Request, response: Response, owner: SessionOwner): Promise<void>;
  close(request: Request, response: Response): Promise<void>;
}

/** Neither the ids nor the password stand in the store: a key is the hash of an id. */
export function createSessions(
  store: SessionStore,
  { administrator, listeners }: Pick<DashboardSettings, 'administrator' | 'listeners'>,
): Sessions {
  const accountOf = (listener: string | null) =>
    listener === null ? administrator : listeners.get(listener);

  // Only who has both the id and the password can make it, so that a changed password ends every session.
  const sealOf = (id: string, secret: string) => createHmac('sha256', id).update(secret).digest('hex');

  async function end(request: Request): Promise<void> {
    const id = readCookie(request, COOKIE);
    if (id !== undefined) await store.remove(hashSecret(id));
  }

  return {
    async ownerOf(request) {
      const id = readCookie(request, COOKIE);
      const session = id === undefined ? null : await store.find(hashSecret(id));
      const account = session && accountOf(session.listener);
      if (id === undefined || !account) return null;
      const seal = Buffer.from(sealOf(id, account.secret));
      const found = Buffer.from(session.seal);
      const isSealed = found.length === seal.length && timingSafeEqual(found, seal);
      return isSealed ? { listener: session.listener } : null;
    },
    async open(request, response, { listener }) {
      const account = accountOf(listener);
      if (!account) throw new Error('a session needs a password');
      await end(request);
      const id = newSecret();
      const seconds = listener === null ? SECONDS.administrator : SECONDS.listener;
      const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
      await store.create(hashSecret(id), { listener, seal: sealOf(id, account.secret), expiresAt });
      setCookie(response, COOKIE, id, { sameSite: 'strict', seconds });
    },
    async close(request, response) {
      await end(request);
      setCookie(response, COOKIE, '', { sameSite: 'strict', seconds: 0 });
    },
  };
}
