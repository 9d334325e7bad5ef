import type { Ratio } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import { max } from '../units.ts';
import type { WayBound } from './poolBound.ts';
import type { SplitOrder, SplitPart } from './splitTerms.ts';
import type { Filling } from './waterFill.ts';
import { limitsBeside, quoteBaseOf, quoteQuoteOf, type WayQuote } from './wayQuote.ts';

/**
 * Where the marginal price of a leg moves by less than this per unit of base, whole units are as good as parts of them.
 * A hundredth of what would matter, since the slope is known only on average.
 */
const UNITS_MATTER_FROM = 1e-3;
/** In orders of so few units what rounding takes of a leg's fee weighs more than the slope does. */
const FEW_UNITS = 1n << 20n;
/** Single units moved between legs, at most; the doubles are within a unit or two of the optimum. */
const MAX_MOVES = 64;
/** Fees are rounded to whole units too, so that one unit more may bring nothing and two of them something. */
const UNITS_AT_ONCE = [1n, 2n, 3n, 4n];

/** A leg in exact integers; null where it trades nothing. */
export type Exact = WayQuote | null;

/** Whether a leg is within the order's worst price as a whole: rounding weighs much in a few units. */
function isWithin(side: Side, { amountInRaw, amountOutRaw }: WayQuote, worst: Ratio): boolean {
  const [baseRaw, quoteRaw] = side === 'sell' ? [amountInRaw, amountOutRaw] : [amountOutRaw, amountInRaw];
  const received = quoteRaw * worst.denominator;
  const least = baseRaw * worst.numerator;
  return side === 'sell' ? received >= least : received <= least;
}

/**
 * A leg that was cut short, as one of what it trades and no more: on the way to the worst price dust may be paid for what
 * brings nothing.
 */
function askedAgain(bound: WayBound, side: Side, worst: Ratio, cut: WayQuote): Exact {
  const { filled, stopped, liquidityAfter } = cut;
  const mostRaw = baseOf(side, cut);
  for (let lessRaw = 0n; lessRaw < mostRaw; lessRaw = 2n * lessRaw + 1n) {
    const quote = quoteBaseOf(bound, side, mostRaw - lessRaw);
    if (quote?.filled && isWithin(side, quote, worst)) return { ...quote, filled, stopped, liquidityAfter };
  }
  return null;
}

/**
 * Quotes an amount of base on a way, up to the order's worst price; null where no base would move, or none within that
 * price.
 */
export function quoteBase(bound: WayBound, side: Side, worst: Ratio, amountRaw: bigint): Exact {
  const quote = quoteBaseOf(bound, side, amountRaw);
  // A pool of dust may ask a unit of quote for nothing, and an order with an empty leg reverts as a whole.
  if (quote === null || baseOf(side, quote) === 0n) return null;
  if (!quote.filled) return askedAgain(bound, side, worst, quote);
  return isWithin(side, quote, worst) ? quote : null;
}

function baseOf(side: Side, quote: Exact): bigint {
  if (quote === null) return 0n;
  return side === 'sell' ? quote.amountInRaw : quote.amountOutRaw;
}

/** What a leg is worth: quote received, or paid and therefore negative. */
export function worthOf(side: Side, quote: Exact): bigint {
  if (quote === null) return 0n;
  return side === 'sell' ? quote.amountOutRaw : -quote.amountInRaw;
}

/** A quoted leg as a part of a split. */
export function partOf(bound: WayBound, side: Side, quote: WayQuote): SplitPart {
  const { near, far, feeRaw, stopped, amountInRaw, amountOutRaw } = quote;
  const [baseRaw, quoteRaw] = side === 'sell' ? [amountInRaw, amountOutRaw] : [amountOutRaw, amountInRaw];
  const endsUnread = stopped === 'knownRangeEnd';
  if (!('way' in bound)) {
    const { pool, limitX96 } = bound;
    return { way: pool, pool, baseRaw, quoteRaw, feeRaw, endsUnread, quote: near, limitX96 };
  }
  const { way } = bound;
  const { nearX96: limitX96, farX96 } = limitsBeside(bound, side, quote);
  const via = { token: way.bridge, pool: way.far, quote: far!, limitX96: farX96 };
  return { way, pool: way.near, baseRaw, quoteRaw, feeRaw, endsUnread, quote: near, limitX96, via };
}

/** A leg at least as good as the given one with less base sold, or more bought; the same one where there is none. */
function tightened(bound: WayBound, side: Side, quote: WayQuote): WayQuote {
  const { amountInRaw, amountOutRaw } = quote;
  const asked = quoteQuoteOf(bound, side, side === 'sell' ? amountOutRaw : amountInRaw);
  if (asked === null) return quote;
  const baseRaw = side === 'sell' ? asked.amountInRaw : asked.amountOutRaw;
  const isBetter = side === 'sell' ? baseRaw > 0n && baseRaw < amountInRaw : baseRaw > amountOutRaw;
  if (!isBetter) return quote;
  const better = quoteBaseOf(bound, side, baseRaw);
  return better?.filled && worthOf(side, better) >= worthOf(side, quote) ? better : quote;
}

/** Legs in the making, and the one that takes what the others leave. */
interface Draft {
  readonly side: Side;
  readonly worst: Ratio;
  readonly bounds: readonly WayBound[];
  readonly quotes: Exact[];
  readonly sink: number;
}

function quoteLeg({ bounds, side, worst }: Draft, leg: number, amountRaw: bigint): Exact {
  return quoteBase(bounds[leg]!, side, worst, amountRaw);
}

function baseOfLeg({ side, quotes }: Draft, leg: number): bigint {
  return baseOf(side, quotes[leg]!);
}

