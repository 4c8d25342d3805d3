import { z } from 'zod';
import { configSchema, SECRETS } from '../src/config.ts';
import { ERRORS } from '../src/errors.ts';

const table = (headings: string[], rows: string[][]) =>
  [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { exit, status, meaning }]) => [
    `\`${code}\``,
    String(exit),
    String(status),
    meaning,
  ]);
  return `# Errors

Every error has a stable code, an exit code of the command line and an HTTP status. The message beside it says in
one line what is wrong and what to do. The codes that begin with \`AUDIO_\` are also the classes of failed tracks:
one bad file never fails a run, it becomes a row of \`failures.jsonl\`.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with some tracks failed.

${table(['code', 'exit code', 'HTTP status', 'meaning'], rows)}

This page is generated from src/errors.ts by \`npm run docs\`.
`;
}

function configurationPage(): string {
  const { properties, required = [] } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  // The default is that of the documenting machine where it depends on the machine.
  const machineDependent: Record<string, string> = {
    CONCURRENCY: 'number of cores',
    SEARCH_THREADS: 'number of cores',
  };
  const rows = Object.entries(properties ?? {}).map(([name, property]) => {
    const { default: fallback, description = '' } = property as { default?: unknown; description?: string };
    const shown =
      machineDependent[name] ??
      (fallback === undefined ? (required.includes(name) ? 'needed' : 'not set') : `\`${fallback}\``);
    return [`\`${name}\``, shown, description];
  });
  return `# Configuration

Every setting is an environment variable; some have a flag of the same meaning (\`soundalike <command> --help\`),
which then counts. All are read once, at start, and every value that cannot be used is named at once.

${table(['variable', 'default', 'meaning'], rows)}

${SECRETS.map((name) => `\`${name}\``).join(', ')} may also lie in a file: the variable of the same name with \`_FILE\` behind it
names the file.

This page is generated from src/config.ts by \`npm run docs\`.
`;
}

/** The pages of docs/ that are made from the code, by file name. */
export function generatedDocs(): Record<string, string> {
  return { 'errors.md': errorsPage(), 'configuration.md': configurationPage() };
}
