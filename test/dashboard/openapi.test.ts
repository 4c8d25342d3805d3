import type { Router } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import type { OpenApi, Operation } from '../../src/dashboard/api/openapi.ts';
import { createDashboard } from '../../src/dashboard/server.ts';
import { dashboardSettings } from '../../src/dashboard/settings.ts';
import { SoundalikeError } from '../../src/errors.ts';
import type { RunControl } from '../../src/jobs/run-control.ts';
import { openPlaylists, type Playlists } from '../../src/store/playlists.ts';
import { openSessions } from '../../src/store/sessions.ts';
import { validatorOf } from '../support/api-validator.ts';
import { memoryDocuments } from '../support/memory-documents.ts';
import { sineWav } from '../support/wav.ts';
import { fakeListeners } from './fake-listeners.ts';
import {
  fakeRun,
  fakeSummary,
  fakeTimeline,
  fakeUploads,
  startDashboard,
  type TestDashboard,
} from './fakes.ts';
import { send } from './http.ts';

const PASSWORD = 'correct horse battery';

/** A playlist that whoever asks has. */
const KEPT = '00000000000000aa';
const TOKEN = newSecret();
const JSON_TYPE = 'application/json';

/**
 * Requests to each operation, by operationId: path with query, body, and the status that is due. An operation without
 * any fails the test below.
 */
