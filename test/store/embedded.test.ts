import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from '../../src/store/embedded.ts';
import { acquireOwnership } from '../../src/store/owner-lock.ts';
import { startScript, untilPrinted } from '../support/child-script.ts';
import { stopProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A process that opens the embedded database, writes a row and stays. */
const holder = (dataDir: string) => `
  import { openEmbedded } from './src/store/embedded.ts';
  const { database } = await openEmbedded(${JSON.stringify(dataDir)});
  await database.exec('CREATE TABLE kept (value int); INSERT INTO kept VALUES (7)');
  console.log('open');
  setInterval(() => {}, 1_000);`;

const heldBy = (pid: number) => ({
  code: 'DATA_DIR_LOCKED',
  message: expect.stringMatching(new RegExp(`^process ${pid} on .* QUEUE_URL and MONGODB_URL[^\\n]*$`)),
});

test('one process at a time has a data folder open; one that was killed holds it no longer', async () => {
  const dataDir = await temporaryFolder();
  const child = startScript(holder(dataDir));
  await untilPrinted(child, 'open');
  await expect(openEmbedded(dataDir)).rejects.toMatchObject(heldBy(child.pid!));

  await stopProcess(child, 'SIGKILL');
  const embedded = await openEmbedded(dataDir);
  const { rows } = await embedded.database.query('SELECT value FROM kept');
  expect(rows).toEqual([{ value: 7 }]);
  await expect(openEmbedded(dataDir)).rejects.toMatchObject(heldBy(process.pid));
  await embedded.close();

  const reopened = await openEmbedded(dataDir);
  await reopened.close();
}, 60_000);

/** A process that cannot be there: Linux gives ids up to 2^22 (proc(5), pid_max). */
const GONE = { host: hostname(), pid: 2 ** 30, started: '', released: false };

async function ownersFolder(owner: object): Promise<string> {
  const folder = join(await temporaryFolder(), 'owners');
  await mkdir(folder);
  await writeFile(join(folder, '7.json'), JSON.stringify(owner));
  return folder;
}

test('of many that find the owner gone at the same moment, one takes over', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = await ownersFolder(GONE);
    const locks = await Promise.all(Array.from({ length: 10 }, () => acquireOwnership(folder)));
    const owners = locks.filter((lock) => 'release' in lock);
    expect(owners).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['8.json']);
    await owners[0].release();
    expect(await acquireOwnership(folder)).toHaveProperty('release');
  }
});

test('a later process with the same id is not taken for the owner', async () => {
  const folder = await ownersFolder({ ...GONE, pid: process.pid, started: 'another boot:1' });
  expect(await acquireOwnership(folder)).toHaveProperty('release');
});

test('an owner on another machine is believed to be there', async () => {
  const elsewhere = { ...GONE, host: 'elsewhere' };
  const folder = await ownersFolder(elsewhere);
  expect(await acquireOwnership(folder)).toEqual({ heldBy: elsewhere, file: join(folder, '7.json') });
});

test('a database that does not open is told, and the folder is given free', async () => {
  const dataDir = await temporaryFolder();
  await mkdir(join(dataDir, 'embedded'));
  await writeFile(join(dataDir, 'embedded/database'), 'a file, not a folder');
  for (let time = 0; time < 2; time++) {
    await expect(openEmbedded(dataDir)).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringContaining('delete it'),
    });
  }
});
