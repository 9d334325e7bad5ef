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

/** Starts with nothing noted. Whoever is timed waits for the very promise that it would have waited for: timing takes part in no chain. */
export function stopwatch(): Stopwatch {
  const spans: Span[] = [];
  const timed = (work: (...args: readonly unknown[]) => Promise<unknown>, stage: string) => {
    return (...args: readonly unknown[]) => {
      const start = performance.now();
      const note = () => void spans.push({ stage, start, end: performance.now() });
      const result = work(...args);
      result.then(note, note);
      return result;
    };
  };
  return {
    spans,
    watch<T extends object>(object: T, stages: Readonly<Partial<Record<keyof T, string>>>): T {
      const methods = new Map<PropertyKey, unknown>();
      return new Proxy(object, {
        get(target, name) {
          if (methods.has(name)) return methods.get(name);
          const value = Reflect.get(target, name, target) as unknown;
          if (typeof value !== 'function') return value;
          const bound = value.bind(target);
          const stage = stages[name as keyof T];
          const method = stage === undefined ? bound : timed(bound, stage);
          methods.set(name, method);
          return method;
        },
      });
    },
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