const REQUESTS: Record<string, { path: string; body?: unknown; status: number }[]> = {
  listTracks: [
    { path: '/tracks', status: 200 },
    { path: '/tracks?query=tide&limit=3&offset=1', status: 200 },
    { path: '/tracks?limit=0', status: 400 },
  ],
  getTrack: [
    { path: '/tracks/000007', status: 200 },
    { path: '/tracks/nobody', status: 404 },
  ],
  listSimilarTracks: [
    { path: '/tracks/000007/similar?k=3&method=exact', status: 200 },
    { path: '/tracks/000007/similar?k=3&aspect=rhythm', status: 200 },
    { path: '/tracks/000007/similar?k=101', status: 400 },
    { path: '/tracks/nobody/similar', status: 404 },
  ],
  listSimilarToAll: [
    { path: '/similar?id=000007&id=000010&k=3&genre=Folk&tempo=60-150&other_artists=1', status: 200 },
    { path: '/similar', status: 400 },
    { path: '/similar?id=nobody', status: 404 },
  ],
  findPath: [
    { path: '/path?from=000001&to=000020&steps=3', status: 200 },
    { path: '/path?from=000001&to=nobody', status: 404 },
    { path: '/path?from=000001&to=000020&steps=21', status: 400 },
  ],
  listGenres: [{ path: '/genres', status: 200 }],
  getPeaks: [{ path: '/tracks/000001/peaks', status: 200 }],
  getAudio: [
    { path: '/tracks/000001/audio', status: 200 },
    { path: '/tracks/nobody/audio', status: 404 },
  ],
  recordActivity: [
    {
      path: '/listeners/me/activity',
      body: { event: 'skip', track: '000007', position: 4.2 },
      status: 200,
    },
    { path: '/listeners/me/activity', body: { event: 'like', track: 'nobody' }, status: 404 },
    { path: '/listeners/me/activity', body: { event: 'adore', track: '000007' }, status: 400 },
  ],
  forgetActivity: [{ path: '/listeners/me/activity', status: 200 }],
  getRecommendations: [{ path: '/listeners/me/recommendations', status: 200 }],
  watchRecommendations: [{ path: '/listeners/me/events', status: 200 }],
  listPlaylists: [{ path: '/listeners/me/playlists', status: 200 }],
  createPlaylist: [
    { path: '/listeners/me/playlists', body: { name: 'Evening', tracks: ['000001'] }, status: 200 },
    { path: '/listeners/me/playlists', body: { name: ' ' }, status: 400 },
    { path: '/listeners/me/playlists', body: { name: 'Evening', tracks: ['nobody'] }, status: 404 },
  ],
  importPlaylist: [
    { path: '/listeners/me/playlists/import', body: { m3u: '000/take 1.wav\nelsewhere.mp3' }, status: 200 },
    { path: '/listeners/me/playlists/import', body: { m3u: 'elsewhere.mp3' }, status: 400 },
  ],
  getPlaylist: [{ path: `/listeners/me/playlists/${KEPT}`, status: 200 }],
  changePlaylist: [
    { path: `/listeners/me/playlists/${KEPT}`, body: { revision: 9, name: 'Night' }, status: 409 },
    { path: `/listeners/me/playlists/${KEPT}`, body: { revision: 1, name: 'Night' }, status: 200 },
  ],
  addToPlaylist: [
    { path: `/listeners/me/playlists/${KEPT}/tracks`, body: { tracks: ['000002'] }, status: 200 },
    { path: `/listeners/me/playlists/${KEPT}/tracks`, body: { tracks: [] }, status: 400 },
  ],
  exportM3u: [
    { path: `/listeners/me/playlists/${KEPT}/m3u8`, status: 200 },
    { path: '/listeners/me/playlists/0000000000000000/m3u8', status: 404 },
  ],
  exportJspf: [{ path: `/listeners/me/playlists/${KEPT}/jspf?links=streams`, status: 200 }],
  deletePlaylist: [
    { path: '/listeners/me/playlists/0000000000000000', status: 404 },
    { path: '/listeners/me/playlists/..%2f', status: 400 },
  ],
  getMap: [
    { path: '/map?offset=100&limit=50', status: 200 },
    { path: '/map?limit=0', status: 400 },
  ],
  getMapPoints: [{ path: '/map/points', status: 200 }],
  listRuns: [{ path: '/runs', status: 200 }],
  getRun: [
    { path: '/runs/run-a', status: 200 },
    { path: '/runs/run-z', status: 404 },
    { path: '/runs/..%2f', status: 400 },
  ],
  getTimeline: [
    { path: '/runs/run-a/timeline', status: 200 },
    { path: '/runs/..%2f/timeline', status: 400 },
  ],
  pauseRun: [
    { path: '/runs/run-a/pause', status: 200 },
    { path: '/runs/run-z/pause', status: 404 },
  ],
  resumeRun: [{ path: '/runs/run-a/resume', status: 200 }],
  cancelRun: [{ path: '/runs/run-a/cancel', status: 200 }],
  retryFailures: [
    { path: '/runs/run-a/retry', body: {}, status: 200 },
    { path: '/runs/run-a/retry', body: { codes: ['AUDIO_TIMED_OUT'] }, status: 200 },
    { path: '/runs/run-a/retry', body: { codes: ['NO_SUCH'] }, status: 400 },
  ],
  runAgain: [{ path: '/runs/run-a/again', status: 200 }],
  getSession: [{ path: '/session', status: 200 }],
  login: [
    { path: '/session', body: { password: PASSWORD }, status: 200 },
    { path: '/session', body: { password: 'wrong' }, status: 401 },
    { path: '/session', body: {}, status: 400 },
  ],
  logout: [{ path: '/session', status: 200 }],
  listSimilarToUpload: [
    { path: '/similar?k=3', body: sineWav(1, 220), status: 200 },
    { path: '/similar', body: Buffer.from('no audio'), status: 422 },
    { path: '/similar?k=0', body: sineWav(1, 220), status: 400 },
  ],
  keepUpload: [{ path: '/uploads', body: { token: 'x'.repeat(43) }, status: 404 }],
  listUploads: [{ path: '/uploads', status: 200 }],
  getHealth: [{ path: '/health', status: 200 }],
  getOpenApi: [{ path: '/openapi.json', status: 200 }],
};

let dashboard: TestDashboard;
let document: OpenApi;

beforeAll(async () => {
  const run = fakeRun('run-a', 0.4);
  dashboard = await startDashboard(
    {
      listRuns: async () => [fakeSummary('run-a', 0.4), fakeSummary('run-b', 1)],
      runStatus: async (asked) => {
        if (asked === 'run-a') return run;
        throw new SoundalikeError('RUN_NOT_FOUND', 'not there');
      },
      playlists: await keptPlaylists(),
    },
    { ADMIN_PASSWORD: PASSWORD, API_TOKENS: `robot:${hashSecret(TOKEN)}` },
  );
  document = (await send(dashboard.address, '/api/openapi.json')).json();
});
afterAll(() => dashboard.close());

