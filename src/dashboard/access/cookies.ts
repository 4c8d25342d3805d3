import type { Request, Response } from 'express';

/**
 * The value of a cookie of ours; undefined where there is none, or where it is none that `newSecret` makes. Of two of
 * one name neither counts: the second may have been planted from another host of the same domain.
 */
export function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.get('Cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  const values = pairs.filter(([key]) => key === name).map(([, value]) => value);
  return values.length === 1 && /^[\w-]{43}$/.test(values[0] ?? '') ? values[0] : undefined;
}

/**
 * Sets a cookie that scripts cannot read, and that goes over https alone where the client came so.
 *
 * @param seconds 0 deletes it.
 */
export function setCookie(
  response: Response,
  name: string,
  value: string,
  { sameSite, seconds }: { sameSite: 'strict' | 'lax'; seconds: number },
): void {
  const { secure } = response.req;
  response.cookie(name, value, { httpOnly: true, path: '/', sameSite, secure, maxAge: seconds * 1000 });
}
