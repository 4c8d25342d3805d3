// `npm run docs`: writes the pages of docs/ that are made from the code.
import { writeFile } from 'node:fs/promises';
import { generatedDocs } from './generated-docs.ts';

for (const [name, text] of Object.entries(generatedDocs())) {
  await writeFile(new URL(`../docs/${name}`, import.meta.url), text);
}
