import express, { type Express } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import { listenerOf } from '../../src/dashboard/access/listener.ts';
import { createSessions } from '../../src/dashboard/access/sessions.ts';
import { recogniseVisitors } from '../../src/dashboard/access/visitor.ts';
import { listen } from '../../src/dashboard/server.ts';
import { openSessions } from '../../src/store/sessions.ts';
import { startDashboard } from './fakes.ts';
import { send } from './http.ts';

const TOKENS = [newSecret(), newSecret()];

/** Tells a client which listener it is taken for. */
function echo(): Express {
  const tokens = TOKENS.map((token, i) => ({ name: `robot-${i}`, hash: hashSecret(token) }));
  const app = express();
  app.use(
    recogniseVisitors(
      { tokens },
      createSessions(openSessions('unused'), { administrator: null, listeners: new Map() }),
    ),
  );
  app.use((request, response) => {
    response.json({ listener: listenerOf(request), again: listenerOf(request) });
  });
  return app;
}

describe('a listener', () => {
  let server: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    server = await listen(echo(), '127.0.0.1', 0);
  });
  afterAll(() => server.close());

  async function visit(headers: Record<string, string> = {}, path = '/') {
    const answer = await send(server.address, path, { headers });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    return { ...answer.json(), cookie, value: /=([^;]*)/.exec(cookie)?.[1] };
  }

  it('is another in each browser, and the same at each visit of one', async () => {
    const [one, other] = [await visit(), await visit()];
    expect(one.cookie).toMatch(
      /^soundalike_listener=[\w-]{43}; Max-Age=34560000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect(one.listener).not.toBe(other.listener);
    expect(one.again).toBe(one.listener);
    const again = await visit({ Cookie: `a=b; soundalike_listener=${one.value}` });
    expect(again.listener).toBe(one.listener);
  });

  it('is not become by knowing its id, which may be stored and shown', async () => {
    const one = await visit();
    expect(one.listener).toMatch(/^[\da-f]{64}$/);
    expect(one.value).not.toContain(one.listener);
    for (const forged of [one.listener, one.listener.slice(0, 43), `${one.value}%00`, `"${one.value}"`]) {
      expect((await visit({ Cookie: `soundalike_listener=${forged}` })).listener).not.toBe(one.listener);
    }
    const asked = await visit({}, `/${one.listener}?listener=${one.listener}`);
    expect(asked.listener).not.toBe(one.listener);
  });

  it('is no other than that of the cookie where a second one was planted', async () => {
    const [one, other] = [await visit(), await visit()];
    const Cookie = `soundalike_listener=${one.value}; soundalike_listener=${other.value}`;
    const neither = await visit({ Cookie });
    expect([one.listener, other.listener]).not.toContain(neither.listener);
  });

  it('with a token is one by its name, whatever cookies it sends', async () => {
    const [one, other] = TOKENS.map((token) => ({ Authorization: `Bearer ${token}` }));
    const first = await visit(one);
    expect(first.cookie).toBe('');
    expect((await visit({ ...one, Cookie: `soundalike_listener=${newSecret()}` })).listener).toBe(
      first.listener,
    );
    expect((await visit(other)).listener).not.toBe(first.listener);
  });
});

it('the first page makes the visitor a listener', async () => {
  const dashboard = await startDashboard();
  const { headers } = await send(dashboard.address, '/');
  await dashboard.close();
  expect(headers['set-cookie']?.[0]).toMatch(/^soundalike_listener=/);
  expect(headers['cache-control']).toBe('private, no-cache');
});
