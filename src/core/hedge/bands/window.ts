import { bracketedRoot, nearerEnd } from '../../math/bracketedRoot.ts';
import type { ScaledCosts, Stretch } from './bandCosts.ts';
import { decayOver } from './decay.ts';

/** How net delta moves, in the units of a solution: epsilon V'' + delta V' + x^2 = rate, epsilon + delta = 1. */
export interface Motion {
  readonly epsilon: number;
  /** Drift towards the sell side, at or above 0. */
  readonly delta: number;
}

/** One side of a band at a given rate: the trade that pays exactly for itself. */
export interface Window {
  /** Lower end: the sell side's target, the buy side's act. */
  readonly start: number;
  /** Size of the trade. */
  readonly length: number;
  /** What the next unit costs, and V' at both ends: minus it on the buy side. */
  readonly marginal: number;
  /** Rate less delta times V' at the ends. */
  readonly source: number;
  /** Source less start^2: epsilon times V'' there. */
  readonly bend: number;
}

/** Selling lowers net delta, buying raises it. */
export type Sign = 1 | -1;

/** What a window is searched for. */
export interface WindowTerms {
  readonly sign: Sign;
  readonly rate: number;
  /** Gas, in the units of the solution. */
  readonly gas: number;
  readonly costs: ScaledCosts;
  readonly motion: Motion;
}

/** A trade of a given size at a given slope, and what it saves beyond its straight-line cost; null beyond the hump of V'. */
interface Trial extends Window {
  readonly saving: number;
}

/** The hump of V' on each side is less than this many times as wide as the square root of its source. */
const WIDEST = 3;

/**
 * Between two points of equal slope m, V' solves a linear equation: where they lie follows from their distance alone, and
 * so does the area that the hump has above m. Both in closed form, without differences of large numbers.
 */
function trialOf({ sign, rate, motion }: WindowTerms, length: number, marginal: number): Trial | null {
  const { epsilon, delta } = motion;
  const source = rate - sign * delta * marginal;
  if (!(source >= 0)) return null;
  const { first, second, third, fourth } = decayOver((delta / epsilon) * length);
  const ratio2 = second / first;
  const ratio3 = third / first;
  const reach = Math.sqrt(source);
  const square = source - length * length * (2 * ratio3 - ratio2 * ratio2);
  if (!(square >= 0)) return null;
  const start = -length * ratio2 + sign * Math.sqrt(square);
  // Further out the other side's hump begins.
  if (sign > 0 ? start < -reach : start + length > reach) return null;
  const inner = start * (ratio2 * second - third) + length * (ratio3 * second - fourth);
  const bend = 2 * length * (start * ratio2 + length * ratio3);
  return { start, length, marginal, source, bend, saving: (sign * (2 * length ** 3) * inner) / epsilon };
}

/** Gas, less what a curve of rising costs saves against its last unit's price. */
function fixedPart({ gas, costs }: WindowTerms, length: number, marginal: number): number {
  return length === 0 ? gas : gas + costs.cost(length) - length * marginal;
}

