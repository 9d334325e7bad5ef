import type { FairPrice } from '../hedge/fairPrice.ts';
import type { HedgeCosts, hedgeCosts } from '../hedge/hedgeCosts.ts';
import { lendingGasQuote, withdrawalGasQuote } from '../hedge/lendingPlan.ts';
import { mandateAccount, ownedBy } from '../hedge/paperLending.ts';
import type { PriceReading, Snapshot } from '../snapshot.ts';
import { max, toWhole } from '../units.ts';
import {
  type BreakerEffect,
  type BreakerName,
  type BreakerReading,
  breakerEffect,
  heldBreakers,
} from './breakers/breaker.ts';
import { type MarketTrack, nextTrack } from './breakers/marketTrack.ts';
import { readBreakers } from './breakers/readBreakers.ts';
import { activeEvents, eventWords, limitsDuring } from './eventCalendar.ts';
import type { Limits } from './limits.ts';
import { isFresh } from './oracle.ts';
import type { PrecautionRecord } from './precautionRecord.ts';
import { type RangeWithdrawal, rangesAtHand, worthFreeing } from './reduce/rangesAtHand.ts';
import { type ReduceAction, reduceActions } from './reduce/reduceActions.ts';
import {
  calmLevels,
  casesWithin,
  narrowerReach,
  nextLevels,
  overallLevel,
  type StressFigures,
  type StressLevels,
} from './stress/stressFigures.ts';
import type { StressLevel } from './stress/stressLevel.ts';
import type { StressLimits } from './stress/stressLimits.ts';
import { stressInputOf, stressView } from './stress/stressView.ts';

/** How a decision is to be taken, given what was looked at. */
export interface Precautions {
  /** As events and the stress level tighten them, or, when reducing, widen them within the mandate. */
  readonly limits: Limits;
  /** The policy's band is drawn in by it. */
  readonly bandFactor: number;
  /** What tripped breakers leave allowed; null = everything. */
  readonly effect: BreakerEffect | null;
  readonly level: StressLevel;
  /** Steps that ease margin, when reducing. */
  readonly actions: readonly ReduceAction[];
  /** Liquidity out of the price to be withdrawn for what it locks, when what is owned does not reach far enough. */
  readonly freed: readonly RangeWithdrawal[];
  readonly record: PrecautionRecord;
}

/** A cautious vault is kept this much closer to neutral. */
const CAUTIOUS_BAND = 0.5;
/**
 * Margin use is brought so far below where the level is left: at its very edge the next block's interest, or the smallest
 * move of a price, would ask for another step, and another.
 */
const REDUCE_BELOW = 0.97;
/** Over which interest is counted when debt is repaid: a week, after which the next decision has long come. */
const HOLDING_YEARS = 7 / 365;

/**
 * Looks at what may go wrong before a vault decides: breakers over the market, stress of the vault itself, dated events.
 * Null where its limits ask for none of it.
 *
 * @param fair what the prices say together
 * @param costsOf what hedging costs, as the policy is told it afterwards
 * @throws InvalidInputError when a position or a limit is impossible
 */
export function precautionsOf(
  snapshot: Snapshot,
  oracle: PriceReading,
  fair: FairPrice,
  limits: Limits,
  costsOf: typeof hedgeCosts,
): Precautions | null {
  const { spot } = fair;
  const { breakers = null, stress = null } = limits;
  const { events = [] } = snapshot.observed;
  if (breakers === null && stress === null && events.length === 0) return null;
  const now = snapshot.chain.block.timestampSeconds;
  const active = activeEvents(events, now);
  const calendar = limitsDuring(limits, active);
  const kept = snapshot.history.precautions;
  const asksForCosts = breakers !== null || stress !== null;
  // An event that tightens the price bound makes no market thinner: breakers compare depths within the vault's own bound.
  const market = asksForCosts ? costsOf(snapshot, spot, limits) : null;
  const isTighter = calendar.limits.maxSlippageBps < limits.maxSlippageBps;
  const costs = isTighter && stress !== null ? costsOf(snapshot, spot, calendar.limits) : market;
  const readings =
    breakers === null || market === null ? [] : breakersOf(snapshot, oracle, fair, market, limits);
  const tripped = readings.filter((reading) => reading.tripped);
  const tried =
    stress === null || costs === null
      ? null
      : tryVault(snapshot, oracle, spot, costs, calendar.limits, stress);
  const levels = tried?.levels ?? calmLevels;
  const level = overallLevel(levels);
  const isReducing = level === 'reduce' || level === 'halt';
  const effect = breakerEffect(readings);
  const maySlip = isReducing ? { maxSlippageBps: snapshot.chain.guard.maxSlippageBps } : {};
  return {
    limits: { ...calendar.limits, ...maySlip, ...(effect === 'reduceOnly' ? { mayBorrow: false } : {}) },
    bandFactor: Math.min(calendar.bandFactor, level === 'normal' ? 1 : CAUTIOUS_BAND),
    effect,
    level,
    actions: tried?.actions ?? [],
    freed: tried?.freed ?? [],
    record: {
      track:
        market === null ? (kept?.track ?? null) : trackAfter(snapshot, spot, market, kept?.track ?? null),
      levels,
      held: heldBreakers(tripped),
      level,
      figures: tried?.figures ?? null,
      tripped,
      events: active.length === 0 ? null : eventWords(active, now),
    },
  };
}

