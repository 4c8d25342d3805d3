import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * N, r and p of scrypt for new hashes: 32 MiB and about a third of a second of one core. The first of the settings
 * of equal strength that need less than 64 MiB (OWASP, Password Storage Cheat Sheet, scrypt).
 */
const [N, R, P] = [2 ** 15, 8, 3];

/** Characters. Below the limit of tries a minute nobody guesses so many. */
export const ADMIN_PASSWORD_LENGTH = { least: 12, most: 200 };

const KEY_BYTES = 32;

/** `scrypt:N:r:p:salt:key`, the last two in base64url. No `$`, which compose files would expand. */
export const PASSWORD_HASH = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([\w-]{16,}):([\w-]{43})$/;

/** A name, and the hash of the password that goes with it. */
export interface NamedHash {
  name: string;
  hash: string;
}

/** @param setting `name:hash`. @returns Undefined where it has another form. */
export function readNamedHash(setting: string): NamedHash | undefined {
  const [, name = '', hash = ''] = /^([\w.-]{1,50}):(.*)$/.exec(setting) ?? [];
  return PASSWORD_HASH.test(hash) ? { name, hash } : undefined;
}

/** Hashes a password with a new salt, for ADMIN_PASSWORD_HASH and LISTENERS. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, N, R, P);
  return ['scrypt', N, R, P, salt.toString('base64url'), key.toString('base64url')].join(':');
}

/** Whether `password` is the one of the hash; takes equally long whether or not it is. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, n, r, p, salt, key] = PASSWORD_HASH.exec(hash)!;
  const derived = await derive(password, Buffer.from(salt!, 'base64url'), Number(n), Number(r), Number(p));
  return timingSafeEqual(derived, Buffer.from(key!, 'base64url'));
}

function derive(password: string, salt: Buffer, n: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same letters typed on two keyboards may be composed differently (NIST SP 800-63B §3.1.1.2).
    const text = password.normalize('NFKC');
    // Node refuses more than 32 MiB unless told; scrypt takes 128 N r bytes and a little more.
    scrypt(text, salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
