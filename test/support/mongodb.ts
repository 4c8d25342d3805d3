import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MongoBinary } from 'mongodb-memory-server-core';
import { freePort, startServer, stopProcess } from './server-process.ts';

const run = promisify(execFile);

const FERRETDB_BUILD = new URL('../../infra/ferretdb/build.sh', import.meta.url).pathname;

/** Where a download does not start, there is no way out, and FerretDB takes its place. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

export interface MongoServer {
  /** With a database of its own, new for each call. */
  url: string;
  /** Kills the server, and starts it again after a while on the same port and folder; not that of `MONGODB_URL`. */
  restart: ((downMs: number) => Promise<void>) | null;
  stop(): Promise<void>;
}

type Start = (folder: string, port: number) => { command: string; args: string[] };

const startMongod =
  (command: string): Start =>
  (folder, port) => ({
    command,
    args: ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
  });

const startFerretdb =
  (command: string): Start =>
  (folder, port) => ({
    command,
    args: [
      '--handler=sqlite',
      `--sqlite-url=file:${folder}/?_pragma=synchronous(0)`,
      `--state-dir=${folder}`,
      `--listen-addr=127.0.0.1:${port}`,
      '--debug-addr=-',
      '--telemetry=disable',
    ],
  });

function onPath(command: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}

async function downloadMongod(): Promise<string | null> {
  // Without a network each further try would cost seconds.
  process.env.MONGOMS_MAX_RETRIES ??= '1';
  const download = MongoBinary.getPath();
  // A download that is given up goes on and fails later, when nobody listens any more.
  download.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DOWNLOAD_TIMEOUT_MS);
  });
  try {
    return await Promise.race([download, timeout]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** A real mongod wherever one can be had; else FerretDB, which is built once (a minute) and then kept. */
async function chooseServer(): Promise<Start> {
  const mongod = onPath('mongod') ?? (await downloadMongod());
  if (mongod) return startMongod(mongod);
  const { stdout } = await run('sh', [FERRETDB_BUILD]);
  return startFerretdb(stdout.trim());
}

/**
 * A MongoDB server for tests: the one of `MONGODB_URL` if that is set; else `mongod` from the PATH; else a
 * download of it; else FerretDB.
 */
export async function startMongo(): Promise<MongoServer> {
  const database = `soundalike_test_${randomBytes(6).toString('hex')}`;
  const { MONGODB_URL } = process.env;
  if (MONGODB_URL) {
    const url = new URL(MONGODB_URL);
    url.pathname = `/${database}`;
    return { url: url.toString(), restart: null, stop: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'soundalike-mongo-'));
  const port = await freePort();
  const { command, args } = (await chooseServer())(folder, port);
  let child = await startServer(command, args, port);
  return {
    url: `mongodb://127.0.0.1:${port}/${database}`,
    async restart(downMs) {
      await stopProcess(child, 'SIGKILL');
      await sleep(downMs);
      child = await startServer(command, args, port);
    },
    async stop() {
      await stopProcess(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