/** As `openPlaylists`, but for all listeners the same: each request here comes from another. */
async function keptPlaylists(): Promise<Playlists> {
  const documents = memoryDocuments();
  const kept = {
    name: 'Kept',
    tracks: ['000001', 'gone'],
    revision: 1,
    changedAt: '2026-03-02T20:15:00.000Z',
  };
  await documents.upsert('playlists', [{ _id: `all ${KEPT}`, listener: 'all', id: KEPT, ...kept }]);
  const { list, find, create, change, remove } = openPlaylists(documents);
  return {
    list: () => list('all'),
    find: (_, id) => find('all', id),
    create: (_, name, tracks) => create('all', name, tracks),
    change: (_, id, by) => change('all', id, by),
    remove: (_, id) => remove('all', id),
  };
}

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      method,
      path,
      operation,
    ]),
  );

/** Method and path of every route of a router and those below it. */
function mounted(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route) {
      const methods = route.stack.map(({ method }) => method);
      return [...new Set(methods)].map((method) => `${method} ${route.path}`);
    }
    return 'stack' in handle ? mounted(handle as unknown as Router) : [];
  });
}

describe('the OpenAPI document', () => {
  it('holds exactly the routes that are mounted', () => {
    const app = createDashboard(
      {
        listRuns: async () => [],
        runStatus: async () => fakeRun('a', 1),
        runTimeline: async () => fakeTimeline(),
        control: {} as RunControl,
        collection: async () => Promise.reject(new Error('unused')),
        queues: [],
        listeners: fakeListeners(async () => Promise.reject(new Error('unused'))),
        playlists: openPlaylists(memoryDocuments()),
        sessions: openSessions('unused'),
        uploads: fakeUploads('unused'),
        logFault: () => {},
      },
      dashboardSettings(readConfig({})),
    );
    // A mounted router does not tell where it is mounted, so the pages' routes are counted, too.
    const pages = ['/login', '/', '/runs', '/runs/:run', '/api/docs'].map((page) => `get ${page}`);
    const documented = operations().map(
      ([method, path]) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(mounted(app.router as unknown as Router).sort()).toEqual([...pages, ...documented].sort());
  });

  it('is of version 3.1, and every reference leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    const names = new Set(Array.from(references, ([, name]) => name!));
    expect(names.size).toBeGreaterThan(2);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...names]));
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('names each operation once, and each parameter of its path', () => {
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, path, { parameters }] of operations()) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name));
      for (const { description } of parameters) expect(description).not.toBe('');
    }
  });

  it('tells the truth of every answer', async () => {
    expect(Object.keys(REQUESTS).sort()).toEqual(
      operations()
        .map(([, , { operationId }]) => operationId)
        .sort(),
    );
    for (const [method, , { operationId, responses }] of operations()) {
      for (const { path, body, status } of REQUESTS[operationId]!) {
        const answer = await send(dashboard.address, `/api${path}`, {
          method: method.toUpperCase(),
          headers: {
            Authorization: `Bearer ${TOKEN}`,
            'Content-Type': Buffer.isBuffer(body) ? 'audio/wav' : JSON_TYPE,
          },
          ...(body !== undefined && { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
        });
        const where = `${operationId} ${path}`;
        expect(answer.status, where).toBe(status);
        const { content } = responses[status]!;
        const type = answer.headers['content-type']!.split(';')[0]!;
        const documented = content[type] ?? content[`${type.split('/')[0]}/*`];
        expect(documented, `${where}: ${type}`).toBeDefined();
        if (type === JSON_TYPE) {
          const checked = validatorOf(document, documented!.schema).safeParse(answer.json());
          expect(checked.error?.issues, where).toBeUndefined();
          expect(validatorOf(document, documented!.schema).safeParse({ unheard: 'of' }).success, where).toBe(
            false,
          );
        }
      }
    }
  });
});

describe('the page of the API', () => {
  it('tells of every operation, without a script and with nothing from elsewhere', async () => {
    const { status, headers, body } = await send(dashboard.address, '/api/docs');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/html');
    const page = body.toString();
    for (const [, path, { operationId }] of operations()) {
      expect(page).toContain(`id="${operationId}"`);
      expect(page).toContain(`/api${path}`);
    }
    expect(page).not.toMatch(/<script|https?:|style="/);
    const targets = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, target]) => target!);
    for (const target of targets) expect(page).toContain(`id="${target}"`);
  });
});
