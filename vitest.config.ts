import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A guard against hangs, not a measure: a machine that does other things takes several times as long as one at rest.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    // Two cores: each file with real servers starts several processes of its own.
    maxWorkers: 2,
  },
});
