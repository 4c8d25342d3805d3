// The pictures of the README and of docs/, taken from the real pages of a real run. Needs Chromium and ffmpeg.
// Usage: npm run build && npx tsx infra/pictures.ts SOURCE [METADATA]
import { execFileSync, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
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
    // WebGL without a graphics card, for the map.
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
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
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.goto(`${address}/`);
  const frames: string[] = [];
  const frame = async (): Promise<void> => {
    // Until what was asked for is drawn.
    await page.waitForTimeout(1_500);
    frames.push(join(dataDir, `frame-${frames.length}.png`));
    await page.screenshot({ path: frames.at(-1)! });
  };
  const view = (name: string) => page.locator(`button[data-view="${name}"]`).click();
  await page.locator('#library .track').first().click();
  await page.locator('#neighbours .track').first().waitFor();
  await frame();
  await page.locator('input[value="rhythm"]').check();
  await frame();
  await page.locator('#library').getByRole('button', { name: /^Like/ }).nth(2).click();
  await view('for-you');
  await frame();
  await view('map');
  await frame();
  await view('path');
  await page.locator('#path input').fill('a');
  await page.locator('#path [data-part="offers"] .track').last().click();
  await page.locator('#path [data-part="tracks"] .track').first().waitFor();
  await frame();
  await copyFile(frames[3]!, join(IMAGES, 'player.png'));
  const pictures = frames.flatMap((path) => ['-loop', '1', '-t', '2.5', '-i', path]);
  const encode = ['-filter_complex', `concat=n=${frames.length},fps=2`, '-loop', '0', '-quality', '75'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...pictures, ...encode, join(IMAGES, 'tour.webp')]);
} finally {
  await browser.close();
  child.kill('SIGTERM');
  await new Promise((resolve) => child.on('close', resolve));
  await rm(dataDir, { recursive: true, force: true });
}
