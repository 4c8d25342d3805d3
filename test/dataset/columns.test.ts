import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnName, KNOWN_COLUMNS, selectColumns } from '../../src/dataset/columns.ts';

describe('selectColumns', () => {
  it('finds the columns of a field in the order of preference, however they are written', () => {
    const columns = selectColumns(['Year', 'Track ID', 'id', 'track.title', 'album.date_released', 'bio']);
    expect(columns.id).toEqual([1, 2]);
    expect(columns.title).toEqual([3]);
    expect(columns.date).toEqual([4, 0]);
    expect(columns.artist).toEqual([]);
  });

  it('knows its own names', () => {
    for (const known of Object.values(KNOWN_COLUMNS).flat()) expect(columnName(known)).toBe(known);
  });
});

it('docs/metadata.md has every known column in the row of its field', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/metadata.md'), 'utf8');
  for (const [field, names] of Object.entries(KNOWN_COLUMNS)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${field}\` |`));
    expect(row).toContain(`| ${names.map((name) => `\`${name}\``).join(', ')} |`);
  }
});
