import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { temporaryFolder } from './support/temporary.ts';

describe('readConfig', () => {
  it('needs nothing to be set', () => {
    expect(readConfig({})).toMatchObject({
      DATA_DIR: resolve('data'),
      CONCURRENCY: availableParallelism(),
      HOST: '127.0.0.1',
    });
    expect(readConfig({}).QUEUE_URL).toBeUndefined();
  });

  it('takes a flag before the environment, and an empty variable for none', () => {
    expect(readConfig({ PORT: '4000' }, { PORT: 5000 }).PORT).toBe(5000);
    expect(readConfig({ PORT: '4000' }, { PORT: undefined }).PORT).toBe(4000);
    expect(readConfig({ QUEUE_URL: '', PORT: '' })).toMatchObject({ PORT: 3000 });
  });

  it.each([
    { QUEUE_URL: 'redis://user:secret@queue:6379/2' },
    { QUEUE_URL: 'rediss://queue' },
    { MONGODB_URL: 'mongodb://a:27017,b:27017/soundalike?replicaSet=rs' },
    { MONGODB_URL: 'mongodb+srv://cluster.example/soundalike' },
    { TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, fd00::/8, 192.0.2.1' },
  ])('takes %o', (environment) => {
    expect(readConfig(environment)).toMatchObject(environment);
  });

  it.each([
    { QUEUE_URL: 'queue:6379' },
    { QUEUE_URL: 'mongodb://queue' },
    { MONGODB_URL: 'mongodb://' },
    { CONCURRENCY: '0' },
    { PORT: '70000' },
    { QUEUE_PREFIX: 'a:b' },
    { LOG_LEVEL: 'loud' },
    { ADMIN_PASSWORD: 'too short' },
    { ADMIN_PASSWORD_HASH: 'correct horse battery' },
    { API_TOKENS: 'a-token-itself' },
    { API_TOKENS: `radio:${'a'.repeat(64)},robot:short` },
    { LOGINS_PER_MINUTE: '0' },
    { TRUSTED_PROXIES: 'true' },
    { TRUSTED_PROXIES: '10.0.0.0/33' },
    { TRUSTED_PROXIES: 'loopback,' },
    { ADMIN_PASSWORD_FILE: '/no/such/file' },
  ])('refuses %o and names the variable', (environment) => {
    expect(() => readConfig(environment)).toThrow(Object.keys(environment)[0]!);
  });
});

describe('secrets', () => {
  it('may lie in a file, whose last line break is none of them', async () => {
    const file = join(await temporaryFolder(), 'password');
    await writeFile(file, 'correct horse battery\n');
    expect(readConfig({ ADMIN_PASSWORD_FILE: file }).ADMIN_PASSWORD).toBe('correct horse battery');
    const both = { ADMIN_PASSWORD_FILE: file, ADMIN_PASSWORD: 'another password' };
    expect(() => readConfig(both)).toThrow('both set');
  });

  it('may be several tokens, one a line', async () => {
    const file = join(await temporaryFolder(), 'tokens');
    const [radio, robot] = ['a'.repeat(64), 'b'.repeat(64)];
    await writeFile(file, `radio:${radio}\nrobot:${robot}\n`);
    expect(readConfig({ API_TOKENS_FILE: file }).API_TOKENS).toEqual([
      { name: 'radio', hash: radio },
      { name: 'robot', hash: robot },
    ]);
  });

  it('stand in no message', () => {
    const password = 'x'.repeat(201);
    expect(() => readConfig({ ADMIN_PASSWORD: password })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(password) }),
    );
  });
});
