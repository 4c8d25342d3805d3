import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openCollection } from '../../src/recommend/open-collection.ts';
import { createRandom } from '../../src/search/random.ts';
import { changeIndex } from '../../src/store/change-index.ts';
import { exportParquet } from '../../src/store/export.ts';
import { makeCurrent, readCurrentId } from '../../src/store/index-folder.ts';
import { keptSegments } from '../../src/store/index-segments.ts';
import { openIndexTable } from '../../src/store/index-table.ts';
import { openIndex } from '../../src/store/open-index.ts';
import { readShard } from '../../src/store/read-shard.ts';
import type { ShardRow } from '../../src/store/shard.ts';
import { addToIndex } from '../../src/workers/add-to-index.ts';
import { mergeIndex } from '../../src/workers/merge-index.ts';
import { removeFromIndex } from '../../src/workers/remove-from-index.ts';
import { tuneIndex } from '../../src/workers/tune-index.ts';
import { finishRun } from '../support/finished-run.ts';
import { sampleRows } from '../support/shard-rows.ts';
import { removeFolder, suiteFolder, temporaryFolder } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 90_000 });

let prepared: string;
beforeAll(async () => {
  prepared = await suiteFolder();
});
afterAll(() => removeFolder(prepared));

/** Rows 0, 2, 4, … in the run `old`, the others in the run `new`; the index of `old` is the live one. */
async function twoRuns() {
  const rows = sampleRows(20);
  const old = rows.filter((_, i) => i % 2 === 0);
  const added = rows.filter((_, i) => i % 2 === 1);
  if ((await readCurrentId(prepared)) === null) {
    await finishRun(prepared, 'new', added, { root: '/newer' });
    await finishRun(prepared, 'old', old);
  }
  const dataDir = await temporaryFolder();
  await cp(prepared, dataDir, { recursive: true });
  const index = (await readCurrentId(dataDir))!;
  return { dataDir, rows, old, added, index };
}

const idsOf = async (dataDir: string) => {
  const { tracks } = await (await openCollection(dataDir)).list({ limit: 1000 });
  return tracks.map(({ id }) => id);
};

