import type { Pool } from '../amm/pool.ts';
import { sqrtPriceOf } from '../amm/poolTerms.ts';
import { priceAtSqrtPrice } from '../amm/price.ts';
import { isFresh } from '../risk/oracle.ts';
import type { PriceReading, Snapshot, VaultTerms } from '../snapshot.ts';
import { sameAddress } from '../units.ts';

/** What the snapshot's prices say together. */
export interface FairPrice {
  /** Median of feeds and pools, quote per base. */
  readonly spot: number;
  /** How many prices the median is taken over. */
  readonly sources: number;
  /** Largest distance of any feed or pool from the oracle, bps of the oracle. */
  readonly divergenceBps: number;
}

/** The middle value; the mean of the two middle ones for an even count. `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** Pools of a snapshot that the account's guard lets it trade on. */
export function tradablePools(snapshot: Snapshot): readonly Pool[] {
  const allowed = new Set(snapshot.chain.guard.allowedPools.map((address) => address.toLowerCase()));
  return snapshot.chain.pools.filter((pool) => allowed.has(pool.address.toLowerCase()));
}

/** A pool's own middle price, quote per base. */
export function middlePrice(pool: Pool, { base, quote }: Pick<VaultTerms, 'base' | 'quote'>): number {
  return priceAtSqrtPrice(sqrtPriceOf(pool), {
    baseIsToken0: sameAddress(pool.token0, base.address),
    baseDecimals: base.decimals,
    quoteDecimals: quote.decimals,
  });
}

/** Whether anything trades at a pool's price: where nothing does, anybody moves it anywhere for the gas alone. */
function saysPrice(pool: Pool): boolean {
  return pool.kind === 'constantProduct' || pool.liquidity > 0n;
}

/**
 * Weighs the oracle against the pools and the other feeds. The oracle's price is given apart because a bound must not
 * lean on the pools.
 */
export function fairPrice(snapshot: Snapshot, oracle: PriceReading): FairPrice {
  const { vault, chain } = snapshot;
  const pools = chain.pools.filter(saysPrice).map((pool) => middlePrice(pool, vault));
  const feeds = chain.prices
    .filter((reading) => isFresh(reading, chain.block))
    .map((reading) => reading.price);
  const divergence = [...feeds, ...pools].map(
    (price) => (Math.abs(price - oracle.price) / oracle.price) * 10_000,
  );
  return {
    spot: median([...feeds, ...pools]),
    sources: feeds.length + pools.length,
    divergenceBps: Math.max(0, ...divergence),
  };
}
