import type { Order } from '../core/decision.ts';
import type { Read } from '../core/read.ts';
import type { GuardState, Holdings, VaultTerms } from '../core/snapshot.ts';
import type { Address, Hash, Hex } from '../core/units.ts';
import type { Receipt, TransactionIntent } from './chain.ts';
import type { ConfigSchema } from './config.ts';
import type { ReadContext, Verification } from './protocol.ts';

/** What an account owns freely and what it is allowed, at one block. */
export interface AccountState {
  readonly holdings: Holdings;
  readonly guard: GuardState;
}

/** What the chain says an order did. */
export interface Fill {
  readonly transactionHash: Hash;
  readonly blockNumber: bigint;
  readonly blockHash: Hash;
  readonly side: 'sell' | 'buy';
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  readonly gasUsed: bigint;
  readonly gasPaidWei: bigint;
}

/** What the simulation of an order says that it would do. */
export interface SimulatedFill {
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
}

/**
 * What keeps an order from executing beside its replacement. `enforced`: the chain takes each number once. `counted`: the
 * chain tells how many orders there were, but takes any; the key's nonce is all that binds.
 */
export type OrderSequence = 'enforced' | 'counted';

/** How a vault acts on chain. */
export interface Account<C = unknown> {
  readonly summary: string;
  readonly verified: Verification;
  readonly config: ConfigSchema<C>;
  /** @default 'enforced' */
  readonly sequence?: OrderSequence;
  /** Whether it may act on a chain of this machine only, since nothing on chain holds it to anything. @default false */
  readonly rehearsalOnly?: boolean;
  /** Reads holdings and guard for the given keeper (zero address where nobody can sign). */
  read(config: C, context: ReadContext, keeper: Address): Read<AccountState>;
  /** The transaction that carries an order. */
  encode(config: C, vault: VaultTerms, order: Order, keeper: Address): TransactionIntent;
  /** Reads the fill out of a successful receipt. @throws CorruptDataError when the receipt does not carry the order */
  fill(config: C, vault: VaultTerms, order: Order, receipt: Receipt): Fill;
  /**
   * Reads what an order would do out of its simulation's return data; absent where an order returns nothing.
   *
   * @throws CorruptDataError when the data are something else
   */
  simulatedFill?(config: C, returnData: Hex): SimulatedFill;
  readonly sample: C;
}

/** Declares an account plug-in; the export's name is its `kind` in the config. */
export function defineAccount<C>(account: Account<C>): Account<C> {
  return account;
}

/** An account with its config filled in. */
export interface BoundAccount {
  readonly kind: string;
  /** @default 'enforced' */
  readonly sequence?: OrderSequence;
  read(context: ReadContext, keeper: Address): Read<AccountState>;
  encode(vault: VaultTerms, order: Order, keeper: Address): TransactionIntent;
  fill(vault: VaultTerms, order: Order, receipt: Receipt): Fill;
  /** Absent where an order returns nothing. @throws CorruptDataError when the data are something else */
  readonly simulatedFill?: (returnData: Hex) => SimulatedFill;
}
