import { fixed } from '../../report/format.ts';
import type { OneWayReach, Reach } from './reach.ts';
import { type LevelThresholds, nextLevel, type StressLevel, worstLevel } from './stressLevel.ts';
import type { StressCase } from './stressTest.ts';

/** What a vault's stress is measured against. */
export interface StressRules {
  /** Cases within this share of the price count for the level, above 0: 0.2. */
  readonly within: number;
  /** The most that being brought back to neutral may cost in the worst of them, quote. */
  readonly maxCostQuote: number;
  /** How far the price must be able to go either way before the vault cannot be kept neutral, share of it. */
  readonly reach: number;
  /** On figures that are 1 at their limit. */
  readonly thresholds: LevelThresholds;
}

/** Cautious at two thirds of a limit, reducing at the limit, halted at one and a half times it. */
export const defaultStressRules: StressRules = {
  within: 0.2,
  maxCostQuote: 50_000,
  reach: 0.2,
  thresholds: {
    cautious: { enter: 0.67, exit: 0.55 },
    reduce: { enter: 1, exit: 0.85 },
    halt: { enter: 1.5, exit: 1.25 },
  },
};

/** A figure with the case that it comes from; 1 = at its limit. */
export interface StressFigure {
  readonly use: number;
  /** In words: `-20 %, depth / 5: health factor 1.31, floor 1.50`. */
  readonly text: string;
}

/** The three figures of a stress test. */
export interface StressFigures {
  readonly margin: StressFigure;
  readonly cost: StressFigure;
  readonly reach: StressFigure;
}

/** The levels that figures are at, kept from one decision to the next. */
export interface StressLevels {
  readonly margin: StressLevel;
  readonly cost: StressLevel;
  readonly reach: StressLevel;
}

/** Nothing in trouble. */
export const calmLevels: StressLevels = { margin: 'normal', cost: 'normal', reach: 'normal' };

/** The cases that count for a level: those of moves no larger than the rules' range. */
export function casesWithin(
  cases: readonly StressCase[],
  { within }: Pick<StressRules, 'within'>,
): readonly StressCase[] {
  // Steps of a grid are no exact decimals.
  return cases.filter(({ priceChange }) => Math.abs(priceChange) <= within + 1e-9);
}

/** The way in which a vault is kept neutral for less far. */
export function narrowerReach({ down, up }: Reach): OneWayReach {
  return -down.priceChange < up.priceChange ? down : up;
}

/** The worst of a stress test within the rules' range, each as a share of its limit. */
export function stressFigures(
  cases: readonly StressCase[],
  found: Reach,
  minHealthFactor: number,
  rules: StressRules,
): StressFigures {
  const near = casesWithin(cases, rules);
  const margin = worst(near, ({ marginUse }) => marginUse);
  // A trade that no pool takes costs more than any limit.
  const costOf = ({ costQuote }: StressCase) => costQuote ?? Number.POSITIVE_INFINITY;
  const cost = worst(near, costOf);
  const narrow = narrowerReach(found);
  const range = Math.abs(narrow.priceChange);
  return {
    margin: {
      use: margin?.marginUse ?? 0,
      text:
        margin === null || margin.marginUse === 0
          ? 'nothing is owed'
          : `${place(margin)}: health factor ${margin.healthFactor.toFixed(2)}, floor ${minHealthFactor}`,
    },
    cost: {
      use: cost === null ? 0 : costOf(cost) / rules.maxCostQuote,
      text:
        cost === null
          ? 'no case within the range'
          : cost.costQuote === null
            ? `${place(cost)}: no pool takes ${Math.abs(cost.netDelta).toFixed(2)} base`
            : `${place(cost)}: neutral costs ${fixed(cost.costQuote, 2)} quote, at most ${fixed(rules.maxCostQuote, 0)}`,
    },
    reach: {
      use: narrow.end === 'grid' ? 0 : rules.reach / Math.max(range, Number.MIN_VALUE),
      text:
        narrow.end === 'grid'
          ? 'neutral as far as was looked'
          : `neutral to ${fixed(narrow.priceChange * 100, 0)} %, then ${narrow.end} runs out; ${(rules.reach * 100).toFixed(0)} % are asked for`,
    },
  };
}

/**
 * Levels after some figures. Dear or short of means is no reason to stop hedging: these two go no further than `reduce`;
 * only margin can halt.
 */
export function nextLevels(
  previous: StressLevels,
  figures: StressFigures,
  { thresholds }: StressRules,
): StressLevels {
  // Beyond every threshold is beyond every threshold: what is infinite or absurd needs no finer figure.
  const of = (level: StressLevel, { use }: StressFigure) =>
    nextLevel(level, Number.isFinite(use) ? use : Number.POSITIVE_INFINITY, thresholds);
  const atMostReduce = (level: StressLevel): StressLevel => (level === 'halt' ? 'reduce' : level);
  return {
    margin: of(previous.margin, figures.margin),
    cost: atMostReduce(of(previous.cost, figures.cost)),
    reach: atMostReduce(of(previous.reach, figures.reach)),
  };
}

/** The most severe of a vault's levels. */
export function overallLevel({ margin, cost, reach }: StressLevels): StressLevel {
  return worstLevel([margin, cost, reach]);
}

function worst(cases: readonly StressCase[], figure: (one: StressCase) => number): StressCase | null {
  return cases.reduce<StressCase | null>(
    (most, one) => (most === null || figure(one) > figure(most) ? one : most),
    null,
  );
}

function place({ priceChange, volatilityChange, condition }: StressCase): string {
  const sign = (change: number) => `${change >= 0 ? '+' : '−'}${Math.abs(change * 100).toFixed(0)}`;
  const volatility = volatilityChange === 0 ? '' : `, volatility ${sign(volatilityChange)} points`;
  return `${sign(priceChange)} %${volatility}, ${condition}`;
}
