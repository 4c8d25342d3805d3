import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../sha256.ts';

/** A token that a program shows in place of a password; only its hash is kept. */
export interface NamedToken {
  name: string;
  /** SHA-256, hexadecimal. No salt and no slow hash: a token is 256 random bits, which nobody guesses. */
  hash: string;
}

/** A token as a setting names it: `name:hash`. */
export const API_TOKEN = /^[\w.-]{1,50}:[\da-f]{64}$/;

/** @param setting Of the form of API_TOKEN. */
export function readApiToken(setting: string): NamedToken {
  const [name, hash] = setting.split(':') as [string, string];
  return { name, hash };
}

/** A new secret of 256 random bits, in base64url: 43 characters that no header, cookie or shell must escape. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a secret, hexadecimal. */
export function hashSecret(secret: string): string {
  return sha256(secret);
}

/** The token of which `secret` is the secret. Compares with all of them, each in constant time. */
export function findToken(secret: string, tokens: readonly NamedToken[]): NamedToken | undefined {
  const hash = Buffer.from(hashSecret(secret), 'hex');
  return tokens.filter((token) => timingSafeEqual(hash, Buffer.from(token.hash, 'hex')))[0];
}
