import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startServer, stopProcess } from './server-process.ts';

export interface RedisServer {
  url: string;
  port: number;
  pid: number;
  /** Kills the server, and starts it again after a while on the same port and folder. */
  restart(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Redis as BullMQ needs it in production: noeviction and an append-only file, in a folder of its own. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'soundalike-redis-'));
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    appendfsync: 'everysec',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  let child = await startServer('redis-server', args, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid!,
    async restart(downMs) {
      await stopProcess(child, 'SIGKILL');
      await sleep(downMs);
      child = await startServer('redis-server', args, port);
    },
    async stop() {
      await stopProcess(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