describe('adding a run', () => {
  test('makes its tracks one more segment, scaled as the index is, with what belongs to each', async () => {
    const { dataDir, rows, index } = await twoRuns();
    const before = await openIndex(dataDir);
    const done = await addToIndex(dataDir, 'new');
    expect(done).toEqual({ index: expect.any(String), added: 10, replaced: 0 });
    expect(done.index).not.toBe(index);
    const after = await openIndex(dataDir);
    expect(after.index).toBe(done.index);
    expect(after.segments.map(({ segment }) => segment.header.rows)).toEqual([10, 10]);
    expect(after.segments[0].segment.id).toBe(before.segments[0].segment.id);
    expect(after.segments[1].segment.header.scaling).toEqual(before.header.scaling);
    const collection = await openCollection(dataDir);
    expect(collection.size).toBe(20);
    expect(await idsOf(dataDir)).toEqual(rows.map(({ id }) => id));
    for (const [i, { id, features }] of rows.entries()) {
      expect(collection.track(id)).toMatchObject({ id, title: rows[i].metadata.title });
      expect(await collection.peaks(id)).toEqual(features.peaks);
      expect(after.originOf(after.rowOf(id)!)).toMatchObject({ root: i % 2 === 0 ? '/music' : '/newer' });
      const similar = await collection.similar([id], { k: 100 });
      expect(new Set(similar.map((track) => track.id)).size).toBe(19);
    }
  });

  test('replaces what sounds or is named otherwise, and no more', async () => {
    const { dataDir, old, index } = await twoRuns();
    const [first, second, third, ...others] = structuredClone(old);
    first.metadata.title = 'Another name';
    second.features.statistics.mfcc!.mean[3] += 5;
    second.features.peaks = Uint8Array.of(1, 2, 3);
    await finishRun(dataDir, 'later', [first, second, third, ...others]);
    await makeCurrent(dataDir, index);
    expect(await addToIndex(dataDir, 'later')).toMatchObject({ added: 0, replaced: 2 });
    const collection = await openCollection(dataDir);
    expect(collection.size).toBe(old.length);
    expect(collection.track(first.id).title).toBe('Another name');
    expect(await collection.peaks(second.id)).toEqual(second.features.peaks);
    expect(await collection.peaks(third.id)).toEqual(third.features.peaks);
    expect((await collection.list({ query: 'another' })).total).toBe(1);
    expect(await addToIndex(dataDir, 'later')).toMatchObject({ added: 0, replaced: 0 });
  });

  test('that the index has all of changes nothing', async () => {
    const { dataDir, index } = await twoRuns();
    expect(await addToIndex(dataDir, 'old')).toEqual({ index, added: 0, replaced: 0 });
  });

  test('gives the same index whenever it is done', async () => {
    const [one, two] = [await twoRuns(), await twoRuns()];
    const done = await addToIndex(one.dataDir, 'new');
    await removeFromIndex(two.dataDir, [two.old[0].id]);
    await makeCurrent(two.dataDir, two.index);
    expect(await addToIndex(two.dataDir, 'new')).toEqual(done);
  });

  test('of other features, or that is not there, is refused', async () => {
    const { dataDir, index } = await twoRuns();
    const plan = join(dataDir, 'runs/new/plan.json');
    const text = await readFile(plan, 'utf8');
    await writeFile(plan, text.replace(/"featureVersion":"[^"]*"/, '"featureVersion":"other"'));
    await expect(addToIndex(dataDir, 'new')).rejects.toMatchObject({ code: 'RUN_VERSION' });
    await expect(addToIndex(dataDir, 'none')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    expect(await readCurrentId(dataDir)).toBe(index);
  });
});

describe('removing tracks', () => {
  test('leaves the segments as they are and shows the tracks nowhere', async () => {
    const { dataDir, rows } = await twoRuns();
    await addToIndex(dataDir, 'new');
    const gone = [rows[0].id, rows[7].id, rows[8].id];
    const { tracks } = await removeFromIndex(dataDir, gone);
    expect(tracks).toEqual(gone);
    const collection = await openCollection(dataDir);
    expect(collection.size).toBe(17);
    for (const id of gone) expect(() => collection.track(id)).toThrow(/no track/);
    expect(await idsOf(dataDir)).toEqual(rows.map(({ id }) => id).filter((id) => !gone.includes(id)));
    const nearest = await collection.similar([rows[1].id], { k: 100 });
    const similar = nearest.map(({ id }) => id);
    expect(similar).toHaveLength(16);
    for (const id of gone) expect(similar).not.toContain(id);
    for (const { id, features } of rows.filter(({ id }) => !gone.includes(id))) {
      expect(await collection.peaks(id)).toEqual(features.peaks);
    }
  });

  test('that were removed before are added again by their run', async () => {
    const { dataDir, old } = await twoRuns();
    await removeFromIndex(dataDir, [old[1].id, old[2].id]);
    expect(await addToIndex(dataDir, 'old')).toMatchObject({ added: 2, replaced: 0 });
    expect(await idsOf(dataDir)).toEqual(old.map(({ id }) => id));
  });

  test('drops a segment of which no row is left', async () => {
    const { dataDir, added, index } = await twoRuns();
    await addToIndex(dataDir, 'new');
    const done = await removeFromIndex(
      dataDir,
      added.map(({ id }) => id),
    );
    expect(done.index).toBe(index);
  });

  test('whose files are missing', async () => {
    const old = sampleRows(4);
    const [dataDir, root] = [await temporaryFolder(), await temporaryFolder()];
    await mkdir(join(root, '000'));
    for (const { path } of old.slice(1)) await writeFile(join(root, path), '');
    await finishRun(dataDir, 'there', old, { root });
    expect((await removeFromIndex(dataDir, 'missing')).tracks).toEqual([old[0].id]);
    expect((await removeFromIndex(dataDir, 'missing')).tracks).toEqual([]);
    await rm(root, { recursive: true });
    const notMounted = { code: 'SOURCE_NOT_FOUND' };
    await expect(removeFromIndex(dataDir, 'missing')).rejects.toMatchObject(notMounted);
    await mkdir(root);
    await expect(removeFromIndex(dataDir, 'missing')).rejects.toMatchObject(notMounted);
  });

  test('that are not there, or all, is refused', async () => {
    const { dataDir, old, added, index } = await twoRuns();
    const unknown = removeFromIndex(dataDir, [old[0].id, added[0].id]);
    await expect(unknown).rejects.toMatchObject({
      code: 'TRACK_NOT_FOUND',
      message: expect.stringContaining(added[0].id),
    });
    const all = old.map(({ id }) => id);
    await expect(removeFromIndex(dataDir, all)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readCurrentId(dataDir)).toBe(index);
  });
});

describe('merging', () => {
  test.each([3, 20])('gives the bytes of a run of the same tracks, in partitions of %i', async (size) => {
    const { dataDir, rows } = await twoRuns();
    await addToIndex(dataDir, 'new');
    await removeFromIndex(dataDir, [rows[3].id, rows[4].id]);
    const { index, tracks } = await mergeIndex(dataDir);
    expect(tracks).toBe(18);
    const merged = await openIndex(dataDir);
    expect(merged.segments).toHaveLength(1);
    const collection = await openCollection(dataDir);
    const left = rows.filter((_, i) => i !== 3 && i !== 4);
    for (const { id, features } of left) expect(await collection.peaks(id)).toEqual(features.peaks);

    const fresh = await temporaryFolder();
    const freshIndex = await finishRun(fresh, 'all', left, { size });
    expect(merged.segments[0].segment.id).toBe(freshIndex);
    // The rows come from two runs, which the index says.
    expect(index).not.toBe(freshIndex);
    const names = await readdir(join(fresh, 'index', freshIndex, 'segments', freshIndex));
    for (const name of names) {
      const [one, two] = await Promise.all([
        readFile(join(fresh, 'index', freshIndex, 'segments', freshIndex, name)),
        readFile(join(merged.segments[0].folder, name)),
      ]);
      expect(one.equals(two), name).toBe(true);
    }
    expect((await mergeIndex(dataDir)).index).toBe(index);
  });

  test("comes back to a run's own index where that is all there is", async () => {
    const { dataDir, old, index } = await twoRuns();
    await removeFromIndex(dataDir, [old[3].id]);
    await addToIndex(dataDir, 'old');
    expect((await openIndex(dataDir)).segments).toHaveLength(2);
    expect((await mergeIndex(dataDir)).index).toBe(index);
    expect((await mergeIndex(dataDir)).index).toBe(index);
  });

  test('of a run that is not what it was is refused, and the index stays', async () => {
    const { dataDir } = await twoRuns();
    const { index } = await addToIndex(dataDir, 'new');
    const shards = join(dataDir, 'runs/new/shards');
    await writeFile(join(shards, (await readdir(shards))[0]), 'not a shard');
    await expect(mergeIndex(dataDir)).rejects.toMatchObject({ code: 'SHARD_DAMAGED' });
    expect(await readCurrentId(dataDir)).toBe(index);
    expect(await idsOf(dataDir)).toHaveLength(20);
  });
});

describe('tuning', () => {
  test('stores the setting and its promise with each segment, and shares what did not change', async () => {
    const { dataDir, rows } = await twoRuns();
    await addToIndex(dataDir, 'new');
    await removeFromIndex(dataDir, [rows[0].id]);
    const before = await openIndex(dataDir);
    const { index, segments } = await tuneIndex(dataDir, { method: 'tree', recall: 0.9, k: 4 });
    const after = await openIndex(dataDir);
    expect(after.index).toBe(index);
    expect(segments).toHaveLength(2);
    for (const [place, { segment, folder }] of after.segments.entries()) {
      const { best, queries } = segments[place];
      expect(segment.header.tree).toMatchObject(best.setting);
      expect(segment.header.tuned).toEqual({ tree: { recall: best.recall, k: 4, queries } });
      expect(segment.tree.parameters).toMatchObject(best.setting);
      const { folder: old } = before.segments[place];
      for (const name of await readdir(folder)) {
        const [one, two] = [await stat(join(folder, name)), await stat(join(old, name))];
        expect(one.ino === two.ino, name).toBe(name !== 'header.json');
      }
    }
    expect(await idsOf(dataDir)).toEqual(rows.slice(1).map(({ id }) => id));
    const { tuned } = after.header;
    await tuneIndex(dataDir, { method: 'lsh', recall: 0.9, k: 4 });
    expect((await openIndex(dataDir)).header.tuned).toMatchObject({ ...tuned, lsh: { k: 4 } });
  });
});

test('duplicates are found across segments', async () => {
  const dataDir = await temporaryFolder();
  const [a, b] = [sampleRows(5, 1), sampleRows(5, 2)];
  b[2].features = structuredClone(a[3].features);
  await finishRun(dataDir, 'b', b);
  await finishRun(dataDir, 'a', a);
  await addToIndex(dataDir, 'b');
  const groups = await (await openCollection(dataDir)).duplicates(0.001);
  expect(groups.map((group) => group.map(({ id, distance }) => [id, distance]))).toEqual([
    [
      [a[3].id, 0],
      [b[2].id, 0],
    ],
  ]);
});

test('the table of an index has its live rows, from all runs', async () => {
  const { dataDir, rows } = await twoRuns();
  await addToIndex(dataDir, 'new');
  await removeFromIndex(dataDir, [rows[5].id]);
  const file = join(await temporaryFolder(), 'table.parquet');
  await writeFile(file, exportParquet(await openIndexTable(dataDir, await openIndex(dataDir))));
  const told = ({ id, contentHash, path, metadata, features: { peaks, statistics } }: ShardRow) => ({
    id,
    contentHash,
    path,
    metadata,
    peaks,
    mfcc: statistics.mfcc,
  });
  const left = rows.filter((_, i) => i !== 5);
  expect((await readShard(file)).map(told)).toEqual(left.map(told));
});

describe('what an index says of its rows', () => {
  async function grown() {
    const { dataDir, rows } = await twoRuns();
    await addToIndex(dataDir, 'new');
    const { index } = await removeFromIndex(dataDir, [rows[2].id]);
    return { dataDir, folder: join(dataDir, 'index', index) };
  }

  test('is refused where it is cut, gone or a bit of it flipped', async () => {
    const { dataDir, folder } = await grown();
    const random = createRandom(7);
    const names = await readdir(join(folder, 'rows'));
    expect(names).toHaveLength(1);
    const file = join(folder, 'rows', names[0]);
    const bytes = await readFile(file);
    const refused = async () =>
      expect(openCollection(dataDir)).rejects.toMatchObject({
        code: 'INDEX_DAMAGED',
        message: expect.stringContaining(names[0]),
      });
    for (const length of [0, 1, bytes.length >> 1, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, length));
      await refused();
    }
    for (let round = 0; round < 40; round++) {
      const flipped = Buffer.from(bytes);
      flipped[Math.floor(random.uniform() * bytes.length)] ^= 1 << (random.integer() & 7);
      await writeFile(file, flipped);
      await refused();
    }
    await rm(file);
    await refused();
    await writeFile(file, bytes);
    await openCollection(dataDir);
  });

  test('is refused where index.json is cut or a bit of it flipped', async () => {
    const { dataDir, folder } = await grown();
    const file = join(folder, 'index.json');
    const bytes = await readFile(file);
    const { base } = JSON.parse(bytes.toString());
    const random = createRandom(8);
    const refused = expect.objectContaining({
      code: expect.stringMatching(/^(INDEX_DAMAGED|DATA_DIR_UNUSABLE)$/),
    });
    for (const length of [0, 1, bytes.length >> 1, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, length));
      await expect(openCollection(dataDir)).rejects.toEqual(refused);
    }
    // What the index was made of decides nothing but when it is cleared away.
    const idle = bytes.indexOf(base);
    for (let round = 0; round < 100; round++) {
      const at = Math.floor(random.uniform() * bytes.length);
      if (at >= idle && at < idle + base.length) continue;
      const flipped = Buffer.from(bytes);
      flipped[at] ^= 1 << (random.integer() & 7);
      await writeFile(file, flipped);
      await expect(openCollection(dataDir)).rejects.toEqual(refused);
    }
  });
});

