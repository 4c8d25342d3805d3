// `npm run check`: types, lint, import rules, unused exports and duplicates (every script `check:…`), side by side.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));

function run(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ script, code, output }));
  });
}

const checks = Object.keys(scripts).filter((name) => name.startsWith('check:'));
const results = await Promise.all(checks.map(run));
for (const { script, code, output } of results) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${script}`);
  if (code !== 0) console.log(output);
}
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);
