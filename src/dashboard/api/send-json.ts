import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';

/** In characters: below this, compressing saves no packet. */
const LEAST_LENGTH = 4_096;

/** The lowest level takes lists of like objects to a tenth already. */
const LEVEL = 1;

const compress = promisify(gzip);

/** Answers by JSON: what is long by gzip where the client takes it, off the main thread. */
export async function sendJson(request: Request, response: Response, body: unknown): Promise<void> {
  const text = JSON.stringify(body);
  response.vary('Accept-Encoding').type('json');
  if (text.length < LEAST_LENGTH || request.acceptsEncodings('gzip') !== 'gzip') {
    response.send(text);
    return;
  }
  response.set('Content-Encoding', 'gzip').send(await compress(text, { level: LEVEL }));
}
