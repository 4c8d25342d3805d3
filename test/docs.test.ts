import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../infra/generated-docs.ts';

describe('generated pages of docs/', () => {
  it.each(Object.entries(generatedDocs()))('%s is up to date (npm run docs)', async (name, text) => {
    expect(await readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8')).toBe(text);
  });
});
