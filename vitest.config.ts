import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    // Two cores: each file with real servers starts several processes of its own.
    maxWorkers: 2,
  },
});
