const WARM_UP = 200;
const RUNS = 301;

/** Milliseconds that a function takes, the median of 301 runs after 200 that do not count. */
export function medianMs(run: () => unknown): number {
  for (let n = 0; n < WARM_UP; n += 1) run();
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[(RUNS - 1) / 2] as number;
}
