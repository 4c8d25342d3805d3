// `npm run check`: types, lint, import rules, unused exports and duplicates, side by side.
import { spawn } from 'node:child_process';

const checks = {
  types: ['tsc', '--noEmit'],
  lint: ['biome', 'check', '--error-on-warnings', '.'],
  pages: ['tsc', '-p', 'src/dashboard/tsconfig.public.json'],
  imports: ['depcruise', '--output-type', 'err', 'src'],
  unused: ['knip', '--no-progress'],
  duplicates: [
    'jscpd',
    '--silent',
    '--min-tokens',
    '70',
    '--threshold',
    '0',
    '--reporters',
    'consoleFull',
    'src',
    'demo',
    'bench',
  ],
};

const results = await Promise.all(
  Object.entries(checks).map(
    ([name, [command, ...args]]) =>
      new Promise((resolve) => {
        const child = spawn('npx', ['--no-install', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        child.stdout.on('data', (chunk) => (output += chunk));
        child.stderr.on('data', (chunk) => (output += chunk));
        child.on('close', (code) => resolve({ name, code, output }));
      }),
  ),
);

for (const { name, code, output } of results) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (code !== 0) console.log(output);
}
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);
