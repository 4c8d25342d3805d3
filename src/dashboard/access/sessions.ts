import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { hashSecret, newSecret } from '../../credentials/token.ts';
import type { SessionStore } from '../../store/sessions.ts';
import type { DashboardSettings } from '../settings.ts';
import { readCookie, setCookie } from './cookies.ts';

const COOKIE = 'soundalike_session';

const SECONDS = 12 * 3600;

/** The sessions of those who have given the password. */
export interface Sessions {
  isOpen(request: Request): Promise<boolean>;
  /** Starts a session under a new id, whatever id the client had before (session fixation), and ends that one. */
  open(request: Request, response: Response): Promise<void>;
  close(request: Request, response: Response): Promise<void>;
}

/** Neither the ids nor the password stand in the store: a key is the hash of an id. */
export function createSessions(
  store: SessionStore,
  { administrator }: Pick<DashboardSettings, 'administrator'>,
): Sessions {
  // Only who has both the id and the password can make it, so that a changed password ends every session.
  const sealOf = (id: string, secret: string) => createHmac('sha256', id).update(secret).digest('hex');

  async function end(request: Request): Promise<void> {
    const id = readCookie(request, COOKIE);
    if (id !== undefined) await store.remove(hashSecret(id));
  }

  return {
    async isOpen(request) {
      const id = readCookie(request, COOKIE);
      if (id === undefined || !administrator) return false;
      const session = await store.find(hashSecret(id));
      if (!session) return false;
      const seal = Buffer.from(sealOf(id, administrator.secret));
      const found = Buffer.from(session.seal);
      return found.length === seal.length && timingSafeEqual(found, seal);
    },
    async open(request, response) {
      if (!administrator) throw new Error('a session needs a password');
      await end(request);
      const id = newSecret();
      const expiresAt = new Date(Date.now() + SECONDS * 1000).toISOString();
      await store.create(hashSecret(id), { seal: sealOf(id, administrator.secret), expiresAt });
      setCookie(response, COOKIE, id, { sameSite: 'strict', seconds: SECONDS });
    },
    async close(request, response) {
      await end(request);
      setCookie(response, COOKIE, '', { sameSite: 'strict', seconds: 0 });
    },
  };
}
