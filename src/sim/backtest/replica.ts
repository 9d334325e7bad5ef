import type { LiquidityRange } from '../../core/amm/liquidityLayers.ts';
import type { ConcentratedPool } from '../../core/amm/pool.ts';
import type { Order } from '../../core/decision.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Hash } from '../../core/units.ts';
import { type MarketPath, NOT_INCLUDED } from '../market/marketPath.ts';
import { fillOrder, type SimulatedFill } from './fillOrder.ts';
import { type PoolPlan, poolOfPlan } from './poolPlan.ts';

/** Seconds from block to block. */
export const BLOCK_SECONDS = 12;
const FIRST_BLOCK = 20_000_000n;

/** A transaction in a block of the replica. */
export interface Inclusion {
  readonly hash: Hash;
  readonly order: Order;
  readonly block: bigint;
  readonly atSeconds: number;
  /** Fair price then, quote per base. */
  readonly fairPrice: number;
  readonly gasPriceWei: bigint;
  /** Null where it reverted. */
  readonly fill: SimulatedFill | null;
}

const NOTHING: readonly Inclusion[] = [];

interface Pending {
  readonly hash: Hash;
  readonly order: Order;
  readonly block: bigint;
}

/** The pools of a market at a step, held at a price. */
export type PoolsAt = (step: number, price: number) => readonly ConcentratedPool[];

/**
 * Lays described pools along a market. What was laid for a step is kept until the step after the next is asked for.
 *
 * @param own ranges of the vault in the first pool
 */
export function laidPools(
  market: MarketPath,
  plans: readonly PoolPlan[],
  own: readonly LiquidityRange[],
): PoolsAt {
  const laid = new Map<number, Map<number, readonly ConcentratedPool[]>>();
  return (step, price) => {
    const ofStep = laid.get(step) ?? new Map<number, readonly ConcentratedPool[]>();
    if (ofStep.size === 0) {
      for (const known of laid.keys()) if (known < step - 1) laid.delete(known);
      laid.set(step, ofStep);
    }
    const found = ofStep.get(price);
    if (found !== undefined) return found;
    const scale = market.depthScale[step]!;
    const pools = plans.map((plan, index) => poolOfPlan(plan, index, price, scale, index === 0 ? own : []));
    ofStep.set(price, pools);
    return pools;
  };
}

/**
 * The chain of a backtest: blocks along a market path, pools that arbitrage holds at its price, and transactions that are
 * included when the path says. It knows nothing of vaults.
 */
export class Replica {
  readonly #market: MarketPath;
  readonly #poolsAt: PoolsAt;
  #step = 0;
  #pools: readonly ConcentratedPool[];
  #pending: readonly Pending[] = [];
  readonly #included = new Map<Hash, Inclusion>();
  /** Blocks of the inclusions, in their order. */
  readonly #blocks: bigint[] = [];

  constructor(market: MarketPath, poolsAt: PoolsAt) {
    this.#market = market;
    this.#poolsAt = poolsAt;
    this.#pools = this.#poolsAt(0, market.spot[0]!);
  }

  get step(): number {
    return this.#step;
  }

  get pools(): readonly ConcentratedPool[] {
    return this.#pools;
  }

  get head(): BlockFacts {
    return this.blockAt(this.#headNumber);
  }

  get #headNumber(): bigint {
    return this.#numberAt(this.#market.timestampSeconds[this.#step]!);
  }

  /** Facts of any block up to the head; what no step looks at is filled in from the step before it. */
  blockAt(number: bigint): BlockFacts {
    const { baseFeeGwei } = this.#market;
    return {
      number,
      hash: hashOf(number),
      parentHash: hashOf(number - 1n),
      timestampSeconds: this.#secondsAt(number),
      baseFeePerGasWei: BigInt(Math.round(baseFeeGwei[this.#step]! * 1e9)),
    };
  }

  /** Transactions of the keeper that are in the chain at a block. */
  includedUpTo(block: bigint): number {
    let count = this.#blocks.length;
    while (count > 0 && this.#blocks[count - 1]! > block) count -= 1;
    return count;
  }

  inclusion(hash: Hash): Inclusion | null {
    return this.#included.get(hash) ?? null;
  }

  /** Takes a transaction; the path says in which block it will be, if in any. Told twice, it is there once. */
  submit(hash: Hash, order: Order, lastBlock: bigint): void {
    const wait = this.#market.inclusionBlocks[this.#step]!;
    const block = this.#headNumber + BigInt(wait);
    if (wait === NOT_INCLUDED || block > lastBlock) return;
    if (this.#pending.some((pending) => pending.hash === hash)) return;
    this.#pending = [...this.#pending, { hash, order, block }];
  }

  /** What an order would do on the pools as they stand. */
  tryOrder(order: Order): SimulatedFill | null {
    return fillOrder(order, this.#pools, this.#secondsAt(this.#headNumber) + BLOCK_SECONDS);
  }

  /**
   * Moves to the next step, including on the way what is due. Only the first transaction for a sequence executes.
   *
   * @param used whether a sequence was used already
   * @returns what was included, oldest first
   */
  advance(used: (sequence: bigint) => boolean): readonly Inclusion[] {
    const before = this.#step;
    this.#step += 1;
    const inclusions = this.#pending.length === 0 ? NOTHING : this.#include(before, used);
    this.#pools = this.#poolsAt(this.#step, this.#market.spot[this.#step]!);
    return inclusions;
  }

  /** Includes what is due by the present step. @param before the step that it was sent at, or a later one */
  #include(before: number, used: (sequence: bigint) => boolean): readonly Inclusion[] {
    const head = this.#headNumber;
    const due = this.#pending.filter(({ block }) => block <= head);
    this.#pending = this.#pending.filter(({ block }) => block > head);
    const taken = new Set<bigint>();
    const inclusions = due.map(({ hash, order, block }): Inclusion => {
      const atSeconds = this.#secondsAt(block);
      const fairPrice = this.#priceAt(before, atSeconds);
      const isFree = !used(order.sequence) && !taken.has(order.sequence);
      const pools = this.#poolsAt(before, fairPrice);
      const fill = isFree ? fillOrder(order, pools, atSeconds) : null;
      if (fill !== null) taken.add(order.sequence);
      const gwei = this.#market.baseFeeGwei[before]! + this.#market.tipGwei[before]!;
      return { hash, order, block, atSeconds, fairPrice, gasPriceWei: BigInt(Math.round(gwei * 1e9)), fill };
    });
    for (const inclusion of inclusions) {
      this.#included.set(inclusion.hash, inclusion);
      this.#blocks.push(inclusion.block);
    }
    return inclusions;
  }

  #numberAt(seconds: number): bigint {
    return FIRST_BLOCK + BigInt(Math.floor((seconds - this.#market.timestampSeconds[0]!) / BLOCK_SECONDS));
  }

  #secondsAt(number: bigint): number {
    return this.#market.timestampSeconds[0]! + Number(number - FIRST_BLOCK) * BLOCK_SECONDS;
  }

  /** Between two steps the price goes straight in its logarithm; across a hole it stays until the hole ends. */
  #priceAt(before: number, atSeconds: number): number {
    const { timestampSeconds, spot, afterGap } = this.#market;
    const [from, to] = [spot[before]!, spot[before + 1]!];
    if (afterGap[before + 1] === 1) return from;
    const start = timestampSeconds[before]!;
    const share = (atSeconds - start) / (timestampSeconds[before + 1]! - start);
    return from * (to / from) ** Math.min(Math.max(share, 0), 1);
  }
}

function hashOf(block: bigint): Hash {
  return `0x${block.toString(16).padStart(64, '0')}`;
}