function breakersOf(
  snapshot: Snapshot,
  oracle: PriceReading,
  { spot, poolPrices }: FairPrice,
  costs: HedgeCosts,
  { breakers }: Limits,
): readonly BreakerReading[] {
  if (!breakers) return [];
  const { chain, observed, history } = snapshot;
  const { quotePeg, block } = chain;
  const held = history.precautions?.held ?? [];
  // What the config no longer asks for is no figure that was lost.
  const isAsked = (name: BreakerName) =>
    name === 'quotePeg' ? quotePeg !== undefined : name !== 'secondFeed' || chain.prices.length > 1;
  const isKnown = quotePeg !== undefined && isFresh(quotePeg, block);
  return readBreakers(
    {
      oraclePrice: oracle.price,
      poolPrices,
      otherFeedPrices: chain.prices
        .filter((reading) => reading !== oracle && isFresh(reading, block))
        .map(({ price }) => price),
      quotePegPrice: isKnown ? quotePeg.price : null,
      sequencer: chain.sequencer ?? null,
      spot,
      timestampSeconds: block.timestampSeconds,
      depthBase: Math.min(costs.capacity.sell, costs.capacity.buy),
      forecastVolatility: observed.volatility.volatility,
      track: history.precautions?.track ?? null,
      held: held.filter(isAsked),
    },
    breakers,
  );
}

function trackAfter(
  { chain, history, vault }: Snapshot,
  spot: number,
  { capacity }: HedgeCosts,
  track: MarketTrack | null,
): MarketTrack {
  const { lastHedge } = history;
  return nextTrack(track, {
    blockNumber: chain.block.number,
    timestampSeconds: chain.block.timestampSeconds,
    spot,
    depthBase: Math.min(capacity.sell, capacity.buy),
    ownHedge:
      lastHedge === null
        ? null
        : {
            decidedAtSeconds: lastHedge.timestampSeconds,
            base: toWhole(lastHedge.baseRaw, vault.base.decimals),
          },
  });
}

interface Tried extends Pick<Precautions, 'actions' | 'freed'> {
  readonly figures: StressFigures;
  readonly levels: StressLevels;
}

function tryVault(
  snapshot: Snapshot,
  oracle: PriceReading,
  spot: number,
  costs: HedgeCosts,
  limits: Limits,
  stress: StressLimits,
): Tried {
  const slippageBps = Math.min(limits.maxSlippageBps, snapshot.chain.guard.maxSlippageBps);
  const input = stressInputOf(snapshot, spot, oracle, costs, slippageBps, stress);
  const { cases, figures, reach } = stressView(input, stress);
  const levels = nextLevels(snapshot.history.precautions?.levels ?? calmLevels, figures, stress);
  const isReducing = levels.margin === 'reduce' || levels.margin === 'halt';
  const isShortOfReach = levels.reach === 'reduce';
  const ranges = isReducing || isShortOfReach ? rangesAtHand(snapshot, oracle, spot) : [];
  const freed = isShortOfReach
    ? worthFreeing(ranges, narrowerReach(reach).end, withdrawalGasQuote(snapshot, limits))
    : [];
  const account = mandateAccount(snapshot);
  const worst = casesWithin(cases, stress).toSorted((one, other) => other.marginUse - one.marginUse)[0];
  if (!isReducing || account === undefined || worst === undefined)
    return { figures, levels, actions: [], freed };
  const { minBaseRaw } = snapshot.chain.guard;
  const owned = ownedBy(snapshot);
  const actions = reduceActions({
    account,
    freeBaseRaw: max(owned.baseRaw - max(minBaseRaw, 0n), 0n),
    freeQuoteRaw: max(owned.quoteRaw, 0n),
    ranges,
    factors: worst.factors,
    minHealthFactor: input.borrowing.minHealthFactor,
    goalUse: REDUCE_BELOW * stress.thresholds.reduce.exit,
    legGasQuote: lendingGasQuote(snapshot, limits),
    withdrawalGasQuote: withdrawalGasQuote(snapshot, limits),
    holdingYears: HOLDING_YEARS,
  });
  return { figures, levels, actions, freed: actions.length === 0 ? freed : [] };
}
