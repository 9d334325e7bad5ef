import type { AlertRule, AlertSeverity } from './ambient.ts';
import type { ConfigSchema } from './config.ts';
import type { SecretSource } from './signer.ts';

/** What people are told: redacted already. */
export interface AlertMessage {
  readonly rule: AlertRule;
  /** The vault, key or endpoint that it is about. */
  readonly subject: string;
  readonly severity: AlertSeverity;
  readonly status: 'raised' | 'recovered';
  readonly title: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly atSeconds: number;
  /** Which keeper says so: its chain and mode. */
  readonly source: string;
  /** How often it was raised meanwhile without being told. */
  readonly unsaid: number;
}

/** A way to tell people. */
export interface AlertChannel {
  /**
   * Tells them once; trying again is the runtime's.
   *
   * @throws where it was not taken, with words that hold no secret
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}

/** What a channel plug-in is given to work with. */
export interface AlertTools {
  readonly fetch: typeof globalThis.fetch;
  readonly secrets: SecretSource;
}

/** One kind of channel. */
export interface AlertKind<C = unknown> {
  readonly summary: string;
  readonly config: ConfigSchema<C>;
  /** @throws BallastError where a secret that the config names is not there */
  open(config: C, tools: AlertTools): AlertChannel;
  readonly sample: C;
}

/** Declares a channel plug-in; the export's name is its `kind` in the config. */
export function defineAlert<C>(alert: AlertKind<C>): AlertKind<C> {
  return alert;
}
