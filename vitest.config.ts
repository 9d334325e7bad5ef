import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** @param isolate false = files of a worker share their modules: for what keeps no state, since loading takes longest there */
const project = (name: string, include: readonly string[], testTimeout: number, isolate = true) => ({
  // Examples import the package by its name, as whoever installs it does.
  resolve: { alias: { ballast: fileURLToPath(new URL('./src/index.ts', import.meta.url)) } },
  test: {
    name,
    include: [...include],
    testTimeout,
    hookTimeout: 60_000,
    pool: 'forks' as const,
    isolate,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('architecture', ['test/architecture/**/*.test.ts'], 20_000),
      project('unit', ['test/unit/**/*.test.ts'], 20_000, false),
      project('simulation', ['test/simulation/**/*.test.ts'], 60_000),
      project('chain', ['test/{conformance,parity,fork,faults}/**/*.test.ts'], 60_000, false),
      project('browser', ['test/browser/**/*.test.ts'], 60_000),
      project('package', ['test/package/**/*.test.ts'], 300_000),
    ],
  },
});
