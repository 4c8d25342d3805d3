import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const DIMENSION = 4;
/** Row i lies at (i, i², 1, -i). */
const rows = (numbers: number[]) =>
  new Uint8Array(Float32Array.from(numbers.flatMap((i) => [i, i * i, 1, -i])).buffer);

describe('bench-search', { timeout: 60_000 }, () => {
  it('writes a line a query and a summary', async () => {
    const folder = await temporaryFolder();
    const [base, queries, out] = ['base.f32', 'queries.f32', 'out.jsonl'].map((name) => join(folder, name));
    await writeFile(base!, rows(Array.from({ length: 300 }, (_, i) => i)));
    await writeFile(queries!, rows([0.4, 7.6, 299]));
    const files = ['--base', base!, '--queries', queries!, '--out', out!, '--dim', String(DIMENSION)];
    for (const extra of [
      ['--method', 'exact'],
      ['--method', 'exact', '--batch'],
      ['--method', 'tree'],
      ['--method', 'tree', '--threads', '2'],
      ['--method', 'exact', '--batch', '--threads', '2'],
    ]) {
      const { code, stdout } = await cli(['bench-search', ...files, '-k', '2', ...extra]);
      expect(code).toBe(0);
      const lines = (await readFile(out!, 'utf8')).trimEnd().split('\n');
      const answers = lines.map((line) => JSON.parse(line));
      expect(answers.map(({ q, ids }) => ({ q, nearest: ids[0], count: ids.length }))).toEqual([
        { q: 0, nearest: 0, count: 2 },
        { q: 1, nearest: 8, count: 2 },
        { q: 2, nearest: 299, count: 2 },
      ]);
      for (const { us } of answers) expect(us).toBeGreaterThan(0);
      expect(JSON.parse(stdout)).toMatchObject({ rows: 300, dim: 4, queries: 3, k: 2, method: extra[1] });
      expect(JSON.parse(stdout).threads).toBe(extra.includes('2') ? 2 : 1);
    }
  });

  it('refuses files that are not rows of numbers', async () => {
    const folder = await temporaryFolder();
    const [good, odd, bad] = ['good.f32', 'odd.f32', 'bad.f32'].map((name) => join(folder, name));
    await writeFile(good!, rows([1, 2]));
    await writeFile(odd!, new Uint8Array(17));
    await writeFile(bad!, new Uint8Array(Float32Array.of(1, 2, 3, 4, 1, Number.NaN, 3, 4).buffer));
    const run = (base: string, queries: string) =>
      cli(['bench-search', '--base', base, '--queries', queries, '--dim', '4', '--out', join(folder, 'out')]);
    for (const [base, queries, reason] of [
      [odd!, good!, 'odd.f32 has 17 bytes'],
      [good!, bad!, 'row 1 of'],
      [join(folder, 'none'), good!, 'there is no file'],
    ] as const) {
      const { code, stderr } = await run(base, queries);
      expect(code).toBe(2);
      expect(stderr).toContain(reason);
    }
  });
});