/** What a trade of this length saves too much, in cube roots: nearly straight in the length. */
function excessOf(terms: WindowTerms, length: number): number {
  const marginal = terms.costs.marginal(length);
  if (marginal === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const trial = trialOf(terms, length, marginal);
  if (trial === null) return Number.POSITIVE_INFINITY;
  return Math.cbrt(trial.saving) - Math.cbrt(fixedPart(terms, length, marginal));
}

/** The trade of a stretch of costs that pays for itself; null where none does at this rate. */
function windowWithin(terms: WindowTerms, { from, to }: Stretch): Window | null {
  const { costs, motion, rate } = terms;
  const excessFrom = excessOf(terms, from);
  if (excessFrom === 0) return trialOf(terms, from, costs.marginal(from));
  if (excessFrom > 0) return null;
  const widest = WIDEST * Math.sqrt(rate + motion.delta * Math.abs(costs.marginal(from)));
  const longest = Math.min(to, from + widest);
  const excessTo = excessOf(terms, longest);
  if (excessTo < 0) return null;
  const found = bracketedRoot((length) => excessOf(terms, length), from, excessFrom, longest, excessTo);
  const length = nearerEnd(found);
  const [before, after] = [costs.marginal(found.below), costs.marginal(found.above)];
  const isJump = after === Number.POSITIVE_INFINITY || after - before > 1e-9 * Math.abs(after);
  const atJump = isJump ? windowAtJump(terms, found.below, before, after) : null;
  if (atJump !== null) return atJump;
  // Where the hump ends before a trade pays, no curve at this rate has one.
  if (!Number.isFinite(found.valueAbove) && found.valueBelow < -1e-13 * sizeOf(terms, found.below))
    return null;
  return trialOf(terms, length, costs.marginal(length));
}

function sizeOf(terms: WindowTerms, length: number): number {
  return Math.cbrt(Math.abs(fixedPart(terms, length, terms.costs.marginal(length)))) + Number.MIN_VALUE;
}

/** Where costs bend upwards at once (the pools end, or get thin) the trade stops there, at a slope in between. */
function windowAtJump(terms: WindowTerms, length: number, before: number, after: number): Window | null {
  const excessAt = (marginal: number) => {
    const trial = trialOf(terms, length, marginal);
    return trial === null ? Number.NaN : trial.saving - fixedPart(terms, length, marginal);
  };
  const low = excessAt(before);
  if (!(low < 0)) return null;
  let high = after;
  if (!Number.isFinite(after)) {
    high = before + (-low / length) * 2;
    for (let step = 0; step < 60 && excessAt(high) < 0; step++) high += (high - before) * 2;
  }
  const valueHigh = excessAt(high);
  if (Number.isNaN(valueHigh) && terms.motion.delta === 0) return null;
  const found = bracketedRoot(
    (marginal) => {
      const value = excessAt(marginal);
      return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
    },
    before,
    low,
    high,
    Number.isNaN(valueHigh) ? Number.POSITIVE_INFINITY : valueHigh,
  );
  return trialOf(terms, length, nearerEnd(found));
}

/**
 * How much V' has risen at `end`, on the curve that began `distance` left of it with this source there. Counted back from
 * the end: what the start contributes has decayed, and would drown it.
 *
 * @param excess source less end^2
 */
export function slopeRise({ epsilon, delta }: Motion, end: number, distance: number, excess: number): number {
  const decay = (delta / epsilon) * distance;
  const { left, first, second, third } = decayOver(decay);
  const isShort = decay < 1;
  const linear = isShort ? first - second : (1 - left * (1 + decay)) / decay ** 2;
  const square = isShort
    ? first - 2 * second + 2 * third
    : (2 - left * (2 + 2 * decay + decay * decay)) / decay ** 3;
  return (distance * (excess * first + distance * (2 * end * linear - distance * square))) / epsilon;
}

/**
 * How far the curve of V' that a buy window lies on runs above the curve of a sell window: 0 where both are one curve,
 * above 0 where the rate is too high. Followed only in the direction in which the equation damps errors.
 */
export function slopeGap(motion: Motion, buy: Window, sell: Window): number {
  const { epsilon, delta } = motion;
  const buyEnd = buy.start + buy.length;
  const distance = sell.start - buyEnd;
  const roundTrip = buy.marginal + sell.marginal;
  const left = Math.exp((-delta / epsilon) * Math.abs(distance));
  if (distance >= 0) return slopeRise(motion, sell.start, distance, sell.bend) - roundTrip * left;
  return -(slopeRise(motion, buyEnd, -distance, buy.source - buyEnd * buyEnd) + roundTrip * left);
}

/**
 * The window of one side at a given rate. Of several, where costs have kinks, the one whose curve of V' is the first to
 * make a trade worth its gas: at the others trading would be late.
 *
 * @returns null where the rate is too low for any
 */
export function windowAt(terms: WindowTerms): Window | null {
  let best: Window | null = null;
  for (const stretch of terms.costs.stretches) {
    const window = windowWithin(terms, stretch);
    if (window === null) continue;
    if (best === null || isEarlier(terms, window, best)) best = window;
  }
  return best;
}

/** Whether a window's curve runs on the cautious side of another's: below it for sales, above it for purchases. */
function isEarlier({ sign, rate, motion }: WindowTerms, window: Window, other: Window): boolean {
  const slope = ({ start, marginal, source }: Window, at: number) =>
    sign * marginal + slopeRise(motion, at, at - start, source - at * at);
  // Both curves at the start that lies further right: there neither has been followed against the damping.
  const at = Math.max(window.start, other.start);
  const [one, two] = [slope(window, at), slope(other, at)];
  return rate > 0 && (sign > 0 ? one < two : one > two);
}
