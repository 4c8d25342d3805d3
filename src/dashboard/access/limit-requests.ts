import type { Request, RequestHandler } from 'express';
import { SoundalikeError } from '../../errors.ts';
import { rateLimit } from './rate-limit.ts';
import { visitorOf } from './visitor.ts';

/**
 * Lets each client through so many times a minute: a program by its token, all others by their address.
 *
 * @throws SoundalikeError TOO_MANY_REQUESTS from the handler, with the header Retry-After.
 */
export function limitRequests(perMinute: number, clientOf = credentialOrNetworkOf): RequestHandler {
  const wait = rateLimit(perMinute);
  return (request, response, next) => {
    const seconds = wait(clientOf(request));
    if (seconds === 0) return next();
    response.set('Retry-After', String(seconds));
    throw new SoundalikeError(
      'TOO_MANY_REQUESTS',
      `more than ${perMinute} requests of this kind in a minute: wait ${seconds} s`,
    );
  };
}

const credentialOrNetworkOf = (request: Request): string =>
  visitorOf(request).token ?? networkOf(request.ip ?? '');

/** Whom an address counts for. One subscriber has a whole /64 of IPv6 addresses (RFC 6177), and could else ask from another one each time. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head, tail] = address.split('::').map((groups) => groups.split(':').filter(Boolean));
  const missing = tail ? 8 - head!.length - tail.length : 0;
  const groups = [...head!, ...Array<string>(missing).fill('0'), ...(tail ?? [])];
  // As numbers, since a proxy may write `0db8`.
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16))
    .join(':');
}
