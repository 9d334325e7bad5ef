import type { EndpointHealth, LastingAlert } from '../runtime/keeper/keeperHealth.ts';
import type { RelayScore } from '../runtime/relayScores.ts';

/** Whether a vault may trade off this machine. */
export interface ArmingRow {
  readonly vault: string;
  readonly standing: string;
  readonly why: string;
}

/** What the keeper stands on. */
export interface SystemDocument {
  readonly build: readonly { readonly name: string; readonly value: string }[];
  readonly keeper: readonly { readonly name: string; readonly value: string }[];
  /** Of each vault of the config; empty where there is none. */
  readonly arming: readonly ArmingRow[];
  readonly journal: readonly { readonly name: string; readonly value: string }[];
  readonly chain: {
    readonly id: number | null;
    readonly head: { readonly blockNumber: string; readonly atSeconds: number } | null;
    readonly why: string | null;
  };
  readonly endpoints: readonly {
    readonly name: string;
    readonly url: string;
    readonly roles: string;
    /** Null where no keeper stands beside the page: nobody else knows. */
    readonly health: EndpointHealth | null;
  }[];
  /** How long an endpoint is left out before it is looked at again; null where there is no config. */
  readonly probationSeconds: number | null;
  /** What halts a vault until somebody resumes it, and how it was resumed last. */
  readonly halts: readonly {
    readonly vault: string;
    readonly halt: { readonly code: string; readonly why: string; readonly sinceSeconds: number } | null;
    readonly resumed: {
      readonly by: string;
      readonly reason: string;
      readonly atSeconds: number;
    } | null;
  }[];
  readonly channels: readonly {
    readonly name: string;
    readonly kind: string;
    readonly tells: string;
    /** Null where no keeper stands beside the page. */
    readonly failures: number | null;
    readonly lastFailureAtSeconds: number | null;
  }[];
  /** What people were told of and is not over; null where no keeper stands beside the page. */
  readonly lasting: readonly LastingAlert[] | null;
  /** Metrics and heartbeat. */
  readonly operations: readonly { readonly name: string; readonly value: string }[];
  readonly relays: readonly (RelayScore & { readonly kind: string })[];
  readonly vaults: readonly {
    readonly name: string;
    readonly policy: string;
    readonly limits: readonly { readonly name: string; readonly value: string }[];
  }[];
}
