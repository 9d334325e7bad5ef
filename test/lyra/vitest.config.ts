import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'lyra',
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
  },
});
