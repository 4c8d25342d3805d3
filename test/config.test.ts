import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

describe('readConfig', () => {
  it('needs nothing to be set', () => {
    expect(readConfig({})).toMatchObject({
      DATA_DIR: resolve('data'),
      CONCURRENCY: availableParallelism(),
      HOST: '127.0.0.1',
      ALLOW_QUEUE_ACTIONS: false,
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
  ])('refuses %o and names the variable', (environment) => {
    expect(() => readConfig(environment)).toThrow(Object.keys(environment)[0]!);
  });
});
