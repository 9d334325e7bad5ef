import { InvalidInputError } from '../../errors.ts';
import { fixed } from '../../report/format.ts';
import type { BreakerEffect, BreakerName, BreakerReading } from './breaker.ts';
import { type MarketTrack, spotBefore, trackVolatility } from './marketTrack.ts';

/** Limits of the breakers; null switches one off. */
export interface BreakerLimits {
  /** Oracle against the middle price of the deep pools, bps. */
  readonly oracleAgainstPoolsBps: number | null;
  /** Oracle against the farthest other feed, bps. */
  readonly secondFeedBps: number | null;
  /** Fresh feeds that there must be; 1 = the oracle alone will do. */
  readonly feedsNeeded: number;
  /** The quote token's price against its peg, bps. */
  readonly quotePegBps: number | null;
  /** Price from one block to the next, bps. */
  readonly priceJumpBps: number | null;
  /** Realised over forecast volatility. */
  readonly volatilityGap: number | null;
  /** Depth over its usual, below which it trips. */
  readonly depthFall: number | null;
  /** The vault's own recent hedges over what pools take within the bound. */
  readonly ownImpact: number | null;
  /** Time that averages must stand on before a breaker leans on them. */
  readonly warmUpSeconds: number;
}

/** Wide enough that a calm market never trips one. */
export const defaultBreakerLimits: BreakerLimits = {
  oracleAgainstPoolsBps: 150,
  secondFeedBps: 150,
  feedsNeeded: 1,
  quotePegBps: 200,
  priceJumpBps: 500,
  volatilityGap: 4,
  depthFall: 0.25,
  ownImpact: 0.5,
  warmUpSeconds: 1_800,
};

/** What the breakers watch; null where it is not known. */
export interface BreakerInput {
  /** Quote per base. */
  readonly oraclePrice: number;
  readonly poolPrices: readonly number[];
  /** Fresh feeds beside the oracle. */
  readonly otherFeedPrices: readonly number[];
  /** The quote token in the currency that it is meant to be worth 1 of. */
  readonly quotePegPrice: number | null;
  readonly sequencer: SequencerState | null;
  /** Fair price now, quote per base. */
  readonly spot: number;
  /** The block's own time. */
  readonly timestampSeconds: number;
  /** What pools take within the bound now, base, the smaller of both sides. */
  readonly depthBase: number;
  /** Annualised, 1.00 = 100 %. */
  readonly forecastVolatility: number;
  /** The blocks before this one; null at the first. */
  readonly track: MarketTrack | null;
  /** Breakers that had tripped when their figures were last known. */
  readonly held: readonly BreakerName[];
}

/** What an L2's uptime feed says. */
export interface SequencerState {
  readonly isUp: boolean;
  /** Since it came up or went down. */
  readonly sinceSeconds: number;
  /** How long after coming up prices are not trusted. */
  readonly graceSeconds: number;
}

/**
 * Reads every breaker. Each stands alone. One that cannot know its figure says so and stays as it was: what is not known
 * trips nothing, and clears nothing either.
 *
 * @throws InvalidInputError when a figure is not a number
 */
export function readBreakers(input: BreakerInput, limits: BreakerLimits): readonly BreakerReading[] {
  return readingsOf(input, limits).map((reading) => {
    if (Number.isNaN(reading.figure)) throw new InvalidInputError(reading.name, Number.NaN, 'a number');
    if (reading.figure !== null || !input.held.includes(reading.name)) return reading;
    return { ...reading, tripped: true, text: `${reading.text}; it had tripped when it last was` };
  });
}

