import type { Address, Hash, Hex } from '../../core/units.ts';

/** The block that a builder is about to mine, as far as it is known beforehand. */
export interface BlockToBuild {
  readonly number: bigint;
  /** The timestamp that the block will carry; simulations run at it. */
  readonly timestampSeconds: number;
  readonly baseFeePerGasWei: bigint;
  readonly gasLimit: bigint;
  /** Raw transactions that the builder will put in front: what the pool hands out is simulated on top of them. */
  readonly precedingTransactions?: readonly Hex[];
}

/** A block that was mined. */
export interface MinedBlock {
  readonly number: bigint;
  readonly transactionHashes: readonly Hash[];
}

/**
 * Transactions that were entrusted to a relay, seen by whoever builds blocks. One block is built like this:
 *
 * 1. `await pool.takeForBlock(block)`, as late as possible before mining;
 * 2. the returned bytes are sent with `eth_sendRawTransaction`, in order (anvil keeps the order with `--order fifo`),
 *    at once followed by mining a block with the announced number and timestamp;
 * 3. `await pool.onBlockMined(mined)`.
 *
 * Between 1 and 3 the transactions that were handed out may stand in the node's pool without counting as leaked; at any
 * other time they count. Neither method throws when the node does not answer: nothing is handed out then.
 */
export interface PrivatePool {
  /** What belongs into this block, in order; each was simulated on the newest state under geth's and the relay's rules. */
  takeForBlock(block: BlockToBuild): Promise<readonly Hex[]>;
  /** Closes the building moment: books what was included, forgets what is past its last block. */
  onBlockMined(block: MinedBlock): Promise<void>;
}

/** A transaction that was entrusted to the relay and yet seen in public before the relay's builder included it. */
export interface PublicSighting {
  readonly transactionHash: Hash;
  /** `pool`: in the node's transaction pool; `block`: mined by somebody whom the relay had not given it. */
  readonly seenIn: 'pool' | 'block';
  /** Height of the chain when it was seen. */
  readonly blockNumber: bigint;
}

/** What a relay can do wrong. `include: true` means that the transactions are taken nevertheless. */
export type Misbehaviour =
  /** Answers as if accepted and forgets the transactions: they are never included. */
  | { readonly kind: 'drop' }
  /** Accepts, but includes nothing before this many blocks later; a bundle misses its target block. */
  | { readonly kind: 'delay'; readonly blocks: number }
  /** Accepts, and includes this many blocks after the last block that the sender allowed. */
  | { readonly kind: 'includeLate'; readonly blocks: number }
  /** Answers a JSON-RPC error. */
  | { readonly kind: 'refuse'; readonly code?: number; readonly message?: string; readonly include?: boolean }
  /** Answers an HTTP status (500 unless said otherwise) with a body that is no JSON. */
  | { readonly kind: 'serverError'; readonly status?: number; readonly include?: boolean }
  /** Never answers; the connection is closed after this long (60,000 ms unless said otherwise). */
  | { readonly kind: 'hang'; readonly milliseconds?: number; readonly include?: boolean }
  /** Answers 200 with a truncated JSON text. */
  | { readonly kind: 'garbage'; readonly include?: boolean }
  /** Closes the connection without an answer. */
  | { readonly kind: 'disconnect'; readonly include?: boolean };

/** Which requests a misbehaviour applies to. */
export interface MisbehaviourScope {
  /** How many matching requests; every one until `behave()` unless said otherwise. */
  readonly times?: number;
  /** JSON-RPC methods; those that hand over transactions unless said otherwise. */
  readonly methods?: readonly string[];
}

/** What bounds the relay, whatever it is sent. */
export interface DevRelayLimits {
  readonly maxBodyBytes: number;
  /** Transactions held at once, a bundle's counted one by one. */
  readonly maxStoredTransactions: number;
  /** Bytes of all transactions held at once. */
  readonly maxStoredBytes: number;
  readonly maxConnections: number;
}

