import type { Hash, Hex } from '../core/units.ts';
import type { Clock } from './ambient.ts';
import type { ConfigSchema } from './config.ts';
import type { SecretSource, Signer } from './signer.ts';

/** A signed transaction on its way to block builders. */
export interface Submission {
  readonly rawTransaction: Hex;
  readonly transactionHash: Hash;
  /** First and last block in which it may be included. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /**
   * Why it must not leave any more, null while it may: asked before every try, since leave can be taken back while one waits.
   * Must answer at once and never throw. Absent where nobody can take it back.
   */
  readonly refusal?: () => string | null;
}

/**
 * What a relay said. `refused` means that it will certainly not pass the bytes on; anything less certain (a timeout, a
 * broken answer, "already known") is `unknown`, and only the chain settles it.
 */
export interface RelayAnswer {
  readonly status: 'accepted' | 'refused' | 'unknown' | 'withheld';
  /** The relay's own words, without secrets. */
  readonly detail: string;
  /** True where it says nothing about the bytes: no answer, a broken one, or a relay that is overloaded. */
  readonly isRelayFault?: true;
  /** Why nothing was handed over this time, where nothing was: the guard in front of the relay held it back. */
  readonly heldBack?: 'breakerOpen' | 'rateLimit';
}

/** What a relay says about a transaction it was given; advice, never proof: only a receipt proves inclusion. */
export interface RelayAdvice {
  readonly status: 'pending' | 'included' | 'failed' | 'cancelled' | 'unknown';
  /** The relay's own words, without secrets. */
  readonly detail: string;
}

/** What a relay says a transaction would do in its first block, on the newest state; advice, never proof. */
export type RelaySimulation =
  | { readonly status: 'succeeds'; readonly gasUsed: bigint }
  | { readonly status: 'reverts'; readonly detail: string }
  /** It could not be in a block at all: nonce, funds or fee. */
  | { readonly status: 'impossible'; readonly detail: string }
  | { readonly status: 'unknown'; readonly detail: string };

/** A way to hand over a signed transaction. It sends once and says what it was told; retries are the engine's. */
export interface Relay {
  readonly name: string;
  /** False when what it is given becomes visible in the public mempool. */
  readonly isPrivate: boolean;
  /** True when every address it talks to is on this machine. */
  readonly isLoopback: boolean;
  /** Never throws: a fault is an `unknown` answer. */
  submit(submission: Submission): Promise<RelayAnswer>;
  /** Simulates without including, where the relay can. Never throws. */
  readonly simulate?: (submission: Submission) => Promise<RelaySimulation>;
  /**
   * Asks to take back what was handed over, where the relay takes such a request: `accepted` says that it took it. Never
   * proof: whoever was given the bytes meanwhile keeps them. Never throws.
   */
  readonly cancel?: (submission: Submission) => Promise<RelayAnswer>;
  /** Asks what became of a transaction, where the relay says so. Never throws. */
  readonly advise?: (submission: Submission) => Promise<RelayAdvice>;
}

/** What a relay plug-in is given to work with. */
export interface RelayTools {
  /** Signs relay requests; never the key that signs transactions. Null where the config names none. */
  readonly identity: Signer | null;
  readonly fetch: typeof globalThis.fetch;
  /** Where a kind finds a secret that its config names. */
  readonly secrets?: SecretSource;
  /** What a kind that counts rounds tells the time by. */
  readonly clock?: Clock;
}

/** One kind of relay. */
export interface RelayKind<C = unknown> {
  readonly summary: string;
  readonly config: ConfigSchema<C>;
  /** @throws BallastError when the config cannot work, for example a missing identity */
  open(name: string, config: C, tools: RelayTools): Relay;
  readonly sample: C;
}

/** Declares a relay plug-in; the export's name is its `kind` in the config. */
export function defineRelay<C>(relay: RelayKind<C>): RelayKind<C> {
  return relay;
}
