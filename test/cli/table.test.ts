import { expect, test, vi } from 'vitest';
import { printTable } from '../../src/cli/table.ts';

function printed(headings: string[], rows: string[][]): string[] {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  try {
    printTable(headings, rows);
  } finally {
    write.mockRestore();
  }
  return lines;
}

test('columns are as wide as their widest cell, and lines end without spaces', () => {
  const lines = printed(
    ['id', 'title'],
    [
      ['000001', 'a'],
      ['2', 'longer'],
    ],
  );
  expect(lines).toEqual(['id      title\n', '000001  a\n', '2       longer\n']);
});

// A function takes about 120,000 arguments at most.
test('has as many rows as there are', () => {
  const rows = Array.from({ length: 300_000 }, (_, row) => [String(row)]);
  expect(printed(['row'], rows)).toHaveLength(300_001);
});