/** How to start a dev relay. */
export interface DevRelayOptions {
  /** JSON-RPC of the local node; anything but loopback is refused. */
  readonly rpcUrl: string;
  /**
   * Where nobody else builds blocks: the relay turns automine and interval mining off and mines a block itself every so
   * many seconds, with its transactions in it. Absent: it waits to be driven through `pool` or `buildBlock`.
   */
  readonly buildEverySeconds?: number;
  /** How often the public pool is looked at; 200 ms unless said otherwise. */
  readonly watchEveryMilliseconds?: number;
  readonly limits?: Partial<DevRelayLimits>;
  /** Who controls the express lane at `/timeboost`; nobody where absent. */
  readonly expressLane?: ExpressLane;
}

/** An express lane as it is auctioned on Arbitrum: rounds of a fixed length, each with one controller. */
export interface ExpressLane {
  readonly controller: Address;
  readonly auctionContract: Address;
  /** When round 0 began, in Unix seconds. */
  readonly firstRoundSeconds: number;
  readonly roundSeconds: number;
}

/** A bundle or private transaction that was left out of a block. */
export interface SkippedEntry {
  /** Bundle hash, or the private transaction's hash. */
  readonly hash: Hash;
  readonly blockNumber: bigint;
  readonly reason: string;
}

/** What the relay has seen and done so far. */
export interface DevRelayStatus {
  readonly storedTransactions: number;
  readonly requests: number;
  readonly wrongSignatures: number;
  readonly includedTransactions: number;
  readonly publicMempoolSightings: number;
  /** Looks at the public pool that failed; while above zero, sightings may be missing from the count. */
  readonly failedLooks: number;
}

/** A private relay on this machine. */
export interface DevRelay {
  /** Where it listens, on 127.0.0.1. */
  readonly url: string;
  readonly pool: PrivatePool;
  /** Transactions entrusted to it and seen in public before its builder included them, each counted once. */
  readonly publicMempoolSightings: number;
  /** Looks at the public pool once more, then lists every sighting. */
  sightings(): Promise<readonly PublicSighting[]>;
  /** What was lately left out of a block that it could have been in, and why; newest last. */
  skips(): readonly SkippedEntry[];
  status(): DevRelayStatus;
  /** Misbehaves from the next matching request on; several are used up in the order in which they were given. */
  misbehave(misbehaviour: Misbehaviour, scope?: MisbehaviourScope): void;
  /** Forgets every misbehaviour asked for. */
  behave(): void;
  /**
   * Mines one block with the private transactions that belong into it, at the node's own time unless told otherwise.
   *
   * @returns the block's number and transactions
   * @throws DevnetError when the node does not answer or does not mine
   */
  buildBlock(timestampSeconds?: number): Promise<MinedBlock>;
  /** Stops building, watching and listening; open requests are closed. */
  stop(): Promise<void>;
}

/** A signed transaction, taken apart. Legacy gas prices stand in both caps. */
export interface SignedTransaction {
  readonly raw: Hex;
  readonly hash: Hash;
  readonly sender: Address;
  readonly nonce: number;
  readonly to: Address;
  readonly data: Hex;
  readonly valueWei: bigint;
  readonly gasLimit: bigint;
  readonly feeCapWei: bigint;
  readonly tipCapWei: bigint;
  readonly accessList: readonly { readonly address: Address; readonly storageKeys: readonly Hash[] }[];
}

/** What is held for a sender: a bundle, or a private transaction as a bundle of one. */
export interface PoolEntry {
  readonly kind: 'bundle' | 'privateTransaction';
  /** Who signed the request. */
  readonly identity: Address;
  /** Bundle hash, or the private transaction's hash. */
  readonly hash: Hash;
  readonly transactions: readonly SignedTransaction[];
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly minTimestampSeconds: number | null;
  readonly maxTimestampSeconds: number | null;
  /** Transactions that may revert without the bundle being dropped. */
  readonly mayRevert: ReadonlySet<string>;
  readonly replacementUuid: string | null;
}

/** An express lane with the sequence numbers of its round. */
export interface Lane {
  readonly terms: ExpressLane | null;
  /** @throws RelayRefusalError when the number was used up or comes too early */
  useSequence(round: bigint, sequence: bigint): void;
}
