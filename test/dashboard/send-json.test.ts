import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startDashboard } from './fakes.ts';
import { send } from './http.ts';

it('a long answer is sent by gzip where the client takes it, with an ETag of its own', async () => {
  const { address, close } = await startDashboard();
  onTestFinished(close);
  const headers = { 'Accept-Encoding': 'br, gzip' };
  const short = await send(address, '/api/tracks?limit=1', { headers });
  const plain = await send(address, '/api/tracks?limit=100');
  const packed = await send(address, '/api/tracks?limit=100', { headers });
  expect([short, plain, packed].map(({ headers }) => headers['content-encoding'])).toEqual([
    undefined,
    undefined,
    'gzip',
  ]);
  expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
  for (const answer of [short, plain, packed]) expect(answer.headers.vary).toContain('Accept-Encoding');
  expect(JSON.parse(gunzipSync(packed.body).toString())).toEqual(plain.json());
  expect(packed.body.length).toBeLessThan(plain.body.length / 3);
  expect(packed.headers.etag).not.toBe(plain.headers.etag);
  const again = { ...headers, 'If-None-Match': packed.headers.etag };
  expect((await send(address, '/api/tracks?limit=100', { headers: again })).status).toBe(304);
});
