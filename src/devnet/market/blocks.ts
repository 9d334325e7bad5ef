import { keccak256 } from 'viem';
import { BallastError, messageOf } from '../../core/errors.ts';
import type { Hash, Hex } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';
import type { AnvilNode } from '../node/node.ts';
import type { BlockToBuild, PrivatePool } from '../relay/types.ts';

/** What one block shall hold. */
export interface BlockRequest {
  /** Raw signed transactions, in order; they go in whatever they do, also when they revert. */
  readonly rawTransactions?: readonly Hex[];
  /** Time of the block. @default the previous block's + `blockSeconds` */
  readonly timestampSeconds?: number;
  /** @default the builder's, see {@link BlockBuilder.setBaseFee} */
  readonly baseFeeWei?: bigint;
  /** Whether the market's transactions or the private ones come first. @default 'marketFirst' */
  readonly order?: 'marketFirst' | 'privateFirst';
}

/** A block that was built. */
export interface BuiltBlock {
  readonly number: bigint;
  readonly hash: Hash;
  readonly timestampSeconds: number;
  readonly baseFeeWei: bigint;
  readonly gasUsed: bigint;
  /** Everything in it, in order, also what came through the node's own pool. */
  readonly transactionHashes: readonly Hash[];
  /** What the node would not take, with its words. */
  readonly refused: readonly { readonly hash: Hash; readonly reason: string }[];
}

/** Gives the market's transactions for a block, in order; they see the state that the previous block left. */
export type MarketTransactions = (block: BlockToBuild) => Promise<readonly Hex[]>;

/** The rhythm of a chain and its price of inclusion. */
export interface BlockBuilderOptions {
  /** Seconds between blocks. */
  readonly blockSeconds: number;
  readonly baseFeeWei: bigint;
}

interface MinedBlock {
  readonly number: Hex;
  readonly hash: Hash;
  readonly timestamp: Hex;
  readonly baseFeePerGas: Hex;
  readonly gasUsed: Hex;
  readonly transactions: readonly Hash[];
}

/**
 * Builds blocks on an anvil that mines only when told: the market's transactions, then what private pools hand out (or
 * the other way round), at a time and a base fee that were fixed beforehand. Blocks are built one after the other,
 * whoever asks.
 */
export class BlockBuilder {
  readonly #node: AnvilNode;
  readonly #options: BlockBuilderOptions;
  readonly #pools = new Set<PrivatePool>();
  #baseFeeWei: bigint;
  #last: Promise<unknown> = Promise.resolve();

  constructor(node: AnvilNode, options: BlockBuilderOptions) {
    this.#node = node;
    this.#options = options;
    this.#baseFeeWei = options.baseFeeWei;
  }

  /** The base fee of the next block, unless its request says otherwise. */
  get baseFeeWei(): bigint {
    return this.#baseFeeWei;
  }

  /** The base fee of every block from here on; on this chain it does not follow demand. */
  setBaseFee(baseFeeWei: bigint): void {
    this.#baseFeeWei = baseFeeWei;
  }

  /** Asks this pool for transactions at every block from here on. @returns a function that ends it */
  addPrivatePool(pool: PrivatePool): () => void {
    this.#pools.add(pool);
    return () => this.#pools.delete(pool);
  }

  /**
   * Builds the next block.
   *
   * @throws DevnetError when the node does not mine it
   */
  build(request: BlockRequest = {}, market: MarketTransactions = async () => []): Promise<BuiltBlock> {
    const built = this.#last.then(() => this.#build(request, market));
    this.#last = built.catch(() => {});
    return built;
  }

  async #build(request: BlockRequest, market: MarketTransactions): Promise<BuiltBlock> {
    const block = await this.#plan(request);
    const marketRaw = await market(block);
    const given = request.rawTransactions ?? [];
    const preceding = request.order === 'privateFirst' ? given : [...marketRaw, ...given];
    const pooled = await this.#takeFromPools({ ...block, precedingTransactions: preceding });
    const ordered = [...preceding, ...pooled, ...(request.order === 'privateFirst' ? marketRaw : [])];

    await this.#node.request('anvil_setNextBlockBaseFeePerGas', [block.baseFeePerGasWei]);
    const refused = await this.#send(ordered);
    await this.#node.request('evm_mine', [BigInt(block.timestampSeconds)]);
    const mined = await this.#node.request<MinedBlock>('eth_getBlockByNumber', [block.number, false]);
    if (mined === null) throw new DevnetError(`block ${block.number} was not mined`, { retryable: true });
    await this.#tellPools(block.number, mined.transactions);
    return {
      number: block.number,
      hash: mined.hash,
      timestampSeconds: Number(mined.timestamp),
      baseFeeWei: BigInt(mined.baseFeePerGas),
      gasUsed: BigInt(mined.gasUsed),
      transactionHashes: mined.transactions,
      refused,
    };
  }

  async #plan(request: BlockRequest): Promise<BlockToBuild> {
    const head = await this.#node.head();
    return {
      number: head.number + 1n,
      timestampSeconds: request.timestampSeconds ?? head.timestampSeconds + this.#options.blockSeconds,
      baseFeePerGasWei: request.baseFeeWei ?? this.#baseFeeWei,
      gasLimit: head.gasLimit,
    };
  }

  /** One pool after the other: each sees what the ones before it put in. */
  async #takeFromPools(block: BlockToBuild): Promise<Hex[]> {
    const taken: Hex[] = [];
    for (const pool of this.#pools) {
      const preceding = [...(block.precedingTransactions ?? []), ...taken];
      taken.push(...(await pool.takeForBlock({ ...block, precedingTransactions: preceding })));
    }
    return taken;
  }

  async #tellPools(number: bigint, transactionHashes: readonly Hash[]): Promise<void> {
    for (const pool of this.#pools) await pool.onBlockMined({ number, transactionHashes });
  }

  /** In order, since the node keeps the order in which they arrive; a refusal is reported, and stops nothing. */
  async #send(rawTransactions: readonly Hex[]): Promise<BuiltBlock['refused']> {
    const refused: { hash: Hash; reason: string }[] = [];
    for (const raw of rawTransactions) {
      try {
        await this.#node.request('eth_sendRawTransaction', [raw]);
      } catch (error) {
        if (error instanceof BallastError && error.retryable) throw error;
        refused.push({ hash: keccak256(raw), reason: messageOf(error) });
      }
    }
    return refused;
  }
}