describe('two changes at once', () => {
  test('are one, and a clear error', async () => {
    const { dataDir, old } = await twoRuns();
    const results = await Promise.allSettled([
      addToIndex(dataDir, 'new'),
      removeFromIndex(dataDir, [old[0].id]),
      mergeIndex(dataDir),
    ]);
    const failed = results.filter(({ status }) => status === 'rejected');
    expect(failed).toHaveLength(2);
    for (const result of failed) {
      expect(result).toMatchObject({
        reason: { code: 'INDEX_BUSY', message: expect.stringMatching(/changes the index/) },
      });
    }
    await openCollection(dataDir);
    expect(await addToIndex(dataDir, 'new')).toBeDefined();
  });

  test('a run that finishes meanwhile stays the live one', async () => {
    const { dataDir, old } = await twoRuns();
    let other = '';
    const change = changeIndex(dataDir, async (base) => {
      other = await finishRun(dataDir, 'third', old.slice(1));
      return keptSegments(base, (row) => row === 0);
    });
    await expect(change).rejects.toMatchObject({ code: 'INDEX_BUSY' });
    expect(await readCurrentId(dataDir)).toBe(other);
  });
});

test('the next change clears away what no one needs any more, and no index of a run', async () => {
  const { dataDir, old, index } = await twoRuns();
  const folder = join(dataDir, 'index');
  const first = await removeFromIndex(dataDir, [old[0].id]);
  await cp(join(folder, first.index), join(folder, '.tmp-change-1-abc'), { recursive: true });
  await writeFile(join(folder, '.tmp-change-1-def'), '');
  await cp(join(folder, index), join(folder, '.tmp-of-a-run'), { recursive: true });
  const second = await removeFromIndex(dataDir, [old[1].id]);
  // The predecessor stays for who has it open.
  expect(await readdir(folder)).toEqual(
    expect.arrayContaining([index, first.index, second.index, '.tmp-of-a-run']),
  );
  expect((await readdir(folder)).filter((name) => name.startsWith('.tmp-change'))).toEqual([]);
  const third = await removeFromIndex(dataDir, [old[2].id]);
  const names = await readdir(folder);
  expect(names).not.toContain(first.index);
  expect(names).toEqual(expect.arrayContaining([index, second.index, third.index]));
});
