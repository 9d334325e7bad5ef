import type { ErrorFacts } from '../core/errors.ts';

/** Time, as the engine is given it. */
export interface Clock {
  /** Unix seconds, with fraction. */
  nowSeconds(): number;
  /** Resolves after the given milliseconds, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Structured log; the implementation redacts secrets. */
export interface Log {
  debug(facts: ErrorFacts, message: string): void;
  info(facts: ErrorFacts, message: string): void;
  warn(facts: ErrorFacts, message: string): void;
  error(facts: ErrorFacts, message: string): void;
}

/** Counters and gauges by name and label. */
export interface Metrics {
  count(name: string, labels: Readonly<Record<string, string>>, by?: number): void;
  gauge(name: string, labels: Readonly<Record<string, string>>, value: number): void;
}

/** Tells people; must never throw and never block a hedge. */
export interface Alert {
  send(severity: 'info' | 'warning' | 'critical', title: string, facts: ErrorFacts): void;
}
