/** A span of time, milliseconds of `performance.now()`. */
export interface Span {
  readonly stage: string;
  readonly start: number;
  readonly end: number;
}

/** Notes when what was called began and ended. */
export interface Stopwatch {
  readonly spans: Span[];
  /** The same object with its asynchronous methods timed, each under a stage's name. */
  watch<T extends object>(object: T, stages: Readonly<Partial<Record<keyof T, string>>>): T;
}

/** Starts with nothing noted. */
export function stopwatch(): Stopwatch {
  const spans: Span[] = [];
  return {
    spans,
    watch: (object, stages) =>
      new Proxy(object, {
        get(target, name) {
          const value = Reflect.get(target, name, target) as unknown;
          const stage = stages[name as keyof typeof object];
          if (typeof value !== 'function' || stage === undefined) {
            return typeof value === 'function' ? value.bind(target) : value;
          }
          return async (...args: readonly unknown[]) => {
            const start = performance.now();
            try {
              return await value.apply(target, args);
            } finally {
              spans.push({ stage, start, end: performance.now() });
            }
          };
        },
      }),
  };
}

/** How long any of these spans covers between two times, overlaps counted once. */
export function covered(spans: readonly Span[], from: number, to: number): number {
  const inside = spans
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);
  let total = 0;
  let until = from;
  for (const { start, end } of inside) {
    if (end > until) total += end - Math.max(start, until);
    until = Math.max(until, end);
  }
  return total;
}
