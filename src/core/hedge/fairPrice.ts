import type { Pool } from '../amm/pool.ts';
import { sqrtPriceOf } from '../amm/poolTerms.ts';
import { priceRatio, ratioToPrice } from '../amm/price.ts';
import { quoteToPrice } from '../amm/swap.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from '../amm/tickMath.ts';
import { directPools, type Way, type WayTokens, waysOf } from '../amm/twoHop.ts';
import type { Warning } from '../decision.ts';
import { integerSqrtDown, integerSqrtUp } from '../math/integerSqrt.ts';
import type { Limits } from '../risk/limits.ts';
import { isFresh } from '../risk/oracle.ts';
import type { PriceReading, Snapshot, VaultTerms } from '../snapshot.ts';
import { median } from '../statistics/moments.ts';
import { type Address, BPS, max, min, sameAddress, toWhole } from '../units.ts';

/** What the snapshot's prices say together. */
export interface FairPrice {
  /** Median of feeds and of pools deep enough to say one, quote per base. */
  readonly spot: number;
  /** How many prices the median is taken over. */
  readonly sources: number;
  /** Largest distance of any of them from the oracle, bps of the oracle. */
  readonly divergenceBps: number;
  /** Prices of the pools that count, whether or not the account's guard allows them, quote per base. */
  readonly poolPrices: readonly number[];
  /** Pools that are not asked for a price, and why. */
  readonly leftOut: readonly Warning[];
}

/** Pools of a snapshot that the account's guard lets it trade on. */
export function tradablePools(snapshot: Snapshot): readonly Pool[] {
  const allowed = new Set(snapshot.chain.guard.allowedPools.map((address) => address.toLowerCase()));
  return snapshot.chain.pools.filter((pool) => allowed.has(pool.address.toLowerCase()));
}

/** The ways over the pools that the account's guard lets it trade on: pools of base and quote, and two in a row. */
export function tradableWays(snapshot: Snapshot): readonly Way[] {
  return waysOf(tradablePools(snapshot), wayTokens(snapshot.vault));
}

/** The tokens that a vault's ways lead from, over and to. */
export function wayTokens({
  base,
  quote,
  bridges = [],
}: Pick<VaultTerms, 'base' | 'quote' | 'bridges'>): WayTokens {
  return { base: base.address, quote: quote.address, bridges: bridges.map(({ address }) => address) };
}

/** A way's own middle price, quote per base; of two hops the product of theirs. */
export function middlePrice(way: Way, { base, quote }: Pick<VaultTerms, 'base' | 'quote'>): number {
  const units = { baseDecimals: base.decimals, quoteDecimals: quote.decimals };
  const middle = (pool: Pool, token: Address) =>
    priceRatio(sqrtPriceOf(pool), sameAddress(pool.token0, token));
  if (way.kind !== 'twoHop') return ratioToPrice(middle(way, base.address), units);
  const [near, far] = [middle(way.near, base.address), middle(way.far, way.bridge)];
  return ratioToPrice(
    { numerator: near.numerator * far.numerator, denominator: near.denominator * far.denominator },
    units,
  );
}

/** What decides whether a pool is deep enough to be asked for a price. */
export type PriceLimits = Pick<Limits, 'minTradeQuote' | 'maxSlippageBps'>;

/** The square root prices that lie a share of the price below and above a pool's, within the range of prices. */
function pricesAround(pool: Pool, slippageBps: number): { readonly below: bigint; readonly above: bigint } {
  const square = sqrtPriceOf(pool) ** 2n;
  const left = BPS - min(BigInt(slippageBps), BPS - 1n);
  const within = (root: bigint) => min(max(root, MIN_SQRT_PRICE_X96 + 1n), MAX_SQRT_PRICE_X96 - 1n);
  return {
    below: within(integerSqrtUp((square * left) / BPS)),
    above: within(integerSqrtDown((square * BPS) / left)),
  };
}

/**
 * Whether a pool's price means anything: it takes the smallest trade worth making, both ways, before its price moves by
 * more than an order may slip. Anybody moves a shallower one anywhere for little. Both amounts count at the oracle's
 * price, since a pool pushed off it holds much of one token and next to nothing of the other. Where ticks were not read
 * far enough to tell, it counts.
 */
function saysPrice(pool: Pool, vault: VaultTerms, oracle: PriceReading, limits: PriceLimits): boolean {
  const { below, above } = pricesAround(pool, limits.maxSlippageBps);
  return [true, false].every((zeroForOne) => {
    const quote = quoteToPrice(pool, { zeroForOne, sqrtPriceLimitX96: zeroForOne ? below : above });
    const givesBase = zeroForOne === sameAddress(pool.token0, vault.base.address);
    const { amountInRaw, amountOutRaw } = quote;
    const [baseRaw, quoteRaw] = givesBase ? [amountInRaw, amountOutRaw] : [amountOutRaw, amountInRaw];
    const base = toWhole(baseRaw, vault.base.decimals) * oracle.price;
    const traded = Math.min(base, toWhole(quoteRaw, vault.quote.decimals));
    const isUnread = quote.stopped === 'knownRangeEnd';
    return traded > 0 && (isUnread || traded >= limits.minTradeQuote);
  });
}

function warningOf(text: string): Warning {
  return { code: 'noLiquidity', text };
}

/**
 * Weighs the oracle against the pools and the other feeds. The oracle's price is given apart because a bound must not
 * lean on the pools. Only pools of base and quote are asked: of two hops neither price is one of base in quote, and their
 * product would let either pool, deep or not, halt a vault that need not trade there.
 */
export function fairPrice(snapshot: Snapshot, oracle: PriceReading, limits: PriceLimits): FairPrice {
  const { vault, chain } = snapshot;
  const direct = directPools(chain.pools, wayTokens(vault));
  const deep = direct.filter((pool) => saysPrice(pool, vault, oracle, limits));
  const pools = deep.map((pool) => middlePrice(pool, vault));
  const feeds = chain.prices
    .filter((reading) => isFresh(reading, chain.block))
    .map((reading) => reading.price);
  const divergence = [...feeds, ...pools].map(
    (price) => (Math.abs(price - oracle.price) / oracle.price) * 10_000,
  );
  const { minTradeQuote, maxSlippageBps } = limits;
  const shallow = `takes less than ${minTradeQuote} ${vault.quote.symbol} within ${maxSlippageBps} bps: its price is not counted`;
  return {
    spot: median([...feeds, ...pools]),
    sources: feeds.length + pools.length,
    divergenceBps: Math.max(0, ...divergence),
    poolPrices: pools,
    leftOut: [
      ...(chain.emptyPools ?? []).map(({ address, why }) => warningOf(`pool ${address} is left out: ${why}`)),
      ...direct
        .filter((pool) => !deep.includes(pool))
        .map(({ address }) => warningOf(`pool ${address} ${shallow}`)),
    ],
  };
}
