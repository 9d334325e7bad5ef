import type { Pool } from '../amm/pool.ts';
import { sqrtPriceAtTick } from '../amm/tickMath.ts';
import { liquidityAmounts } from '../exposure/liquidity.ts';
import type { LiquidityPosition, Position } from '../position.ts';
import type { Side } from '../side.ts';
import { sameAddress } from '../units.ts';
import type { PoolMove, Route } from './route.ts';

/** Base in a liquidity position where its pool stands at a price, raw. */
function baseIn(position: LiquidityPosition, sqrtPriceX96: bigint): bigint {
  const { liquidity, tickLower, tickUpper, baseIsToken0 } = position;
  const { amount0Raw, amount1Raw } = liquidityAmounts({
    liquidity,
    sqrtPriceX96,
    sqrtPriceLowerX96: sqrtPriceAtTick(tickLower),
    sqrtPriceUpperX96: sqrtPriceAtTick(tickUpper),
  });
  return baseIsToken0 ? amount0Raw : amount1Raw;
}

/**
 * Base that a vault's own liquidity gains, or loses, as a trade moves the pools that it lies in, raw: selling into a pool
 * hands the provider's share of what was sold back to the seller. Fees earned are left out. It is what the trade itself
 * does; where others move the pool back afterwards they take that share out again.
 */
export function ownLiquidityGain(
  positions: readonly Position[],
  pools: readonly Pool[],
  moves: readonly PoolMove[],
): bigint {
  let gainRaw = 0n;
  for (const { pool: address, sqrtPriceAfterX96 } of moves) {
    const pool = pools.find((one) => sameAddress(one.address, address));
    if (pool?.kind !== 'concentrated') continue;
    for (const position of positions) {
      if (position.kind !== 'liquidity' || !sameAddress(position.pool, address)) continue;
      gainRaw += baseIn(position, sqrtPriceAfterX96) - baseIn(position, pool.sqrtPriceX96);
    }
  }
  return gainRaw;
}

/** Routes tried until the trade fits, at most: a handful where the slope is even, more across the ends of a range. */
const MAX_ATTEMPTS = 48;
/** Every so many of them halve what is left to search, which keeps the secant from creeping. */
const HALVE_EVERY = 4;
/** A trade through the vault's own liquidity grows to this many times its naive size at most. */
const MAX_GROWTH = 10n;
/** What is missed by less than this share of the trade counts as hit. */
const MISS_SHARE = 10n ** 12n;

/** A route that was sized, and what it changes in net. */
export interface Attempt {
  readonly route: Route;
  /** What the own liquidity gains by it, base raw. */
  readonly gainRaw: bigint;
}

/** How far a route moves net delta in the direction of its side, base raw. */
function netOf({ route, gainRaw }: Attempt, side: Side): bigint {
  return side === 'sell' ? route.baseRaw - gainRaw : route.baseRaw + gainRaw;
}

/**
 * Finds the order whose net effect, own liquidity included, is `wantedRaw` of base: a fixed point, searched by the secant
 * rule between a size that falls short and one that goes past, halving where the secant leaves them. Where the wanted
 * effect is out of reach the nearest one short of it is taken, and nothing ever goes past it.
 *
 * @param attempt routes an order of a size, cut to what may be traded; null where nothing can be
 */
export function routeForNet<A extends Attempt>(
  side: Side,
  wantedRaw: bigint,
  attempt: (baseRaw: bigint) => A | null,
): A | null {
  const tolerance = wantedRaw / MISS_SHARE;
  let best: A | null = null;
  let [shortRaw, pastRaw] = [0n, wantedRaw * MAX_GROWTH + 1n];
  let [baseBeforeRaw, netBeforeRaw] = [0n, 0n];
  let sizeRaw = wantedRaw;
  for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
    const tried = attempt(sizeRaw);
    if (tried === null) break;
    const netRaw = netOf(tried, side);
    const missedRaw = wantedRaw - netRaw;
    const isShort = missedRaw >= -tolerance;
    if (best === null || (isShort && netRaw > netOf(best, side))) best = tried;
    // What was cut may go past all the same: it counts as the size that it was cut to.
    const { baseRaw } = tried.route;
    const isCut = baseRaw < sizeRaw;
    if (isShort && (missedRaw <= tolerance || isCut)) break;
    if (isShort) shortRaw = baseRaw;
    else pastRaw = baseRaw;
    const slopeRaw = netRaw - netBeforeRaw;
    const next: bigint =
      slopeRaw === 0n ? shortRaw : baseRaw + (missedRaw * (baseRaw - baseBeforeRaw)) / slopeRaw;
    const isBetween = next > shortRaw && next < pastRaw;
    [baseBeforeRaw, netBeforeRaw] = [baseRaw, netRaw];
    sizeRaw = isBetween && attempts % HALVE_EVERY !== 0 ? next : (shortRaw + pastRaw) / 2n;
    if (sizeRaw <= shortRaw) break;
  }
  return best;
}
