// A run on four "hosts" of one machine, one of which loses its network for a minute: a network namespace each, joined by
// a bridge. Redis and MongoDB on the first, a worker on the second and the third, the dashboard on the fourth.
// Needs root, iproute2, redis-server, curl, and mongod or Go for FerretDB.
// Usage: npm run build && npx tsx infra/several-hosts.ts [seconds without a network]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunStatus } from '../src/jobs/run-status.ts';
import { outcomeOf } from '../test/support/outcome.ts';
import { realClips } from '../test/support/real-clips.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const FERRETDB_BUILD = fileURLToPath(new URL('ferretdb/build.sh', import.meta.url));

const away = Number(process.argv[2] ?? 60);
/** Of each clip so many, for a run that outlasts the fault. */
const COPIES = 30;
const PORTS = { redis: 6379, mongo: 27017, dashboard: 3000 };
const HOSTS = ['data', 'worker-1', 'worker-2', 'dashboard'] as const;
type Host = (typeof HOSTS)[number];

const prefix = `sl${process.pid}`;
const namespace = (host: Host | 'switch') => `${prefix}-${host}`;
const addressOf = (host: Host) => `10.77.0.${1 + HOSTS.indexOf(host)}`;
const port = (host: Host) => `port-${HOSTS.indexOf(host)}`;
const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8', stdio: 'pipe' });

const started = Date.now();
const tell = (text: string) =>
  process.stdout.write(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${text}\n`);

function connectHosts(): void {
  ip('netns', 'add', namespace('switch'));
  ip('-n', namespace('switch'), 'link', 'add', 'bridge', 'type', 'bridge');
  ip('-n', namespace('switch'), 'link', 'set', 'bridge', 'up');
  for (const host of HOSTS) {
    ip('netns', 'add', namespace(host));
    const peer = ['peer', 'name', port(host), 'netns', namespace('switch')];
    ip('-n', namespace(host), 'link', 'add', 'eth0', 'type', 'veth', ...peer);
    ip('-n', namespace('switch'), 'link', 'set', port(host), 'master', 'bridge', 'up');
    ip('-n', namespace(host), 'address', 'add', `${addressOf(host)}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-n', namespace(host), 'link', 'set', device, 'up');
  }
}

/** As if somebody pulled the cable at the switch. */
const setCable = (host: Host, state: 'up' | 'down') =>
  ip('-n', namespace('switch'), 'link', 'set', port(host), state);

const processes: ChildProcess[] = [];

function start(host: Host, command: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', namespace(host), command, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: 'ignore',
  });
  processes.push(child);
  return child;
}

const curl = (host: Host, url: string) =>
  execFileSync('ip', ['netns', 'exec', namespace(host), 'curl', '-sf', '--max-time', '20', url], {
    encoding: 'utf8',
  });

async function until(what: string, seconds: number, holds: () => boolean): Promise<void> {
  const [begun, deadline] = [Date.now(), Date.now() + seconds * 1_000];
  for (;;) {
    try {
      if (holds()) break;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(500);
  }
  tell(`${what} (after ${((Date.now() - begun) / 1_000).toFixed(0)} s)`);
}

const folder = await mkdtemp(join(tmpdir(), 'soundalike-hosts-'));
try {
  const clips = await realClips();
  const music = join(folder, 'music');
  await mkdir(music);
  const names = (await readdir(clips)).filter((name) => name.endsWith('.mp3'));
  for (const name of names) {
    for (let copy = 0; copy < COPIES; copy++) {
      const [from, to] = [join(clips, name), join(music, `${copy}-${name}`)];
      await link(from, to).catch(() => copyFile(from, to));
    }
  }
  connectHosts();
  const [data, files] = [addressOf('data'), join(folder, 'servers')];
  await mkdir(files);
  const redis = { port: String(PORTS.redis), bind: data, dir: files, 'protected-mode': 'no' };
  start(
    'data',
    'redis-server',
    Object.entries(redis).flatMap(([name, value]) => [`--${name}`, value]),
  );
  const ferretdb = execFileSync('sh', [FERRETDB_BUILD], { encoding: 'utf8' }).trim();
  const mongo = [`--sqlite-url=file:${files}/?_pragma=synchronous(0)`, `--state-dir=${files}`];
  start('data', ferretdb, [
    ...['--handler=sqlite', ...mongo, `--listen-addr=${data}:${PORTS.mongo}`],
    ...['--debug-addr=-', '--telemetry=disable'],
  ]);
  const env = {
    DATA_DIR: join(folder, 'data'),
    QUEUE_URL: `redis://${data}:${PORTS.redis}`,
    MONGODB_URL: `mongodb://${data}:${PORTS.mongo}/hosts`,
    CONCURRENCY: '1',
    LOCK_SECONDS: '5',
  };
  await sleep(2_000);
  const enqueue = ['netns', 'exec', namespace('data'), process.execPath, MAIN, 'enqueue', music];
  const run = execFileSync('ip', enqueue, { encoding: 'utf8', env: { ...process.env, ...env } }).trim();
  for (const host of ['worker-1', 'worker-2'] as const) start(host, process.execPath, [MAIN, 'worker'], env);
  start('dashboard', process.execPath, [MAIN, 'dashboard', '--port', String(PORTS.dashboard)], env);
  const status = (): RunStatus =>
    JSON.parse(curl('dashboard', `http://127.0.0.1:${PORTS.dashboard}/api/runs/${run}`));
  const done = () => status().stages.find(({ stage }) => stage === 'extract')!.done;
  const workers = () => status().workers.length;

  await until('two workers, and the first partitions are done', 60, () => workers() === 2 && done() > 4);
  setCable('worker-1', 'down');
  tell('the cable of worker-1 is pulled');
  const [pulled, before] = [Date.now(), done()];
  await until('the page shows one worker', 40, () => workers() === 1);
  await until('the other worker goes on', 40, () => done() > before + 5);
  await sleep(Math.max(0, pulled + away * 1_000 - Date.now()));
  setCable('worker-1', 'up');
  tell('the cable of worker-1 is back');
  const begun = done();
  await until('the page shows two workers', 180, () => workers() === 2);
  tell(`${done() - begun} partitions later`);
  await until('the run is done', 600, () => status().state === 'done');
  const { tracks, workers: living } = status();
  tell(`${JSON.stringify(tracks)}, ${living.length} workers`);

  const calm = join(folder, 'calm');
  execFileSync(process.execPath, [MAIN, 'run', music, '--data', calm], { stdio: 'ignore' });
  const [outcome, expected] = [await outcomeOf(env.DATA_DIR, run), await outcomeOf(calm, run)];
  if (JSON.stringify(outcome) !== JSON.stringify(expected)) throw new Error('the bytes are other ones');
  tell('manifests, shards and index have the bytes of an undisturbed run');
} finally {
  for (const child of processes) child.kill('SIGTERM');
  await Promise.all(
    processes.map((child) => child.exitCode ?? new Promise((end) => child.once('exit', end))),
  );
  for (const host of ['switch', ...HOSTS] as const) {
    try {
      ip('netns', 'delete', namespace(host));
    } catch {
      // It was not made.
    }
  }
  await rm(folder, { recursive: true });
}
