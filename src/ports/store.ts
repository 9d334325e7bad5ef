import type { Decision, Order } from '../core/decision.ts';
import type { ExecutionRecord } from '../core/execution/record.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Address, Hash, Hex } from '../core/units.ts';
import type { Fill } from './account.ts';
import type { ConfigSchema } from './config.ts';
import type { Memory } from './protocol.ts';
import type { RelayAnswer } from './relay.ts';

/** A decision with all that it looked at; `snapshot` is null only where reading itself failed. */
export interface DecisionRecord {
  readonly vault: string;
  readonly policy: string;
  readonly recordedAtSeconds: number;
  readonly blockNumber: bigint;
  readonly snapshot: Snapshot | null;
  readonly decision: Decision;
}

/** A decision as the journal gives it back. */
export interface StoredDecision extends DecisionRecord {
  /** `d-17`. */
  readonly id: string;
}

/** A decision as lists and charts need it: at most with the small parts of its snapshot, without positions and pools. */
export interface DecisionHead extends Omit<StoredDecision, 'snapshot'> {
  /** Null where there is no snapshot, since reading itself failed, or where nobody asked for them. */
  readonly facts: {
    readonly block: Snapshot['chain']['block'];
    readonly volatility: Snapshot['observed']['volatility'];
    readonly nativePriceQuote: number;
  } | null;
}

/** A row of the journal that does not match its checksum: kept, never believed. */
export interface CorruptHead {
  readonly id: string;
  readonly corrupt: string;
}

/** Which decisions of a vault: the newest before one, or the oldest after one, by number; the newest of all where neither. */
export interface HeadPage {
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
  /** Whether the small parts of the snapshots are wanted; a page without them is read several times faster. */
  readonly withFacts?: boolean;
}

/** A signed transaction, journaled before anybody else sees it. */
export interface SignedAttempt {
  readonly transactionHash: Hash;
  readonly rawTransaction: Hex;
  readonly nonce: number;
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
  /** First and last block in which it may be included; the last is the same for all attempts of an order. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /** The rung of the ladder that it was signed for, from 0; absent for the first. */
  readonly rung?: number;
}

/** What can happen to an order, in the words of the journal. Append-only: the state is the fold of the events. */
export type OrderEvent =
  /** Signed, the first time or for a later rung: then with the same nonce, to outbid what was signed before. */
  | { readonly kind: 'signed'; readonly attempt: SignedAttempt }
  | {
      readonly kind: 'answered';
      readonly transactionHash: Hash;
      readonly relay: string;
      readonly answer: RelayAnswer;
    }
  /** In a canonical block and succeeded. */
  | { readonly kind: 'filled'; readonly fill: Fill }
  /** In a canonical block and failed: gas spent, nothing traded. */
  | {
      readonly kind: 'reverted';
      readonly transactionHash: Hash;
      readonly blockNumber: bigint;
      readonly blockHash: Hash;
      readonly gasUsed: bigint;
      readonly gasPaidWei: bigint;
    }
  /** Its nonce was given to something more urgent: nothing of it is handed out any more, but it may still execute. */
  | { readonly kind: 'replaced'; readonly by: string }
  /** The block that held it is no longer canonical: back to unknown. */
  | { readonly kind: 'reorged'; readonly blockHash: Hash }
  /** Its deadline passed, or another transaction took its nonce or its sequence: it can no longer execute. */
  | {
      readonly kind: 'expired';
      readonly why: 'deadline' | 'nonceUsed' | 'sequenceUsed';
      /** The head that showed it: where this block leaves the chain, so does the evidence. */
      readonly atBlock: bigint;
      readonly atBlockHash: Hash;
    }
  /** Nothing was handed to anybody and nothing will be. */
  | { readonly kind: 'abandoned'; readonly why: string }
  /** Shadow: filled on paper at the plan's own price. */
  | {
      readonly kind: 'paper';
      readonly baseRaw: bigint;
      readonly quoteRaw: bigint;
      readonly blockNumber: bigint;
    }
  /** The block that decided it is final: absorbing. */
  | { readonly kind: 'final'; readonly blockNumber: bigint };

/** Kinds of event after which nothing can happen to an order any more. */
export const closingEventKinds = [
  'abandoned',
  'paper',
  'final',
] as const satisfies readonly OrderEvent['kind'][];

/** An event with the time it was written. */
export interface StoredOrderEvent {
  readonly event: OrderEvent;
  readonly recordedAtSeconds: number;
}

/** An order when it is decided, before anything is signed. */
export interface OrderRecord {
  /** `vault#sequence.attempt`: unique. */
  readonly id: string;
  readonly vault: string;
  readonly chainId: number;
  readonly signer: Address;
  readonly decisionId: string;
  readonly decidedAtBlock: bigint;
  readonly decidedAtSeconds: number;
  readonly order: Order;
  /** Gas the plan counted with, in quote. */
  readonly plannedGasQuote: number;
  /** How much it could not wait when it was decided, from 0; absent where it was not measured. */
  readonly urgency?: number;
}

