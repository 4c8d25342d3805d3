import { access, constants, mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { messageOf } from '../errors.ts';
import { connectRedis, redisFacts } from '../jobs/redis.ts';
import { redactCredentials } from '../redact.ts';
import { openMongodbDocuments } from '../store/documents-mongodb.ts';
import { dataOption, jsonOption } from './options.ts';

interface Finding {
  check: string;
  ok: boolean;
  found: string;
  /** What to do about it, where something is to be done. */
  advice: string | null;
}

const LEAST_NODE = [20, 19] as const;

/** Redis 6.2 is what BullMQ recommends as the least (its documentation, "Going to production"). */
const LEAST_REDIS = [6, 2] as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  QUEUE_URL=redis://queue:6379 soundalike doctor')
    .action(async (options: { data?: string; json?: boolean }) => {
      const config = readConfig(process.env, { DATA_DIR: options.data });
      const findings = [
        checkNode(),
        checkCores(config),
        await checkData(config),
        await checkRedis(config),
        await checkMongodb(config),
      ];
      if (options.json) process.stdout.write(`${JSON.stringify(findings)}\n`);
      else {
        for (const { check, ok, found, advice } of findings) {
          process.stdout.write(
            `${ok ? 'ok  ' : 'FAIL'}  ${check}: ${found}${advice ? `\n      ${advice}` : ''}\n`,
          );
        }
      }
      if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

function checkNode(): Finding {
  const ok = isAtLeast(process.versions.node, LEAST_NODE);
  const advice = ok ? null : `Install Node ${LEAST_NODE.join('.')} or newer.`;
  return { check: 'Node', ok, found: process.versions.node, advice };
}

function checkCores({ CONCURRENCY }: Config): Finding {
  const cores = availableParallelism();
  const advice =
    CONCURRENCY > cores ? 'More processors than cores only cost memory: lower CONCURRENCY.' : null;
  return { check: 'cores', ok: true, found: `${cores}, CONCURRENCY is ${CONCURRENCY}`, advice };
}

async function checkData({ DATA_DIR }: Config): Promise<Finding> {
  const check = 'data folder';
  try {
    await mkdir(DATA_DIR, { recursive: true });
    await access(DATA_DIR, constants.R_OK | constants.W_OK);
    return { check, ok: true, found: DATA_DIR, advice: null };
  } catch (error) {
    const advice = 'Name a folder that this user may write to, with --data or DATA_DIR.';
    return { check, ok: false, found: messageOf(error), advice };
  }
}

async function checkRedis({ QUEUE_URL }: Config): Promise<Finding> {
  const check = 'queue';
  if (!QUEUE_URL) {
    const advice = 'For several machines set QUEUE_URL=redis://… on all of them.';
    return { check, ok: true, found: 'embedded', advice };
  }
  try {
    const redis = await connectRedis(QUEUE_URL, () => {});
    const { version, evictionPolicy } = await redisFacts(redis);
    redis.disconnect();
    const found = `Redis ${version} at ${redactCredentials(QUEUE_URL)}, maxmemory-policy ${evictionPolicy}`;
    if (!isAtLeast(version, LEAST_REDIS)) {
      return { check, ok: false, found, advice: `Use Redis ${LEAST_REDIS.join('.')} or newer.` };
    }
    if (evictionPolicy !== 'noeviction') {
      const advice = 'Redis may drop jobs when memory is short: set maxmemory-policy noeviction.';
      return { check, ok: false, found, advice };
    }
    return { check, ok: true, found, advice: null };
  } catch (error) {
    return { check, ok: false, found: messageOf(error), advice: null };
  }
}

async function checkMongodb({ MONGODB_URL }: Config): Promise<Finding> {
  const check = 'documents';
  if (!MONGODB_URL) {
    const advice = 'For several machines set MONGODB_URL=mongodb://… on all of them.';
    return { check, ok: true, found: 'embedded', advice };
  }
  try {
    const documents = await openMongodbDocuments(MONGODB_URL);
    await documents.close();
    return { check, ok: true, found: `MongoDB answers at ${redactCredentials(MONGODB_URL)}`, advice: null };
  } catch (error) {
    return { check, ok: false, found: messageOf(error), advice: null };
  }
}
