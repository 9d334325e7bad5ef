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
/** Single units moved between legs, at most; the doubles are within a unit or two of the optimum. */
const MAX_MOVES = 64;

/** A leg in exact integers; null where it trades nothing. */
export type Exact = WayQuote | null;

/** Quotes an amount of base on a way, up to the order's worst price; null where no base would move. */
export function quoteBase(bound: WayBound, side: Side, amountRaw: bigint): Exact {
  const quote = quoteBaseOf(bound, side, amountRaw);
  // A pool of dust may ask a unit of quote for nothing, and an order with an empty leg reverts as a whole.
  return baseOf(side, quote) === 0n ? null : quote;
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
  readonly bounds: readonly WayBound[];
  readonly quotes: Exact[];
  readonly sink: number;
}

function quoteLeg({ bounds, side }: Draft, leg: number, amountRaw: bigint): Exact {
  return quoteBase(bounds[leg]!, side, amountRaw);
}

function baseOfLeg({ side, quotes }: Draft, leg: number): bigint {
  return baseOf(side, quotes[leg]!);
}

function worthOfAll({ side, quotes }: Draft): bigint {
  return quotes.reduce((sum, quote) => sum + worthOf(side, quote), 0n);
}

/** Whole amounts that add up to the order, or to what the pools take of it where that is less. */
function draft(side: Side, bounds: readonly WayBound[], bases: readonly number[], baseRaw: bigint): Draft {
  const amounts = bases.map((base) => BigInt(Math.floor(base)));
  const sink = bases.indexOf(Math.max(...bases));
  const rest = amounts.reduce((left, amount) => left - amount, baseRaw);
  amounts[sink] = max(amounts[sink]! + rest, 1n);
  const made: Draft = { side, bounds, sink, quotes: [] };
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

/** Moves single units of base from leg to leg as long as that is worth something. */
function moveUnits(made: Draft): void {
  const { side, quotes } = made;
  const changed = (leg: number, byRaw: bigint): { readonly quote: Exact; readonly worth: bigint } | null => {
    const wantedRaw = baseOfLeg(made, leg) + byRaw;
    if (wantedRaw < 0n) return null;
    const quote = quoteLeg(made, leg, wantedRaw);
    if (baseOf(side, quote) !== wantedRaw) return null;
    return { quote, worth: worthOf(side, quote) - worthOf(side, quotes[leg]!) };
  };
  const more = quotes.map((_, leg) => changed(leg, 1n));
  const less = quotes.map((_, leg) => changed(leg, -1n));
  for (let move = 0; move < MAX_MOVES; move++) {
    let [to, from, won] = [-1, -1, 0n];
    more.forEach((up, a) => {
      less.forEach((down, b) => {
        if (a === b || up === null || down === null || up.worth + down.worth <= won) return;
        [to, from, won] = [a, b, up.worth + down.worth];
      });
    });
    if (to < 0) return;
    quotes[to] = more[to]!.quote;
    quotes[from] = less[from]!.quote;
    for (const leg of [to, from]) {
      more[leg] = changed(leg, 1n);
      less[leg] = changed(leg, -1n);
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
  { side, baseRaw }: SplitOrder,
): readonly SplitPart[] {
  if (bounds.length === 0) return [];
  const made = draft(side, bounds, filling.bases, baseRaw);
  const { quotes } = made;
  const isFilled = quotes.reduce((sum, quote) => sum + baseOf(side, quote), 0n) === baseRaw;
  if (isFilled && quotes.length > 1) {
    gatherRest(made);
    if (unitsMatter(filling)) moveUnits(made);
  }
  return bounds.flatMap((bound, leg) => {
    const quote = quotes[leg]!;
    return quote === null ? [] : [partOf(bound, side, quote)];
  });
}
