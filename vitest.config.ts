import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Ends what hangs, and nothing that is merely slow: a machine may stand still for a minute. */
const HANGS_AFTER_MS = 300_000;

interface Manner {
  /** false = files of a worker share their modules: for what keeps no state, since loading takes longest there. */
  readonly isolate?: boolean;
}

const project = (name: string, include: readonly string[], { isolate = true }: Manner = {}) => ({
  // Examples import the package by its name, as whoever installs it does.
  resolve: { alias: { ballast: fileURLToPath(new URL('./src/index.ts', import.meta.url)) } },
  test: {
    name,
    include: [...include],
    setupFiles: ['test/support/propertySeed.ts'],
    testTimeout: HANGS_AFTER_MS,
    hookTimeout: HANGS_AFTER_MS,
    pool: 'forks' as const,
    isolate,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    teardownTimeout: HANGS_AFTER_MS,
    projects: [
      project('architecture', ['test/architecture/**/*.test.ts']),
      project('unit', ['test/unit/**/*.test.ts'], { isolate: false }),
      project('simulation', ['test/simulation/**/*.test.ts']),
      project('chain', ['test/{conformance,parity,fork,faults}/**/*.test.ts'], { isolate: false }),
      project('browser', ['test/browser/**/*.test.ts']),
      project('package', ['test/package/**/*.test.ts']),
    ],
  },
});
