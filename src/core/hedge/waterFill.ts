import { baseOfWay, quoteOfWay, type WayDepth } from '../amm/wayDepth.ts';
import type { Side } from '../side.ts';

/** An amount spread over pools so that the next unit would cost the same in each of them. In doubles, raw amounts. */
export interface Filling {
  /** The common marginal price after fee, quote raw per base raw; the worst price where pools do not take all. */
  readonly price: number;
  /** Base per pool, in the order of the pools; 0 where a pool starts beyond the price. */
  readonly bases: readonly number[];
  /** Quote received or paid per pool. */
  readonly quotes: readonly number[];
  readonly base: number;
  readonly quote: number;
}

/** First guess of how far the price moves, and by how much at least and at most the guesses grow. */
const FIRST_MOVE = 1e-3;
const LEAST_GROWTH = 2;
const MOST_GROWTH = 64;
/** Pools mostly take a little less per step of the price the further it goes: a guess aims beyond the amount by this much. */
const AIM_BEYOND = 1.1;
/** Halvings alone would need 60 to tell doubles apart; what they find by then is exact to the last bits. */
const MAX_SEARCHES = 120;
/** Base that is spread may differ from what was asked by this share: the integers are made to add up afterwards. */
const CLOSE_ENOUGH = 1e-14;

function baseAt(depths: readonly WayDepth[], price: number): number {
  let base = 0;
  for (const depth of depths) base += baseOfWay(depth, price);
  return base;
}

function fillingAt(depths: readonly WayDepth[], price: number): Filling {
  const bases: number[] = [];
  const quotes: number[] = [];
  let [base, quote] = [0, 0];
  for (const depth of depths) {
    const taken = baseOfWay(depth, price);
    const paid = taken > 0 ? quoteOfWay(depth, price) : 0;
    bases.push(taken);
    quotes.push(paid);
    base += taken;
    quote += paid;
  }
  return { price, bases, quotes, base, quote };
}

/** Best price among pools: highest for a sale, lowest for a purchase. */
export function bestPrice(depths: readonly WayDepth[], side: Side): number {
  const prices = depths.map(({ best }) => best);
  return side === 'sell' ? Math.max(...prices) : Math.min(...prices);
}

function isBeyond(side: Side, price: number, worst: number): boolean {
  return side === 'sell' ? price <= worst : price >= worst;
}

/**
 * Spreads an amount over pools by water-filling: at the optimum of a sum of concave curves all that are used have the
 * same slope (the Karush-Kuhn-Tucker condition), so one number, the common marginal price, is searched for. What all
 * pools take grows steadily as the price gets worse; a secant finds where it is the amount, halving where a secant would
 * creep.
 *
 * @param baseRaw raw base as a double
 * @param worst no unit trades at a worse price than this; where pools take less than the amount, the price is this one
 */
export function waterFill(depths: readonly WayDepth[], side: Side, baseRaw: number, worst: number): Filling {
  const best = bestPrice(depths, side);
  if (depths.length === 0 || isBeyond(side, best, worst)) return fillingAt(depths, worst);
  let [near, nearMiss] = [best, -baseRaw];
  let [far, farMiss] = [worst, Number.NaN];
  for (let move = FIRST_MOVE; Number.isNaN(farMiss); ) {
    const guess = side === 'sell' ? best * (1 - move) : best * (1 + move);
    const isLast = isBeyond(side, guess, worst);
    const price = isLast ? worst : guess;
    const miss = baseAt(depths, price) - baseRaw;
    if (miss >= 0) [far, farMiss] = [price, miss];
    else if (isLast) return fillingAt(depths, worst);
    else [near, nearMiss] = [price, miss];
    move *= Math.min(Math.max((AIM_BEYOND * baseRaw) / (baseRaw + miss), LEAST_GROWTH), MOST_GROWTH);
  }
  return between(depths, baseRaw, [near, nearMiss], [far, farMiss]);
}

/** A price, and by how much what pools take there misses the amount. */
type Try = readonly [price: number, miss: number];

/** Closes in on the amount between a price at which pools take less and one at which they take enough. */
function between(depths: readonly WayDepth[], baseRaw: number, less: Try, enough: Try): Filling {
  const tolerance = baseRaw * CLOSE_ENOUGH;
  let [near, nearWeight] = less;
  let [far, farWeight] = enough;
  let [nearMiss, farMiss] = [nearWeight, farWeight];
  let last = 0;
  for (let search = 1; search <= MAX_SEARCHES && farMiss > tolerance; search++) {
    const secant = near + ((far - near) * nearWeight) / (nearWeight - farWeight);
    const price = search % 4 === 0 ? (near + far) / 2 : secant;
    // The root is within the last bit of that end.
    if (price === near || price === far) break;
    const miss = baseAt(depths, price) - baseRaw;
    // An end that stays twice counts half, which keeps the secant from creeping up on the other (the Illinois rule).
    if (miss >= 0) {
      [far, farWeight, farMiss] = [price, miss, miss];
      if (last > 0) nearWeight /= 2;
    } else {
      [near, nearWeight, nearMiss] = [price, miss, miss];
      if (-miss <= tolerance) break;
      if (last < 0) farWeight /= 2;
    }
    last = miss >= 0 ? 1 : -1;
  }
  return fillingAt(depths, -nearMiss < farMiss ? near : far);
}
