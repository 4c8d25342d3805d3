import type { RequestListener } from 'node:http';
import type { RequestHandler } from 'express';
import { SoundalikeError } from '../errors.ts';
import { sendError } from './error-answer.ts';

/** Sets the security headers of every answer below it. */
export function securityHeaders(contentSecurityPolicy: string): RequestHandler {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    // Keeps the audio and the lists out of other sites' <audio> and <script> elements.
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}

/**
 * Refuses requests that change something and that a page of another site sent (cross-site request forgery).
 * Programs send neither header and pass.
 */
export const refuseCrossSiteWrites: RequestHandler = (request, response, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return next();
  refuseCrossSite(request, response, next);
};

/** Refuses all requests that a page of another site sent, where a GET changes something, too. */
export const refuseCrossSite: RequestHandler = (request, _response, next) => {
  const site = request.get('Sec-Fetch-Site');
  const origin = request.get('Origin');
  const foreign = site
    ? !['same-origin', 'none'].includes(site)
    : origin !== undefined && hostOf(origin) !== request.host;
  if (foreign)
    throw new SoundalikeError(
      'REQUEST_REFUSED',
      'a page of another site sent this; open the dashboard itself',
    );
  next();
};

/**
 * Refuses requests whose Host is no name of this machine. A page of another site whose name was re-bound to
 * 127.0.0.1 shares our origin in the browser's eyes; only the Host header tells it (DNS rebinding).
 */
export function refuseForeignHosts(listener: RequestListener): RequestListener {
  return (request, response) => {
    const url = `http://${request.headers.host}`;
    if (URL.canParse(url) && isLoopback(new URL(url).hostname)) return listener(request, response);
    sendError(
      response,
      new SoundalikeError(
        'REQUEST_REFUSED',
        'the dashboard answers only to localhost here; set HOST to serve it under other names',
      ),
    );
  };
}

/** Whether a host name or address reaches this machine alone. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|(.+\.)?localhost|\[?::1\]?)$/i.test(host);
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
