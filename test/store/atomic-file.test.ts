import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishOnce, writeFileAtomically } from '../../src/store/atomic-file.ts';
import { outputOf, startScript } from '../support/child-script.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a file is written with its folders, and replaced', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a/b/file');
  await writeFileAtomically(path, ['one', 'two']);
  expect(await readFile(path, 'utf8')).toBe('onetwo');
  await writeFileAtomically(path, new Uint8Array([51]));
  expect(await readFile(path, 'utf8')).toBe('3');
  expect(await readdir(join(folder, 'a/b'))).toEqual(['file']);
});

test('of many that publish at once, one creates the file, and its content is whole', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'published');
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
  const outcomes = await Promise.all(contents.map((content) => publishOnce(path, content)));
  expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  expect(await readFile(path, 'utf8')).toBe(contents[outcomes.indexOf('created')]);
  expect(await readdir(folder)).toEqual(['published']);
});

test('a write that fails half-way leaves the old file and nothing else', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'file');
  await writeFile(path, 'old');
  const limit = 2 ** 20;
  const script = `
    import { publishOnce, writeFileAtomically } from './src/store/atomic-file.ts';
    const large = new Uint8Array(${limit} + 1);
    for (const write of [writeFileAtomically, publishOnce]) {
      await write(${JSON.stringify(path)}, large).catch((error) => console.log(error.code, error.cause.code));
    }`;
  expect(await outputOf(startScript(script, limit))).toBe('DATA_DIR_UNUSABLE EFBIG\n'.repeat(2));
  expect(await readdir(folder)).toEqual(['file']);
  expect(await readFile(path, 'utf8')).toBe('old');
});

test('a folder that cannot be written is named with what to do', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'taken'), '');
  const attempt = writeFileAtomically(join(folder, 'taken/file'), '');
  await expect(attempt).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringMatching(/^cannot write .*taken.* correct DATA_DIR$/),
  });
});