function worthOfAll({ side, quotes }: Draft): bigint {
  return quotes.reduce((sum, quote) => sum + worthOf(side, quote), 0n);
}

/** Whole amounts that add up to the order, or to what the pools take of it where that is less. */
function draft(
  { side, bound: worst, baseRaw }: SplitOrder,
  bounds: readonly WayBound[],
  bases: readonly number[],
): Draft {
  const amounts = bases.map((base) => BigInt(Math.floor(base)));
  const sink = bases.indexOf(Math.max(...bases));
  const rest = amounts.reduce((left, amount) => left - amount, baseRaw);
  amounts[sink] = max(amounts[sink]! + rest, 1n);
  const made: Draft = { side, worst, bounds, sink, quotes: [] };
  amounts.forEach((amount, leg) => {
    const quote = quoteLeg(made, leg, amount);
    // A leg for nothing is none: its base goes to the others.
    made.quotes.push(worthOf(side, quote) === 0n ? null : quote);
  });
  let missing = made.quotes.reduce((left, quote) => left - baseOf(side, quote), baseRaw);
  const bySize = amounts.map((_, leg) => leg).sort((a, b) => bases[b]! - bases[a]!);
  for (const leg of bySize) {
    if (missing === 0n) break;
    const before = baseOfLeg(made, leg);
    const fuller = quoteLeg(made, leg, before + missing);
    if (worthOf(side, fuller) === 0n) continue;
    made.quotes[leg] = fuller;
    missing -= baseOf(side, fuller) - before;
  }
  return made;
}

/**
 * Rounding leaves a part of a unit unused in every leg. Brings all legs but one to the least base that they sell, or the
 * most that they buy, for the same quote, and lets the last one have the difference: there the parts may add up to
 * whole units.
 */
function gatherRest(made: Draft): void {
  const { side, bounds, quotes, sink } = made;
  const before = [...quotes];
  const worthBefore = worthOfAll(made);
  let restRaw = 0n;
  quotes.forEach((quote, leg) => {
    if (leg === sink || quote === null) return;
    quotes[leg] = tightened(bounds[leg]!, side, quote);
    restRaw += baseOf(side, quote) - baseOf(side, quotes[leg]!);
  });
  if (restRaw === 0n) return;
  const wantedRaw = baseOf(side, quotes[sink]!) + restRaw;
  quotes[sink] = quoteLeg(made, sink, wantedRaw);
  if (baseOfLeg(made, sink) !== wantedRaw || worthOfAll(made) < worthBefore) {
    quotes.splice(0, quotes.length, ...before);
  }
}

/** A leg with so many units more, or less, and what that is worth; null where it cannot be. */
type Change = { readonly quote: Exact; readonly worth: bigint } | null;

/** Moves a few units of base at a time from leg to leg as long as that is worth something. */
function moveUnits(made: Draft): void {
  const { side, quotes } = made;
  const changed = (leg: number, byRaw: bigint): Change => {
    const wantedRaw = baseOfLeg(made, leg) + byRaw;
    if (wantedRaw < 0n) return null;
    const quote = quoteLeg(made, leg, wantedRaw);
    if (baseOf(side, quote) !== wantedRaw) return null;
    return { quote, worth: worthOf(side, quote) - worthOf(side, quotes[leg]!) };
  };
  const changes = (leg: number, sign: bigint) => UNITS_AT_ONCE.map((units) => changed(leg, sign * units));
  const more = quotes.map((_, leg) => changes(leg, 1n));
  const less = quotes.map((_, leg) => changes(leg, -1n));
  for (let move = 0; move < MAX_MOVES; move++) {
    let [to, from, by, won] = [-1, -1, -1, 0n];
    more.forEach((ups, a) => {
      less.forEach((downs, b) => {
        if (a === b) return;
        ups.forEach((up, units) => {
          const down = downs[units]!;
          if (up === null || down === null || up.worth + down.worth <= won) return;
          [to, from, by, won] = [a, b, units, up.worth + down.worth];
        });
      });
    });
    if (to < 0) return;
    quotes[to] = more[to]![by]!.quote;
    quotes[from] = less[from]![by]!.quote;
    for (const leg of [to, from]) {
      more[leg] = changes(leg, 1n);
      less[leg] = changes(leg, -1n);
    }
  }
}

/** Whether rounding to whole units of base moves a leg's marginal price by more than a unit of quote could tell. */
function unitsMatter({ bases, quotes, price }: Filling): boolean {
  for (let leg = 0; leg < bases.length; leg++) {
    const base = bases[leg]!;
    if (Math.abs(quotes[leg]! / base - price) > UNITS_MATTER_FROM * base) return true;
  }
  return false;
}

/**
 * A filling made exact: whole amounts that add up, each quoted on its pool in integers, and no unit of quote left lying
 * that another way of rounding would have earned.
 */
export function makeExact(
  bounds: readonly WayBound[],
  filling: Filling,
  order: SplitOrder,
): readonly SplitPart[] {
  if (bounds.length === 0) return [];
  const { side, baseRaw } = order;
  const made = draft(order, bounds, filling.bases);
  const { quotes } = made;
  const isFilled = quotes.reduce((sum, quote) => sum + baseOf(side, quote), 0n) === baseRaw;
  if (isFilled && quotes.length > 1) {
    gatherRest(made);
    if (baseRaw <= FEW_UNITS || unitsMatter(filling)) moveUnits(made);
  }
  return bounds.flatMap((bound, leg) => {
    const quote = quotes[leg]!;
    return quote === null ? [] : [partOf(bound, side, quote)];
  });
}
