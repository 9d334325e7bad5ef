import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

interface Manner {
  readonly testTimeout: number;
  /** false = files of a worker share their modules: for what keeps no state, since loading takes longest there. */
  readonly isolate?: boolean;
  /** 1 where real processes, ports and clocks are a test's own: what passes at the second try only is named at the end. */
  readonly retry?: number;
}

const project = (
  name: string,
  include: readonly string[],
  { testTimeout, isolate = true, retry = 0 }: Manner,
) => ({
  // Examples import the package by its name, as whoever installs it does.
  resolve: { alias: { ballast: fileURLToPath(new URL('./src/index.ts', import.meta.url)) } },
  test: {
    name,
    include: [...include],
    setupFiles: ['test/support/propertySeed.ts'],
    testTimeout,
    hookTimeout: 60_000,
    pool: 'forks' as const,
    isolate,
    retry,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('architecture', ['test/architecture/**/*.test.ts'], { testTimeout: 20_000 }),
      project('unit', ['test/unit/**/*.test.ts'], { testTimeout: 20_000, isolate: false }),
      project('simulation', ['test/simulation/**/*.test.ts'], { testTimeout: 60_000 }),
      project('chain', ['test/{conformance,parity,fork,faults}/**/*.test.ts'], {
        testTimeout: 60_000,
        isolate: false,
        retry: 1,
      }),
      project('browser', ['test/browser/**/*.test.ts'], { testTimeout: 60_000, retry: 1 }),
      project('package', ['test/package/**/*.test.ts'], { testTimeout: 300_000, retry: 1 }),
    ],
  },
});
