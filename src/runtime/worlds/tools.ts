import type { VaultSetup, World } from '../../engine/world.ts';
import type { Alert, Clock, Log, Metrics } from '../../ports/ambient.ts';
import type { SecretSource } from '../../ports/signer.ts';
import type { Build } from '../build.ts';
import { systemClock } from '../clock.ts';
import type { ObserveRequest } from '../configuredChain.ts';
import type { Redactor } from '../log/redact.ts';
import { type Registry, registry } from '../registry.ts';
import { systemSecrets } from '../secrets.ts';

/** What worlds are made from; given in, so that a test sees every key that is read and every address that is asked. */
export interface WorldTools {
  readonly registry: Registry;
  /** Variables that `${NAME}` in a config is filled in from. */
  readonly environment: (name: string) => string | undefined;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: typeof globalThis.fetch;
  /** Once aborted, nothing new is signed or sent. */
  readonly stop: AbortSignal | null;
  /** Who tells people; the log unless given. A fork never has one. */
  readonly alert?: Alert;
  /** Told of every request to an endpoint of the chain. */
  readonly observeRequest?: ObserveRequest;
  /** Which program arming is held against; the one that runs unless given. */
  readonly build?: Build;
}

/** A world with the vaults that live in it. */
export interface OpenWorld {
  readonly mode: 'live' | 'shadow' | 'fork';
  readonly world: World;
  readonly vaults: readonly VaultSetup[];
  /** Ends everything that opening it started. */
  close(): Promise<void>;
}

/** Tools that reach the real machine. */
export function systemTools(log: Log, redactor: Redactor, stop: AbortSignal | null): WorldTools {
  return {
    registry,
    environment: (name) => process.env[name],
    secrets: systemSecrets(redactor),
    clock: systemClock,
    log,
    fetch: globalThis.fetch,
    stop,
  };
}

/** Metrics that nobody collects. */
export const noMetrics: Metrics = { count: () => {}, gauge: () => {} };

/** Alerts that end up in the log. */
export function alertsToLog(log: Log): Alert {
  return {
    send: (severity, title, facts) =>
      severity === 'info' ? log.info(facts, title) : log.warn({ severity, ...facts }, title),
  };
}
