import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { PRESETS, type PresetName } from './audio/descriptors.ts';
import { ADMIN_PASSWORD_LENGTH, PASSWORD_HASH, readNamedHash } from './credentials/password.ts';
import { API_TOKEN, readApiToken } from './credentials/token.ts';
import { messageOf, SoundalikeError } from './errors.ts';

/** The address of a server. A replica set's names several hosts, which is no URL, so the scheme and a host decide. */
const address = (...schemes: string[]) =>
  z.string().regex(new RegExp(`^(${schemes.join('|').replaceAll('+', '\\+')})://[^/\\s]+`), {
    error: `must be an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

/** A limit of a client that asks too often, met at once by as many and then by one more every 60/n seconds. */
const perMinute = (count: number) => z.coerce.number().int().min(1).max(1_000_000).default(count);

/** As Express's `trust proxy` takes it. */
function isProxy(name: string): boolean {
  const [address = '', bits = '0', ...more] = name.split('/');
  const known = ['loopback', 'linklocal', 'uniquelocal'].includes(name) || isIP(address) !== 0;
  return (
    known && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128) && more.length === 0
  );
}

/** Every setting that an environment variable can give. docs/configuration.md is generated from it. */
export const configSchema = z.object({
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .transform((path) => resolve(path))
    .describe(
      'Folder of runs, shards, manifests and the index. On several machines: one folder that all of them mount.',
    ),
  QUEUE_URL: address('redis', 'rediss')
    .optional()
    .describe('Redis of the job queue. Without it the queue is embedded in this process, below DATA_DIR.'),
  MONGODB_URL: address('mongodb', 'mongodb+srv')
    .optional()
    .describe(
      'MongoDB of the documents, with the database in the path. Without it they are embedded, below DATA_DIR.',
    ),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .default('soundalike')
    .describe('Prefix of the queue keys, for several installations on one Redis.'),
  CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(availableParallelism())
    .describe('Forked processors of a worker. Default: the number of cores.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address the dashboard listens on.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe('Port of the dashboard; 0 takes a free one.'),
  TRUSTED_PROXIES: z
    .string()
    .refine((list) => list.split(/ *, */).every(isProxy), {
      error: 'must be addresses or networks like 10.0.0.0/8, or `loopback`, with commas between them',
    })
    .optional()
    .describe(
      'Addresses of the servers in front of the dashboard, by commas, or `loopback`: what they say of the client and of https counts.',
    ),
  ADMIN_PASSWORD: z
    .string()
    .min(ADMIN_PASSWORD_LENGTH.least)
    .max(ADMIN_PASSWORD_LENGTH.most)
    .optional()
    .describe('Password of the administrator, at least 12 characters. Without it nobody can log in.'),
  ADMIN_PASSWORD_HASH: z
    .string()
    .regex(PASSWORD_HASH, { error: 'must be what `soundalike password` prints' })
    .optional()
    .describe('The same as a hash, which `soundalike password` makes, so that the password is nowhere.'),
  LISTENERS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .pipe(
      z.array(
        z.string().transform((listener, context) => {
          const named = readNamedHash(listener);
          if (named) return named;
          context.addIssue('must be `name:` and what `soundalike password` prints');
          return z.NEVER;
        }),
      ),
    )
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
      error: 'must name each listener once',
    })
    .default([])
    .describe(
      'Listeners who log in, as `name:hash` by commas or lines; `soundalike password` makes a hash. They may use the player wherever it is served, and nothing else.',
    ),
  API_TOKENS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.string().regex(API_TOKEN, { error: 'must be what `soundalike token` prints' })))
    .transform((list) => list.map(readApiToken))
    .default([])
    .describe(
      'Tokens of programs as `name:hash`, which `soundalike token` makes, by commas or lines. A program may do what the administrator may.',
    ),
  SUBSONIC_USERS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.string().regex(/^[\w.-]{1,50}:.{12,200}$/, { error: 'must be `name:password`' })))
    .transform((list) =>
      list.map((user) => {
        const end = user.indexOf(':');
        return { name: user.slice(0, end), password: user.slice(end + 1) };
      }),
    )
    .default([])
    .describe(
      'Users of players that speak OpenSubsonic (docs/subsonic.md), as `name:password` with at least 12 characters, by commas or lines. Without any, such players are served to this machine alone, under every password.',
    ),
  LOGINS_PER_MINUTE: perMinute(10).describe(
    'Passwords that one client may try; ten times as many all together.',
  ),
  SEARCHES_PER_MINUTE: perMinute(600).describe('Searches, lists and neighbours that one client may ask for.'),
  UPLOADS_PER_MINUTE: perMinute(10).describe('Files that one client may send.'),
  UPLOAD_MAX_MEGABYTES: z.coerce
    .number()
    .positive()
    .max(2000)
    .default(50)
    .describe('Largest file that a visitor may send to hear what sounds like it, in 1,000,000 bytes.'),
  UPLOAD_MAX_SECONDS: z.coerce
    .number()
    .positive()
    .default(1800)
    .describe('Longest audio that such a file may decode to.'),
  UPLOAD_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .max(300)
    .default(60)
    .describe('Wall-clock limit of the analysis of such a file.'),
  SEARCH_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(32)
    .default(Math.min(8, availableParallelism()))
    .describe('Threads that search for the dashboard. Default: the number of cores, 8 at most.'),
  PRESET: z
    .enum(Object.keys(PRESETS) as PresetName[])
    .default('default')
    .describe('Descriptors of a new run (docs/features.md). Part of the run: another value is another run.'),
  WINDOW: z
    .string()
    .regex(/^(full|middle:[1-9]\d*)$/, { error: 'must be full or middle:<seconds>' })
    .default('full')
    .describe('What is analysed of a track: `full`, or `middle:60` for its middle 60 s. Part of the run.'),
  DECODER: z
    .enum(['wasm', 'ffmpeg'])
    .default('wasm')
    .describe(
      '`ffmpeg` has the ffmpeg on the PATH decode the tracks of a new run, for formats that no decoder of this program reads. Every worker then needs the same version of it. Part of the run.',
    ),
  MAX_TRACK_SECONDS: z.coerce
    .number()
    .positive()
    .default(43_200)
    .describe('Longer audio becomes a failure row. Part of the run: another value is another run.'),
  TRACK_TIMEOUT_SECONDS: z.coerce
    .number()
    .positive()
    .default(300)
    .describe(
      'Wall-clock limit of one track for each 100 MB that its file begins; beyond it the track becomes a failure row.',
    ),
  LOCK_SECONDS: z.coerce
    .number()
    .min(2)
    .default(30)
    .describe(
      'Time after which a job of a worker that died is given to another one, and between two comparisons of queue and data folder.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('warn')
    .describe('Least level that is logged, to stderr.'),
});

export type Config = z.infer<typeof configSchema>;

/** Settings that may also lie in a file, which the variable with `_FILE` behind its name then names. */
export const SECRETS = [
  'ADMIN_PASSWORD',
  'ADMIN_PASSWORD_HASH',
  'LISTENERS',
  'API_TOKENS',
  'SUBSONIC_USERS',
] as const satisfies (keyof Config)[];

/**
 * Reads the settings from the environment, once, at start.
 *
 * @param overrides Flags of the command line, named as their variables; undefined ones are passed over.
 * @throws SoundalikeError CONFIG_INVALID, naming every bad value at once.
 */
export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  overrides: Partial<Record<keyof Config, unknown>> = {},
): Config {
  const given: Record<string, unknown> = readSecretFiles(environment);
  for (const name of Object.keys(configSchema.shape)) {
    const value = overrides[name as keyof Config] ?? environment[name];
    // An empty variable counts as not set: compose files pass unset variables as empty strings.
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SoundalikeError('CONFIG_INVALID', `settings that cannot be used: ${faults.join('; ')}`);
}

/** Secrets mounted as files, as Docker and Kubernetes do it: no other process of the user sees them as variables. */
function readSecretFiles(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const secrets: Record<string, unknown> = {};
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`];
    if (!path) continue;
    if (environment[name]) {
      throw new SoundalikeError('CONFIG_INVALID', `${name} and ${name}_FILE are both set: keep one of them`);
    }
    try {
      // Editors and `echo` end a file with a line break, which is no part of the secret.
      secrets[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      throw new SoundalikeError('CONFIG_INVALID', `${name}_FILE cannot be read (${messageOf(cause)})`, {
        cause,
      });
    }
  }
  return secrets;
}
