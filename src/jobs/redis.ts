import { Redis } from 'ioredis';
import { messageOf, SoundalikeError } from '../errors.ts';
import { redactCredentials } from '../redact.ts';

const CONNECT_TIMEOUT_MS = 3_000;

/**
 * Connects to Redis. The first connection must succeed at once, so that a wrong address is told to the user;
 * a connection lost later is tried again for ever (1 to 20 s apart), as BullMQ's workers need it.
 *
 * @throws SoundalikeError QUEUE_UNREACHABLE
 */
export async function connectRedis(url: string, onError: (error: Error) => void): Promise<Redis> {
  let connected = false;
  let lastError: Error | undefined;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected ? Math.max(Math.min(Math.exp(times), 20_000), 1_000) : null),
  });
  redis.on('error', (error) => {
    lastError = error;
    if (connected) onError(error);
  });
  try {
    await redis.connect();
    await redis.ping();
    connected = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new SoundalikeError(
      'QUEUE_UNREACHABLE',
      `no Redis answers at ${redactCredentials(url)} (${messageOf(lastError ?? error)}): start it, or correct QUEUE_URL, or unset it for the embedded queue`,
      { cause: error },
    );
  }
}

/** What the doctor asks of a Redis. */
export async function redisFacts(redis: Redis): Promise<{ version: string; evictionPolicy: string }> {
  const field = (info: string, name: string) =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? 'unknown';
  return {
    version: field(await redis.info('server'), 'redis_version'),
    evictionPolicy: field(await redis.info('memory'), 'maxmemory_policy'),
  };
}
