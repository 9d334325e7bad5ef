import type { BallastError } from '../core/errors.ts';
import type { Read } from '../core/read.ts';
import type { BlockFacts } from '../core/snapshot.ts';
import type { Address, Hash, Hex } from '../core/units.ts';

/** A value or the error that stood in its way; one failing part does not fail its neighbours. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: BallastError };

/** A log as a receipt carries it. */
export interface EventLog {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

/** What the chain says happened to a transaction, in the block that it is in now. */
export interface Receipt {
  readonly transactionHash: Hash;
  readonly blockNumber: bigint;
  readonly blockHash: Hash;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly effectiveGasPriceWei: bigint;
  /** What publishing its data cost beside its gas, on chains that charge it apart; absent elsewhere. */
  readonly dataFeeWei?: bigint;
  readonly logs: readonly EventLog[];
}

/** A transaction not yet priced or signed. */
export interface TransactionIntent {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly valueWei: bigint;
}

/** What a transaction would do on top of a block. */
export type Simulation =
  | { readonly ok: true; readonly gasUsed: bigint; readonly returnData: Hex }
  /** `reason` is decoded where the contract's errors are known. */
  | { readonly ok: false; readonly reason: string; readonly data: Hex };

/** A chain, read: everything but handing it transactions, which relays do. */
export interface Chain {
  readonly chainId: number;
  /** The newest block. @throws ChainUnavailableError */
  head(): Promise<BlockFacts>;
  /** The canonical block at a height, null where there is none yet. */
  blockAt(number: bigint): Promise<BlockFacts | null>;
  /**
   * Runs many reads together, pinned to one block hash: every round of all of them is one parallel batch. A read whose
   * decoding fails gives an error of its own; the batch itself failing gives every read an error.
   */
  read<T>(reads: readonly Read<T>[], at: BlockFacts): Promise<readonly Outcome<T>[]>;
  /** Transactions of an account that are in the chain up to `at`: its next nonce. */
  confirmedNonce(account: Address, at: BlockFacts): Promise<number>;
  balanceWei(account: Address, at: BlockFacts): Promise<bigint>;
  /**
   * Null while the transaction is in no canonical block.
   *
   * @param within a block that may hold it, to be looked through where a node has no index of transactions
   */
  receipt(hash: Hash, within?: BlockFacts): Promise<Receipt | null>;
  /** The newest block that the chain itself calls final; null where it names none. Absent where nobody can tell. */
  finalized?(): Promise<BlockFacts | null>;
  /** Base fees of recent blocks, wei, the newest last; absent where nobody can tell. */
  recentBaseFeesWei?(blocks: number): Promise<readonly bigint[]>;
  /**
   * Calls `wake` when a node announces a new head, as a hint to look; it may come early, twice or never. Absent where
   * nobody announces. Gives what ends it.
   */
  onHead?(wake: () => void): () => void;
  /** A tip that recent blocks paid. */
  suggestedTipWei(): Promise<bigint>;
  simulate(transaction: TransactionIntent, at: BlockFacts): Promise<Simulation>;
}
