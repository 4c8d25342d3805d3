import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../src/dashboard/server.ts';
import { SoundalikeError } from '../../src/errors.ts';
import { startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

let dashboard: TestDashboard;

beforeAll(async () => {
  dashboard = await startDashboard();
});

afterAll(() => dashboard.close());

describe('the health', () => {
  it('names the index and the queues', async () => {
    expect((await send(dashboard.address, '/api/health')).json()).toEqual({
      status: 'ok',
      index: { id: 'index-1', tracks: 120 },
      queues: [],
    });
  });

  it.each([
    ['INDEX_NOT_FOUND', 200, { status: 'ok', index: null, queues: [] }],
    ['INDEX_DAMAGED', 500, { error: { code: 'INDEX_DAMAGED', message: 'as thrown' } }],
  ] as const)('with %s is %i', async (code, status, body) => {
    const other = await startDashboard({
      collection: async () => {
        throw new SoundalikeError(code, 'as thrown');
      },
    });
    const answer = await send(other.address, '/api/health');
    await other.close();
    expect(other.faults).toHaveLength(status < 500 ? 0 : 1);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual(body);
  });
});

describe('errors', () => {
  it('that are faults of the program are logged, and tell the client nothing', async () => {
    const broken = await startDashboard({
      runStatus: async () => {
        throw new Error('secret: /srv/private/plan.json');
      },
    });
    const answer = await send(broken.address, '/api/runs/run-a');
    await broken.close();
    expect(answer.status).toBe(500);
    expect(answer.json().error.code).toBe('INTERNAL');
    expect(answer.body.toString()).not.toContain('secret');
    expect(broken.faults.map(String)).toEqual(['Error: secret: /srv/private/plan.json']);
  });

  it.each(['/api', '/api/nothing', '/api/tracks/000001/nothing', '/nothing', '/assets/../server.ts'])(
    'answer %s by 404 as JSON',
    async (path) => {
      const answer = await send(dashboard.address, path);
      expect(answer.status).toBe(404);
      expect(answer.json().error.code).toBe('ROUTE_NOT_FOUND');
    },
  );

  it('answer a method that no route has', async () => {
    expect((await send(dashboard.address, '/api/tracks', { method: 'DELETE' })).status).toBe(404);
  });
});

describe('listen', () => {
  const app = express().get('/', (_request, response) => response.send('here'));

  it('says what to do where the port is taken', async () => {
    const port = Number(new URL(dashboard.address).port);
    await expect(listen(app, '127.0.0.1', port)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(`port ${port}.*PORT`),
    });
  });

  it('says what to do where the host is not of this machine', async () => {
    await expect(listen(app, '192.0.2.1', 0)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('HOST'),
    });
  });

  it('answers to any name where it is bound to every address', async () => {
    const server = await listen(app, '0.0.0.0', 0);
    const local = `http://127.0.0.1:${new URL(server.address).port}`;
    const answer = await send(local, '/', { headers: { Host: 'music.example' } });
    await server.close();
    expect(answer.body.toString()).toBe('here');
  });

  it('closes though a client keeps its connection', async () => {
    const server = await listen(app, '127.0.0.1', 0);
    await (await fetch(`${server.address}`)).text();
    await server.close();
    await expect(fetch(`${server.address}`)).rejects.toThrow();
  });
});
