import { timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import { isPassword } from '../credentials/password.ts';
import { hashSecret, type NamedToken } from '../credentials/token.ts';
import { SoundalikeError } from '../errors.ts';
import { isLoopback } from './security.ts';
import type { SubsonicUser } from './subsonic/users.ts';

/** What a client may not do too often. */
export type Limited = 'login' | 'search' | 'upload';

/** Of somebody who may log in. */
export interface Account {
  isPassword(password: string): Promise<boolean>;
  /** Changes with the password, and ends the sessions made with another. */
  secret: string;
}

/** How the dashboard is served, and to whom. */
export interface DashboardSettings {
  host: string;
  port: number;
  /** Whether this machine alone reaches it; whoever asks may then listen and look without a login. */
  local: boolean;
  /** As Express's `trust proxy` has it; null trusts nobody's word about a client. */
  trustedProxies: string | null;
  /** Null where no password is set for it. */
  administrator: Account | null;
  /** By their names. */
  listeners: ReadonlyMap<string, Account>;
  tokens: readonly NamedToken[];
  /** Times a minute for one client. */
  limits: Record<Limited, number>;
  /** Bytes. */
  largestUpload: number;
  /** Who may use players of other makers. */
  subsonicUsers: readonly SubsonicUser[];
}

/**
 * What the settings say of the dashboard.
 *
 * @throws SoundalikeError CREDENTIALS_NEEDED where it would be open to others without any; CONFIG_INVALID where there
 *   are two passwords.
 */
export function dashboardSettings(config: Config): DashboardSettings {
  const administrator = administratorOf(config);
  const tokens = config.API_TOKENS;
  const local = isLoopback(config.HOST);
  if (!local && !administrator && tokens.length === 0 && config.LISTENERS.length === 0) {
    throw new SoundalikeError(
      'CREDENTIALS_NEEDED',
      `HOST is ${config.HOST}, which others reach: set ADMIN_PASSWORD_HASH or LISTENERS (\`soundalike password\`) or API_TOKENS (\`soundalike token\`), or leave HOST at 127.0.0.1`,
    );
  }
  return {
    host: config.HOST,
    port: config.PORT,
    local,
    trustedProxies: config.TRUSTED_PROXIES ?? null,
    administrator,
    listeners: new Map(config.LISTENERS.map(({ name, hash }) => [name, accountOf(hash)])),
    tokens,
    limits: {
      login: config.LOGINS_PER_MINUTE,
      search: config.SEARCHES_PER_MINUTE,
      upload: config.UPLOADS_PER_MINUTE,
    },
    subsonicUsers: config.SUBSONIC_USERS,
    largestUpload: config.UPLOAD_MAX_MEGABYTES * 1e6,
  };
}

/** @param hash Of the password. */
const accountOf = (hash: string): Account => ({
  isPassword: (password) => isPassword(password, hash),
  secret: hash,
});

function administratorOf({ ADMIN_PASSWORD, ADMIN_PASSWORD_HASH }: Config): Account | null {
  if (ADMIN_PASSWORD !== undefined && ADMIN_PASSWORD_HASH !== undefined) {
    throw new SoundalikeError(
      'CONFIG_INVALID',
      'ADMIN_PASSWORD and ADMIN_PASSWORD_HASH are both set: keep one of them',
    );
  }
  if (ADMIN_PASSWORD_HASH !== undefined) return accountOf(ADMIN_PASSWORD_HASH);
  if (ADMIN_PASSWORD === undefined) return null;
  const expected = Buffer.from(hashSecret(ADMIN_PASSWORD));
  return {
    // Hashes have one length, which is what a comparison in constant time needs.
    isPassword: async (password) => timingSafeEqual(Buffer.from(hashSecret(password)), expected),
    secret: ADMIN_PASSWORD,
  };
}
