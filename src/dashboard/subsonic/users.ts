import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { hashSecret } from '../../credentials/token.ts';
import { SubsonicError } from './errors.ts';
import type { Parameters } from './parameters.ts';

/** Who may use players of other makers. The protocol has clients hash the password, so it has to be known. */
export interface SubsonicUser {
  name: string;
  password: string;
}

const credentials = z.object({
  u: z.string().optional(),
  p: z.string().optional(),
  t: z.string().optional(),
  s: z.string().optional(),
  apiKey: z.string().optional(),
});

/**
 * Name of the user who sends a request, by token and salt, by password, plain or `enc:` and hexadecimal, or by the
 * password alone as `apiKey`.
 *
 * @throws SubsonicError
 */
export function authenticate(parameters: Parameters, users: readonly SubsonicUser[]): string {
  const { u, p, t, s, apiKey } = credentials.parse(parameters);
  if (apiKey !== undefined) {
    if ([u, p, t, s].some((other) => other !== undefined)) {
      throw new SubsonicError('mechanismsConflict', 'send apiKey or u, not both');
    }
    const known = users.find(({ password }) => isEqual(password, apiKey));
    if (!known) throw new SubsonicError('wrongApiKey', 'the API key is wrong');
    return known.name;
  }
  if (u === undefined) throw new SubsonicError('parameterMissing', 'the parameter u is missing');
  const user = users.find(({ name }) => name === u);
  // Of an unknown user a password is checked, too: the time taken does not tell who there is.
  const password = user?.password ?? '';
  const passes = isPassword(password, { p, t, s });
  if (user && passes) return user.name;
  throw new SubsonicError('wrongCredentials', 'wrong username or password');
}

function isPassword(password: string, { p, t, s }: z.output<typeof credentials>): boolean {
  if (t !== undefined && s !== undefined) {
    return isEqual(
      createHash('md5')
        .update(password + s)
        .digest('hex'),
      t.toLowerCase(),
    );
  }
  if (p === undefined) throw new SubsonicError('parameterMissing', 'send t and s, or p');
  return isEqual(password, p.startsWith('enc:') ? Buffer.from(p.slice(4), 'hex').toString() : p);
}

/** In constant time, by hashes, which have one length. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));
}
