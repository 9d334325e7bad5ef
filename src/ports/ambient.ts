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

/** How much an alert matters. */
export type AlertSeverity = 'info' | 'warning' | 'critical';

/** What people can be told of. */
export type AlertRule =
  /** A vault is halted. */
  | 'halted'
  /** A vault may not trade although somebody runs its keeper. */
  | 'disarmed'
  /** Net delta stays beyond the level at which the policy trades. */
  | 'beyondBand'
  /** An order is open beyond its deadline. */
  | 'orderOverdue'
  /** A hedge failed on chain. */
  | 'reverted'
  /** Nothing was decided for several turns. */
  | 'silent'
  /** Decisions are not journaled. */
  | 'journal'
  /** The price is near the end of its heartbeat. */
  | 'oracle'
  /** A key has little gas money. */
  | 'gasMoney'
  /** An endpoint of the chain is left out. */
  | 'endpoint'
  /** A nonce was filled with a transaction that does nothing. */
  | 'filler'
  /** Something that the journal does not know used a key. */
  | 'foreignTransaction'
  /** An order's nonce and sequence were used, and the node has no receipt of it. */
  | 'unexplained';

/** What an alert is about, so that it is told once, and that its end is told too. */
export interface AlertTopic {
  readonly rule: AlertRule;
  /** The vault, key or endpoint that it happened to. */
  readonly subject: string;
  /** It is over. */
  readonly isOver?: boolean;
}

/** Tells people; must never throw and never block a hedge. */
export interface Alert {
  send(severity: AlertSeverity, title: string, facts: ErrorFacts, topic: AlertTopic): void;
}
