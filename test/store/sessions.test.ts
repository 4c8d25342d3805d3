import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSessions } from '../../src/store/sessions.ts';
import { temporaryFolder } from '../support/temporary.ts';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe('the sessions', () => {
  it('are seen by every process of the data folder until they are removed', async () => {
    const folder = await temporaryFolder();
    const [one, other] = [openSessions(folder), openSessions(folder)];
    const session = { listener: 'ada', seal: 'a', expiresAt: inSeconds(60) };
    await one.create('aa', session);
    expect(await other.find('aa')).toEqual(session);
    expect(await other.find('ab')).toBeNull();
    await other.remove('aa');
    expect(await one.find('aa')).toBeNull();
    await other.remove('aa');
  });

  it('end, and are deleted when another begins; so is what is damaged', async () => {
    const folder = await temporaryFolder();
    const sessions = openSessions(folder);
    await sessions.create('aa', { listener: null, seal: 'a', expiresAt: inSeconds(-1) });
    await writeFile(join(folder, 'dashboard/sessions/bb.json'), '{"seal":');
    expect(await sessions.find('aa')).toBeNull();
    expect(await sessions.find('bb')).toBeNull();
    await sessions.create('cc', { listener: null, seal: 'c', expiresAt: inSeconds(60) });
    expect(await readdir(join(folder, 'dashboard/sessions'))).toEqual(['cc.json']);
  });
});