/** An order with everything that happened to it, oldest first. */
export interface OrderHistory {
  readonly record: OrderRecord;
  readonly events: readonly StoredOrderEvent[];
}

/** Why a nonce is filled with a transaction that does nothing: a gap that later ones wait for, or an order that is stuck. */
export type FillerReason = 'gap' | 'stuck';

/** A transaction of the keeper's own that only uses a nonce up, signed and journaled before anybody else sees it. */
export interface FillerRecord {
  /** `chain:signer:nonce.attempt`: unique. */
  readonly id: string;
  readonly chainId: number;
  readonly signer: Address;
  readonly why: FillerReason;
  readonly signedAtBlock: bigint;
  readonly attempt: SignedAttempt;
}

/** What can happen to a filler. */
export type FillerEvent =
  | Extract<OrderEvent, { kind: 'answered' }>
  /** Its nonce is used for good, by itself or by something else. */
  | { readonly kind: 'closed'; readonly blockNumber: bigint };

/** An event of a filler with the time it was written. */
export interface StoredFillerEvent {
  readonly event: FillerEvent;
  readonly recordedAtSeconds: number;
}

/** A filler with everything that happened to it, oldest first. */
export interface FillerHistory {
  readonly record: FillerRecord;
  readonly events: readonly StoredFillerEvent[];
}

/** How often a vault decided something for a reason. */
export interface DecisionCount {
  readonly kind: string;
  readonly code: string;
  readonly count: number;
}

/**
 * The journal: append-only, and durable when a promise resolves (it survives the process and the power going away); of a
 * decision with its order see {@link Store.recordDecision}.
 * Every method throws JournalError when the store cannot be read or written, and JournalCorruptError when what it holds
 * fails its checksum.
 */
export interface Store {
  /**
   * Writes a decision, and with it the order that it leads to: both or neither. With an order it may survive the power going
   * away only together with the next write: nothing of an order leaves the process before its signed bytes are written.
   *
   * @param orderOf makes the order of the decision's id; absent where the decision places nothing
   * @returns the decision's id
   */
  recordDecision(record: DecisionRecord, orderOf?: (decisionId: string) => OrderRecord): Promise<string>;
  /**
   * Does ahead, while something else is waited for, what recording a decision takes: it may write what the decision looked
   * at, which is nothing until a decision names it. Absent where that saves nothing.
   */
  prepare?(snapshot: Snapshot, decision: Decision): Promise<void>;
  appendEvent(orderId: string, event: OrderEvent, recordedAtSeconds: number): Promise<void>;
  /** Orders of a vault without a closing event, oldest first: those that the chain may still change. */
  unsettledOrders(vault: string): Promise<readonly OrderHistory[]>;
  /** Unsettled orders of every vault that share a signer on a chain: what its nonces are promised to. */
  unsettledOrdersOfSigner(chainId: number, signer: Address): Promise<readonly OrderHistory[]>;
  recordFiller(record: FillerRecord): Promise<void>;
  appendFillerEvent(fillerId: string, event: FillerEvent, recordedAtSeconds: number): Promise<void>;
  /** Fillers of a signer on a chain that are not closed, oldest first. */
  openFillers(chainId: number, signer: Address): Promise<readonly FillerHistory[]>;
  /** Newest first. */
  orders(vault: string, limit: number): Promise<readonly OrderHistory[]>;
  order(id: string): Promise<OrderHistory | null>;
  /** Newest first. */
  decisions(vault: string, limit: number): Promise<readonly StoredDecision[]>;
  decision(id: string): Promise<StoredDecision | null>;
  /**
   * A page of decisions by key, without positions and pools: newest first, or oldest first with `after`. A row that fails its
   * checksum does not spoil its page. Absent where a store has nothing faster than {@link decisions}.
   */
  decisionHeads?(vault: string, page: HeadPage): Promise<readonly (DecisionHead | CorruptHead)[]>;
  /** How many decisions of a vault there are, by kind and reason; absent where a store cannot count without reading all. */
  decisionCounts?(vault: string): Promise<readonly DecisionCount[]>;
  /** Keeps what is known of a fill by now; the newest that was kept of an order counts. */
  recordExecution(record: ExecutionRecord): Promise<void>;
  /** What is known of the fills of these orders, in their order; null where nothing is. */
  executions(orderIds: readonly string[]): Promise<readonly (ExecutionRecord | null)[]>;
  /** What a plug-in remembered under a key; undefined where nothing or where it was lost. */
  recall(vault: string, key: string): Promise<Memory>;
  /** {@link recall} of many keys of a vault together, in their order; absent where it is no cheaper than one by one. */
  recallMany?(vault: string, keys: readonly string[]): Promise<readonly Memory[]>;
  remember(vault: string, key: string, memory: Memory): Promise<void>;
  vaults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** One kind of store. */
export interface StoreKind<C = unknown> {
  readonly summary: string;
  readonly config: ConfigSchema<C>;
  /** Small config that shows how it is named. */
  readonly sample?: C;
  /** @throws JournalError */
  open(config: C): Promise<Store>;
}
