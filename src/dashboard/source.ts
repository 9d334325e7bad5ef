import type { BlockFacts } from '../core/snapshot.ts';
import type { Clock, Log } from '../ports/ambient.ts';
import type { Store } from '../ports/store.ts';
import type { KeeperHealth } from '../runtime/keeper/keeperHealth.ts';
import type { Redactor } from '../runtime/log/redact.ts';
import type { ArmingRow } from './systemDocument.ts';

/** A journal that gives its decisions by page. */
export type PagedStore = Store & Required<Pick<Store, 'decisionHeads'>>;

/** What the pages say of the configured chain, relays and rules; nothing of it is a secret once it went through the redactor. */
export interface ConfigFacts {
  /** Null where there is a journal and no config. */
  readonly file: string | null;
  readonly chainId: number | null;
  readonly endpoints: readonly { readonly name: string; readonly url: string; readonly roles: string }[];
  readonly relays: readonly { readonly name: string; readonly kind: string }[];
  readonly channels: readonly { readonly name: string; readonly kind: string; readonly tells: string }[];
  /** Metrics and heartbeat, in words. */
  readonly operations: readonly { readonly name: string; readonly value: string }[];
  /** How long an endpoint is left out before it is looked at again; null where there is no config. */
  readonly probationSeconds: number | null;
  readonly journal: string;
  readonly schedule: string;
  readonly vaults: readonly VaultFacts[];
}

/** What the config says of a vault. */
export interface VaultFacts {
  readonly name: string;
  readonly policy: string;
  /** What its quote is called. */
  readonly quote: string;
  readonly limits: Readonly<Record<string, unknown>>;
}

/** The head of the chain, or why it is not known. */
export type HeadAnswer = { readonly head: BlockFacts } | { readonly why: string };

/** Everything that a dashboard shows comes from here; it writes nothing. */
export interface DashboardSource {
  /** A journal opened to be read, beside the keeper that may be writing it. */
  readonly store: PagedStore;
  readonly config: ConfigFacts;
  /** Between two decisions, as scheduled; null where no schedule is known. */
  readonly expectedSeconds: number | null;
  /** Asks the chain for its head; absent where no chain is configured. */
  readonly chainHead?: () => Promise<HeadAnswer>;
  /** Whether vaults may trade off this machine; absent where there is no config to say so. */
  readonly arming?: () => readonly ArmingRow[];
  /** What the keeper beside it knows of its surroundings; absent where none stands beside it. */
  readonly health?: () => KeeperHealth;
  /** Folder in which reports are looked for; null for none. */
  readonly reports: string | null;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
}
