import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCurrentId } from '../../src/store/index-folder.ts';
import { openIndex } from '../../src/store/open-index.ts';
import { addToIndex } from '../../src/workers/add-to-index.ts';
import { outputOf, startScript } from '../support/child-script.ts';
import { finishRun } from '../support/finished-run.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A process that adds a run, and kills itself before call number `call` of one that names or removes a file. */
const addAndDie = (dataDir: string, call: number) =>
  startScript(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let left = ${call};
    for (const name of ['link', 'rename', 'rm']) {
      const original = fs.promises[name];
      fs.promises[name] = (...parameters) => {
        if (left-- === 0) process.kill(process.pid, 'SIGKILL');
        return original(...parameters);
      };
    }
    syncBuiltinESMExports();
    const { addToIndex } = await import('./src/workers/add-to-index.ts');
    const { index } = await addToIndex(${JSON.stringify(dataDir)}, 'new');
    console.log('done', index);`);

test('a change killed at any point leaves the old index or the new, and no litter after the next', async () => {
  const prepared = await temporaryFolder();
  await finishRun(prepared, 'new', sampleRows(6, 2), { size: 6 });
  const old = await finishRun(prepared, 'old', sampleRows(6, 1), { size: 6 });
  const undisturbed = await temporaryFolder();
  await cp(prepared, undisturbed, { recursive: true });
  const { index: added } = await addToIndex(undisturbed, 'new');

  const seen = new Set<string | null>();
  const tryAt = async (call: number): Promise<boolean> => {
    const dataDir = await temporaryFolder();
    await cp(prepared, dataDir, { recursive: true });
    const output = await outputOf(addAndDie(dataDir, call));
    const current = await readCurrentId(dataDir);
    seen.add(current);
    expect([old, added]).toContain(current);
    const { list } = await openIndex(dataDir);
    expect(list.size).toBe(current === old ? 6 : 12);

    expect((await addToIndex(dataDir, 'new')).index).toBe(added);
    expect((await openIndex(dataDir)).list.size).toBe(12);
    const names = async (folder: string) => (await readdir(join(folder, 'index'))).sort();
    expect(await names(dataDir), `killed before call ${call}`).toEqual(await names(undisturbed));
    return output.startsWith('done');
  };
  let call = 0;
  // Two at a time, until one is not killed any more.
  while (!(await Promise.all([tryAt(call), tryAt(call + 1)])).includes(true)) call += 2;
  expect(call).toBeGreaterThan(10);
  expect(seen).toEqual(new Set([old, added]));
}, 300_000);
