import { toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { swapRouter02Abi } from '../../../abis/swapRouter02.ts';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import { priceToRatio, sqrtPriceDown } from '../../core/amm/price.ts';
import { InvalidInputError } from '../../core/errors.ts';
import type { Address, Hex } from '../../core/units.ts';
import type { DevnetAccount } from '../accounts.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { type DevnetPool, readSqrtPrice, unitsOf } from '../pools/pools.ts';
import type { BlockToBuild } from '../relay/types.ts';
import { feedAnswer } from '../seed.ts';
import { type FeedRule, feedReports } from './feedRule.ts';

/** What the market does in a block. */
export interface MarketMove {
  /** ETH price in dollars from this block on. @default as before */
  readonly price?: number;
  /** Whether arbitrage brings the pools to the market's price. @default true */
  readonly arbitrage?: boolean;
  /** Whether the feed's reporters are at work. @default true */
  readonly feed?: boolean;
}

/** A feed that the market's reporters serve. */
export interface MarketFeed {
  /** Its aggregator, of our own code: anybody may transmit to it. */
  readonly aggregator: Address;
  readonly rule: FeedRule;
  /** What it reports: the market's price of ETH, or a dollar token that stays a dollar. */
  readonly reports: 'eth' | 'dollar';
}

/** The swaps that bring a pool to a price of ETH in dollars; none where it stands there. */
export type Arbitrage = (price: number) => Promise<readonly Call[]>;

/** What a market works with. */
export interface MarketOptions {
  readonly node: AnvilNode;
  readonly chainId: number;
  /** Those that follow the market. */
  readonly pools: readonly DevnetPool[];
  readonly feeds: readonly MarketFeed[];
  /** Uniswap's SwapRouter02. */
  readonly router: Address;
  /** What it takes to bring pools of other kinds to a price of ETH in dollars. @default none */
  readonly others?: readonly Arbitrage[];
  readonly startPrice: number;
  /** Has both tokens of every pool, and has approved the router. */
  readonly arbitrageur: DevnetAccount;
  readonly reporter: DevnetAccount;
}

/** More than any pool takes: the price limit ends the swap. */
const MORE_THAN_ENOUGH = 1n << 120n;
/** The market pays what it takes to be in the next block. */
const TIP_WEI = 1_000_000_000n;
const REPORT_GAS = 200_000n;
/** Set aside on top of the estimate, which is made on the block before. */
const SWAP_GAS_MARGIN = 100_000n;

/**
 * The outside world's price of ETH. Pools are brought to it by real swaps of an arbitrageur with a price limit, so that
 * they stop exactly on it; the feed follows as the real one does, on deviation or heartbeat, one block late. Nothing is
 * remembered but the price: all else is read from the chain at every block, so that snapshots may be reverted.
 */
export class Market {
  readonly #options: MarketOptions;
  #price: number;

  constructor(options: MarketOptions) {
    this.#options = options;
    this.#price = options.startPrice;
  }

  /** ETH in dollars, as of the last block that was built. */
  get price(): number {
    return this.#price;
  }

  /** Takes the price back, after the chain was taken back. */
  restore(price: number): void {
    this.#price = price;
  }

  /**
   * The market's transactions for a block: what the feed decided to report at the last one, then the swaps.
   *
   * @throws InvalidInputError when the price is not a positive number
   */
  async transactions(move: MarketMove, block: BlockToBuild): Promise<readonly Hex[]> {
    const price = move.price ?? this.#price;
    if (!(price > 0) || !Number.isFinite(price))
      throw new InvalidInputError('price', price, 'a finite price above 0');
    const [report, swaps] = await Promise.all([
      move.feed === false ? [] : this.#reports(),
      move.arbitrage === false ? [] : this.#swaps(price),
    ]);
    const { reporter, arbitrageur } = this.#options;
    const signed = [
      ...(await this.#sign(reporter, report, block)),
      ...(await this.#sign(arbitrageur, swaps, block)),
    ];
    this.#price = price;
    return signed;
  }

  /** Decided on the last block and the price that was in force then, which makes the answers one block late. */
  async #reports(): Promise<Call[]> {
    const { node, feeds } = this.#options;
    const { timestampSeconds } = await node.head();
    const calls = await Promise.all(feeds.map((feed) => this.#report(feed, timestampSeconds)));
    return calls.flat();
  }

  async #report({ aggregator, rule, reports }: MarketFeed, timeSeconds: number): Promise<Call[]> {
    const last = await this.#options.node.read(aggregator, devnetAggregatorAbi, 'latestRoundData');
    const observed = { answer: feedAnswer(reports === 'eth' ? this.#price : 1), timeSeconds };
    if (!feedReports({ answer: last[1], timeSeconds: Number(last[3]) }, observed, rule)) return [];
    return [callOf(aggregator, devnetAggregatorAbi, 'transmit', [observed.answer])];
  }

  /** A pool without liquidity at its price is left out: nobody can swap on it. */
  async #swaps(price: number): Promise<Call[]> {
    const { node, pools, others = [] } = this.#options;
    const calls = await Promise.all([
      ...pools.map(async (pool) => {
        const [from, liquidity] = await Promise.all([
          readSqrtPrice(node, pool),
          node.read(pool.address, uniswapV3PoolAbi, 'liquidity'),
        ]);
        return liquidity === 0n ? [] : this.#swapTo(pool, from, sqrtPriceOf(pool, price));
      }),
      ...others.map((arbitrage) => arbitrage(price)),
    ]);
    return calls.flat();
  }

  #swapTo(pool: DevnetPool, from: bigint, to: bigint): Call[] {
    if (from === to) return [];
    const [tokenIn, tokenOut] = to < from ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
    const swap = {
      tokenIn: tokenIn.address,
      tokenOut: tokenOut.address,
      fee: pool.feePips,
      recipient: this.#options.arbitrageur.address,
      amountIn: MORE_THAN_ENOUGH,
      amountOutMinimum: 0n,
      sqrtPriceLimitX96: to,
    };
    return [callOf(this.#options.router, swapRouter02Abi, 'exactInputSingle', [swap])];
  }

  async #sign(account: DevnetAccount, calls: readonly Call[], block: BlockToBuild): Promise<Hex[]> {
    if (calls.length === 0) return [];
    const { node, chainId } = this.#options;
    const { signTransaction } = privateKeyToAccount(account.privateKey);
    const [nonce, gas] = await Promise.all([
      node.request<Hex>('eth_getTransactionCount', [account.address, 'latest']),
      Promise.all(calls.map((call) => this.#gas(account, call))),
    ]);
    return Promise.all(
      calls.map(({ to, data, valueWei = 0n }, index) =>
        signTransaction({
          type: 'eip1559',
          chainId,
          nonce: Number(nonce) + index,
          to,
          data,
          value: valueWei,
          gas: gas[index]!,
          maxFeePerGas: 2n * block.baseFeePerGasWei + TIP_WEI,
          maxPriorityFeePerGas: TIP_WEI,
        }),
      ),
    );
  }

  async #gas(account: DevnetAccount, { to, data, valueWei = 0n }: Call): Promise<bigint> {
    if (this.#options.feeds.some(({ aggregator }) => aggregator === to)) return REPORT_GAS;
    const estimate = BigInt(
      await this.#options.node.request<Hex>('eth_estimateGas', [
        { from: account.address, to, data, value: toHex(valueWei) },
        'latest',
      ]),
    );
    return estimate + estimate / 5n + SWAP_GAS_MARGIN;
  }
}

/** A pool's square root price at a price of the market. */
export function sqrtPriceOf(pool: DevnetPool, price: number): bigint {
  const units = unitsOf(pool);
  return sqrtPriceDown(priceToRatio(price, units), units.baseIsToken0);
}
