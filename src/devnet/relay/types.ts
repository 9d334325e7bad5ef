import type { Hash, Hex } from '../../core/units.ts';

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
