import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appendAttempt, openAttempts } from '../../src/store/attempt-log.ts';
import { temporaryFolder } from '../support/temporary.ts';

const line = { attempt: 1, stage: 'extract', partition: 'p1' };

it('attempts are read as they are written, by any number of workers', async () => {
  const dataDir = await temporaryFolder();
  const read = openAttempts(dataDir, 'run-1');
  expect(await read()).toEqual([]);

  await appendAttempt(dataDir, 'run-1', 'a/b:1:x', { ...line, at: 10, event: 'begun' });
  const begun = { worker: 'a/b:1:x', stage: 'extract', partition: 'p1', begun: 10 };
  expect(await read()).toEqual([{ ...begun, ended: null, event: 'begun', reason: null }]);

  await appendAttempt(dataDir, 'run-1', 'a/b:1:x', { ...line, at: 12, event: 'given up', reason: 'no disk' });
  await appendAttempt(dataDir, 'run-1', 'c:2:y', { ...line, at: 13, event: 'begun' });
  const both = await read();
  expect(both[0]).toEqual({ ...begun, ended: 12, event: 'given up', reason: 'no disk' });
  expect(both[1]).toMatchObject({ worker: 'c:2:y', ended: null });
  expect(await openAttempts(dataDir, 'run-1')()).toEqual(both);
});

it('two looks at once see each attempt once, and its end', async () => {
  const dataDir = await temporaryFolder();
  const read = openAttempts(dataDir, 'run-1');
  for (let attempt = 1; attempt <= 20; attempt++) {
    await appendAttempt(dataDir, 'run-1', 'a:1:x', { ...line, attempt, at: 10 * attempt, event: 'begun' });
    await Promise.all([read(), read(), read()]);
    await appendAttempt(dataDir, 'run-1', 'a:1:x', { ...line, attempt, at: 10 * attempt + 5, event: 'done' });
  }
  const ended = Array.from({ length: 20 }, (_, i) => ({ ended: 10 * i + 15, event: 'done' }));
  expect((await Promise.all([read(), read()]))[1]).toMatchObject(ended);
});

it('a line that is being written is read when it is whole, and one that a crash cut off is passed over', async () => {
  const dataDir = await temporaryFolder();
  const read = openAttempts(dataDir, 'run-1');
  await appendAttempt(dataDir, 'run-1', 'a:1:x', { ...line, at: 10, event: 'begun' });
  const file = join(dataDir, 'runs/run-1/attempts', `${encodeURIComponent('a:1:x')}.jsonl`);
  const end = JSON.stringify({ ...line, at: 11, event: 'done' });
  await appendFile(file, end.slice(0, 20));
  expect(await read()).toMatchObject([{ ended: null }]);
  await appendFile(file, `${end.slice(20)}\n{"attempt":2,\n`);
  expect(await read()).toMatchObject([{ ended: 11, event: 'done' }]);
});
