// The pictures of the README and of docs/, taken from the real pages of a real run.
// Usage: npm run build && npx tsx infra/pictures.ts SOURCE [METADATA]
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));

const [source, metadata] = process.argv.slice(2);
if (!source) {
  console.error('Usage: npx tsx infra/pictures.ts SOURCE [METADATA]');
  process.exit(2);
}

const dataDir = await mkdtemp(join(tmpdir(), 'soundalike-pictures-'));
const args = ['run', source, ...(metadata ? ['--metadata', metadata] : []), '--serve', '--port', '0'];
const child = spawn(process.execPath, [MAIN, ...args, '--data', dataDir], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
let output = '';
child.stderr.on('data', (text) => {
  output += text;
});

async function saw(pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const match = pattern.exec(output);
    if (match) return match;
    if (child.exitCode !== null) throw new Error(`the run ended without ${pattern}: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--mute-audio',
  ],
});
try {
  await mkdir(IMAGES, { recursive: true });
  const [, address] = await saw(/dashboard: (http:\/\/\S+)/);
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });

  await saw(/(3|4|5|6)\d %/);
  await page.goto(`${address}/runs`);
  await page.locator('main a').first().click();
  await page.locator('#stages li').first().waitFor();
  await page.screenshot({ path: join(IMAGES, 'run-page.png') });

  await saw(/is done/);
  await page.goto(`${address}/`);
  await page.locator('#library ol li button').first().click();
  await page.locator('#neighbours ol li').first().waitFor();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(IMAGES, 'player.png') });
} finally {
  await browser.close();
  child.kill('SIGTERM');
  await new Promise((resolve) => child.on('close', resolve));
  await rm(dataDir, { recursive: true, force: true });
}