function readingsOf(input: BreakerInput, limits: BreakerLimits): readonly BreakerReading[] {
  const { oraclePrice, poolPrices, otherFeedPrices, quotePegPrice, track } = input;
  const warm = track !== null && track.coveredSeconds >= limits.warmUpSeconds ? track : null;
  const usualDepth = warm === null || warm.usualDepthBase <= 0 ? null : warm.usualDepthBase;
  const before = spotBefore(track, input.timestampSeconds);
  const farthest = (prices: readonly number[]) =>
    prices.length === 0 ? null : Math.max(...prices.map((price) => distanceBps(price, oraclePrice)));
  return [
    above(
      'oracleAgainstPools',
      'bps',
      'halt',
      farthest(poolPrices),
      limits.oracleAgainstPoolsBps,
      'a pool from the oracle',
    ),
    above(
      'secondFeed',
      'bps',
      'halt',
      farthest(otherFeedPrices),
      limits.secondFeedBps,
      'another feed from the oracle',
    ),
    feeds(otherFeedPrices.length + 1, limits.feedsNeeded),
    above(
      'quotePeg',
      'bps',
      'reduceOnly',
      quotePegPrice === null ? null : distanceBps(quotePegPrice, 1),
      limits.quotePegBps,
      'the quote token from its peg',
    ),
    sequencer(input.sequencer),
    above(
      'priceJump',
      'bps',
      'hold',
      before === null ? null : distanceBps(input.spot, before),
      limits.priceJumpBps,
      'the price from the block before',
    ),
    above(
      'volatilityGap',
      'ratio',
      'reduceOnly',
      warm === null ? null : trackVolatility(warm) / input.forecastVolatility,
      limits.volatilityGap,
      'realised over forecast volatility',
    ),
    depthFall(usualDepth === null ? null : input.depthBase / usualDepth, limits.depthFall),
    above(
      'ownImpact',
      'ratio',
      'hold',
      track === null ? null : ratio(track.ownTradedBase, input.depthBase),
      limits.ownImpact,
      'own recent hedges over what the pools take',
    ),
  ].filter((reading) => reading !== null);
}

/** A price exactly at its limit is no more than at it: quotients of doubles miss by less than this share. */
const ROUNDING = 1e-9;

function distanceBps(price: number, from: number): number {
  return (Math.abs(price - from) / from) * 10_000;
}

function ratio(part: number, whole: number): number {
  return part === 0 ? 0 : part / whole;
}

function figureWords(figure: number | null, unit: BreakerReading['unit']): string {
  if (figure === null) return 'not known';
  return unit === 'bps' ? `${fixed(figure, 0)} bps` : fixed(figure, 2);
}

function above(
  name: BreakerName,
  unit: 'bps' | 'ratio',
  effect: BreakerEffect,
  figure: number | null,
  limit: number | null,
  what: string,
): BreakerReading | null {
  if (limit === null) return null;
  const tripped = figure !== null && figure > limit * (1 + ROUNDING);
  const text = `${what}: ${figureWords(figure, unit)}, at most ${figureWords(limit, unit)}`;
  return { name, figure, limit, unit, tripped, effect, text };
}

function depthFall(figure: number | null, limit: number | null): BreakerReading | null {
  if (limit === null) return null;
  const text = `depth of the pools over their usual: ${figureWords(figure, 'ratio')}, at least ${figureWords(limit, 'ratio')}`;
  const tripped = figure !== null && figure < limit * (1 - ROUNDING);
  return { name: 'depthFall', figure, limit, unit: 'ratio', tripped, effect: 'reduceOnly', text };
}

function feeds(found: number, needed: number): BreakerReading | null {
  if (needed <= 1) return null;
  const text = `fresh price feeds: ${found}, at least ${needed}`;
  const tripped = found < needed;
  return {
    name: 'secondFeed',
    figure: found,
    limit: needed,
    unit: 'feeds',
    tripped,
    effect: 'reduceOnly',
    text,
  };
}

function sequencer(state: SequencerState | null): BreakerReading | null {
  if (state === null) return null;
  const { isUp, sinceSeconds, graceSeconds } = state;
  const tripped = !isUp || sinceSeconds < graceSeconds;
  const text = isUp
    ? `the sequencer is up for ${sinceSeconds} s, prices are trusted after ${graceSeconds} s`
    : `the sequencer is down for ${sinceSeconds} s`;
  const figure = isUp ? sinceSeconds : 0;
  return { name: 'sequencer', figure, limit: graceSeconds, unit: 'seconds', tripped, effect: 'halt', text };
}
