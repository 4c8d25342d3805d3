import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hashSecret, newSecret } from '../../src/credentials/token.ts';
import { SoundalikeError } from '../../src/errors.ts';
import { fakeRun, fakeSummary, startDashboard, type TestDashboard } from './fakes.ts';
import { send } from './http.ts';

let dashboard: TestDashboard;
let share = 0.4;

beforeAll(async () => {
  dashboard = await startDashboard({
    listRuns: async () => [fakeSummary('run-b', 1), fakeSummary('run-a', share)],
    runStatus: async (run) => {
      if (run !== 'run-a') throw new SoundalikeError('RUN_NOT_FOUND', `there is no run ${run}`);
      return fakeRun(run, share);
    },
  });
});

afterAll(() => dashboard.close());

describe('the runs', () => {
  it('are listed', async () => {
    const answer = await send(dashboard.address, '/api/runs');
    expect(answer.json().runs.map(({ run }: { run: string }) => run)).toEqual(['run-b', 'run-a']);
  });

  it('answer 304 until they change', async () => {
    // A finished run, whose status holds no time of a heartbeat.
    share = 1;
    const first = await send(dashboard.address, '/api/runs/run-a');
    const headers = { 'If-None-Match': first.headers.etag };
    const same = await send(dashboard.address, '/api/runs/run-a', { headers });
    share = 0.5;
    const changed = await send(dashboard.address, '/api/runs/run-a', { headers });
    expect([first.status, same.status, changed.status]).toEqual([200, 304, 200]);
    expect(changed.json().progress).toBe(0.5);
  });

  it('that are not there are answered by 404', async () => {
    const answer = await send(dashboard.address, '/api/runs/run-z');
    expect(answer.status).toBe(404);
    expect(answer.json().error.code).toBe('RUN_NOT_FOUND');
  });

  it.each(['..%2f..%2fetc', '%2e%2e', '.hidden', 'a%00b', 'x'.repeat(101)])(
    'are not looked for under the name %s',
    async (run) => {
      const answer = await send(dashboard.address, `/api/runs/${run}`);
      // The port would have answered 404: 400 says that it was never asked.
      expect(answer.status).toBe(400);
      expect(answer.json().error.code).toBe('USAGE');
    },
  );
});

describe('what changes a run', () => {
  const actions = ['pause', 'resume', 'cancel', 'retry', 'again'];
  const touched: string[] = [];
  const touch = async (run: string) => {
    touched.push(run);
  };
  const control = {
    pause: touch,
    resume: touch,
    cancel: touch,
    retry: async (run: string) => touched.push(run),
    again: async (run: string) => run,
  };

  it.each(actions)('is refused without a login: %s', async (action) => {
    for (const ADMIN_PASSWORD of ['', 'correct horse battery']) {
      const closed = await startDashboard({ control }, { ADMIN_PASSWORD });
      onTestFinished(() => closed.close());
      const answer = await send(closed.address, `/api/runs/run-a/${action}`, { method: 'POST', body: '{}' });
      expect(answer.json().error.code).toBe(ADMIN_PASSWORD ? 'LOGIN_NEEDED' : 'ADMINISTRATION_OFF');
    }
    expect(touched).toEqual([]);
  });

  it.each(actions)('is refused to a page of another site: %s', async (action) => {
    const token = newSecret();
    const open = await startDashboard({ control }, { API_TOKENS: `robot:${hashSecret(token)}` });
    onTestFinished(() => open.close());
    const answer = await send(open.address, `/api/runs/run-a/${action}`, {
      method: 'POST',
      body: '{}',
      headers: { Authorization: `Bearer ${token}`, Origin: 'http://elsewhere.example' },
    });
    expect(answer.json().error.code).toBe('REQUEST_REFUSED');
    expect(touched).toEqual([]);
  });
});
