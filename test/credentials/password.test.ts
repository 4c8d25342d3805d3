import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword, PASSWORD_HASH } from '../../src/credentials/password.ts';

describe('a hashed password', () => {
  it('is known again, and no other', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(hash).toMatch(PASSWORD_HASH);
    expect(await isPassword('correct horse battery', hash)).toBe(true);
    expect(await isPassword('correct horse batterz', hash)).toBe(false);
    expect(await isPassword('', hash)).toBe(false);
  });

  it('has a salt of its own each time, and the strength that OWASP asks for', async () => {
    const [one, other] = [await hashPassword('the same words'), await hashPassword('the same words')];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^scrypt:32768:8:3:/);
  });

  it('is the scrypt of RFC 7914 §12', async () => {
    const key = scryptSync('pleaseletmein', 'SodiumChloride', 32, { N: 16384, r: 8, p: 1 });
    expect(key.toString('hex')).toMatch(/^7023bdcb3afd7348461c06cd81fd38eb/);
    const salt = Buffer.from('SodiumChloride').toString('base64url');
    const hash = `scrypt:16384:8:1:${salt}:${key.toString('base64url')}`;
    expect(await isPassword('pleaseletmein', hash)).toBe(true);
  });

  it('does not depend on how a keyboard composes letters', async () => {
    const hash = await hashPassword('caf\u00e9 au lait');
    expect(await isPassword('cafe\u0301 au lait', hash)).toBe(true);
  });
});
