import type { Side } from '../side.ts';
import { type Address, sameAddress } from '../units.ts';
import { baseAtPrice, type Depth, depthOf, limitAtPrice, priceAtBase, quoteAtPrice } from './depth.ts';
import type { Pool } from './pool.ts';
import { swapsZeroForOne } from './price.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from './tickMath.ts';
import type { TwoHop } from './twoHop.ts';

/** What two pools in a row trade by some price, in doubles, raw. */
interface Traded {
  readonly price: number;
  readonly base: number;
  readonly quote: number;
}

/**
 * How much of an order two pools in a row take at which price, as {@link Depth} says it of one: the marginal price is the
 * product of theirs, each after its own fee.
 */
export interface TwoHopDepth {
  readonly kind: 'twoHop';
  readonly way: TwoHop;
  readonly side: Side;
  /** Of the bridge token for base. */
  readonly near: Depth;
  /** Of quote for the bridge token. */
  readonly far: Depth;
  /** Price of the first unit. */
  readonly best: number;
  /** What was asked for last, since base and quote are asked for in turn. */
  last: Traded | null;
}

/** Prices are told apart to the last bits of a double by then. */
const MAX_SEARCHES = 100;

function unlimited(pool: Pool, side: Side, base: Address): Depth {
  const zeroForOne = swapsZeroForOne(side, sameAddress(pool.token0, base));
  return depthOf(pool, side, base, zeroForOne ? MIN_SQRT_PRICE_X96 + 1n : MAX_SQRT_PRICE_X96 - 1n);
}

/**
 * The depth of two pools in a row on one side of an order.
 *
 * @param worst worst marginal price of the order, quote raw per base raw: neither pool is looked at further than it
 * could go with the other one at its best
 * @throws CorruptDataError when a pool's ticks are out of order
 */
export function twoHopDepth(way: TwoHop, side: Side, base: Address, worst: number): TwoHopDepth {
  const near = unlimited(way.near, side, base);
  const far = unlimited(way.far, side, way.bridge);
  const limited = (depth: Depth, other: Depth): Depth => ({
    ...depth,
    limitRoot: Number(limitAtPrice(depth, worst / other.best)),
  });
  return {
    kind: 'twoHop',
    way,
    side,
    near: limited(near, far),
    far: limited(far, near),
    best: near.best * far.best,
    last: null,
  };
}

/** How far two pools in a row are from a price when the first of them stands at one, as a logarithm; falling towards worse. */
function missAt({ near, far, side }: TwoHopDepth, nearPrice: number, price: number): number {
  const farPrice = priceAtBase(far, quoteAtPrice(near, nearPrice));
  const sign = side === 'sell' ? 1 : -1;
  // What the far pool does not trade any more is worse than any price.
  return farPrice === null ? Number.NEGATIVE_INFINITY : sign * Math.log((nearPrice * farPrice) / price);
}

/** The near pool's price at which both together stand at a price: a secant between the two ends, halving where it creeps. */
function nearPriceAt(depth: TwoHopDepth, price: number): number {
  const { near, far } = depth;
  let [good, bad] = [near.best, price / far.best];
  let [goodMiss, badMiss] = [missAt(depth, good, price), missAt(depth, bad, price)];
  if (badMiss >= 0) return bad;
  for (let search = 1; search <= MAX_SEARCHES; search++) {
    const canStep = search % 3 !== 0 && Number.isFinite(badMiss);
    const guess = canStep ? good + ((bad - good) * goodMiss) / (goodMiss - badMiss) : (good + bad) / 2;
    // The root is within the last bit of that end, or where the far pool has nothing more to trade: then short of it.
    if (guess === good || guess === bad) return Number.isFinite(badMiss) ? guess : good;
    const miss = missAt(depth, guess, price);
    if (miss === 0) return guess;
    if (miss > 0) [good, goodMiss] = [guess, miss];
    else [bad, badMiss] = [guess, miss];
  }
  return good;
}

/** What both pools trade until their common marginal price after fees is `price`. */
export function tradedAt(depth: TwoHopDepth, price: number): Traded {
  if (depth.last?.price === price) return depth.last;
  const { near, far, side, best } = depth;
  const isBeyond = side === 'sell' ? !(best > price) : !(best < price);
  const nearPrice = isBeyond ? near.best : nearPriceAt(depth, price);
  const base = isBeyond ? 0 : baseAtPrice(near, nearPrice);
  const farPrice = isBeyond ? null : priceAtBase(far, quoteAtPrice(near, nearPrice));
  depth.last = { price, base, quote: farPrice === null ? 0 : quoteAtPrice(far, farPrice) };
  return depth.last;
}
