import { type Address, sameAddress } from '../units.ts';
import type { Pool } from './pool.ts';

/** Two pools in a row: base against a bridge token, and the bridge token against quote. */
export interface TwoHop {
  readonly kind: 'twoHop';
  /** Base against the bridge token. */
  readonly near: Pool;
  /** The bridge token against quote. */
  readonly far: Pool;
  readonly bridge: Address;
}

/** A way to trade base for quote, or back: one pool, or two in a row. */
export type Way = Pool | TwoHop;

/** What is traded for what. */
interface PairTokens {
  readonly base: { readonly address: Address };
  readonly quote: { readonly address: Address };
}

/** The tokens that ways lead from, over and to. */
export interface WayTokens {
  readonly base: Address;
  readonly quote: Address;
  /** Tokens that two hops may go over. */
  readonly bridges: readonly Address[];
}

function trades({ token0, token1 }: Pool, one: Address, other: Address): boolean {
  return (
    (sameAddress(token0, one) && sameAddress(token1, other)) ||
    (sameAddress(token0, other) && sameAddress(token1, one))
  );
}

/** The pools that trade base against quote themselves. */
export function directPools(
  pools: readonly Pool[],
  { base, quote }: Omit<WayTokens, 'bridges'>,
): readonly Pool[] {
  return pools.filter((pool) => trades(pool, base, quote));
}

/**
 * Every way over some pools: those that trade base against quote as they are, then, for each bridge token, every pairing
 * of a pool of base with a pool of quote. Pairings that share a pool exclude each other; an order takes one of them at
 * most.
 */
export function waysOf(pools: readonly Pool[], tokens: WayTokens): readonly Way[] {
  const { base, quote, bridges } = tokens;
  const twoHops = bridges.flatMap((bridge) => {
    const fars = pools.filter((pool) => trades(pool, bridge, quote));
    return pools
      .filter((pool) => trades(pool, base, bridge))
      .flatMap((near) => fars.map((far): TwoHop => ({ kind: 'twoHop', near, far, bridge })));
  });
  return [...directPools(pools, tokens), ...twoHops];
}

/** The pools of a way, the one of base first. */
export function poolsOfWay(way: Way): readonly Pool[] {
  return way.kind === 'twoHop' ? [way.near, way.far] : [way];
}

/** Whether a sale of base swaps token0 of a pool for token1, be it the pool of base or, of two hops, that of quote. */
export function isTowardsQuote({ token0, token1 }: Pool, { base, quote }: PairTokens): boolean {
  return sameAddress(token0, base.address) || sameAddress(token1, quote.address);
}
