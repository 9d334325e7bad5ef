import type { Explanation, SettlementAhead, Side } from '../../core/decision.ts';
import { liveOptions } from '../../core/exposure/bookTerms.ts';
import { exposureOf } from '../../core/exposure/exposure.ts';
import { marketView } from '../../core/exposure/netExposure.ts';
import type { HedgeCosts } from '../../core/hedge/hedgeCosts.ts';
import { bracketedRoot, nearerEnd } from '../../core/math/bracketedRoot.ts';
import type { PolicyView } from '../../core/policy.ts';

const HOURS_PER_YEAR = 8_760;
const SECONDS_PER_DAY = 86_400;

/** Gas and gamma may differ from what they are by up to this factor before nothing is said. */
const FARTHEST = 1e6;

/** What a band was made of, and what would have been made of other numbers. */
export interface Weighed {
  readonly costs: HedgeCosts;
  readonly riskAversion: number;
  readonly gamma: number;
  readonly horizonYears: number;
  /** Signed net delta after the trade that is asked about. */
  readonly target: number;
  /** By how much the act level of the side that net delta is on would grow, were gas and gamma so many times theirs. */
  readonly growth: (gasFactor: number, gammaFactor: number) => number;
  /** Size of net delta over the act level of its side. */
  readonly reach: number;
}

/** Cost of a trade of this much base, gas included; null beyond what pools take. */
function costOfTrade({ costs }: Weighed, base: number): number | null {
  const side: Side = base < 0 ? 'sell' : 'buy';
  const size = Math.abs(base);
  if (size > costs.capacity[side]) return null;
  return size === 0 ? 0 : costs[side].cost(size) + costs.gasQuote;
}

/** The factor at which the act level reaches net delta, in either direction; null where none does. */
function turningPoint(growth: (factor: number) => number, reach: number): number | null {
  const miss = (log: number) => Math.log(growth(Math.exp(log)) / reach);
  const now = miss(0);
  const far = Math.log(FARTHEST) * (now < 0 ? 1 : -1);
  const there = miss(far);
  if (!(Number.isFinite(now) && Number.isFinite(there)) || now === 0 || now < 0 === there < 0) return null;
  return Math.exp(nearerEnd(bracketedRoot(miss, 0, now, far, there, 1e-6)));
}

/** What unwinding the hedges of cash-settled options that were written and end soon would cost now. */
function settlementsAhead(
  view: PolicyView,
  weighed: Weighed,
  windowDays: number,
): readonly SettlementAhead[] {
  const market = marketView(view.snapshot, view.spot);
  const latest = market.nowSeconds + windowDays * SECONDS_PER_DAY;
  return liveOptions(view.snapshot)
    .filter(
      ({ size, settlement, expirySeconds }) => size < 0 && settlement !== 'base' && expirySeconds <= latest,
    )
    .map((option) => {
      const hedgeBase = -exposureOf(option, market).delta + 0;
      const { label, expirySeconds } = option;
      return { label, expirySeconds, hedgeBase, unwindCostQuote: costOfTrade(weighed, -hedgeBase) };
    });
}

/** The numbers behind a verdict, and those at which it would be the other one. */
export function explain(view: PolicyView, weighed: Weighed, windowDays: number): Explanation {
  const { costs, riskAversion, gamma, growth, reach } = weighed;
  const { volatility } = view.snapshot.observed.volatility;
  const riskPerYear = (riskAversion * (volatility * view.spot * view.netDelta) ** 2) / 2;
  const gasFactor = reach > 0 ? turningPoint((factor) => growth(factor, 1), reach) : null;
  const gammaFactor = reach > 0 && gamma !== 0 ? turningPoint((factor) => growth(1, factor), reach) : null;
  return {
    costNowQuote: costOfTrade(weighed, weighed.target - view.netDelta),
    waitingQuotePerHour: riskPerYear / HOURS_PER_YEAR,
    gasQuote: costs.gasQuote,
    changesAtGasQuote: gasFactor === null ? null : gasFactor * costs.gasQuote,
    changesAtGamma: gammaFactor === null ? null : gammaFactor * Math.abs(gamma),
    gamma,
    horizonYears: weighed.horizonYears,
    settlements: settlementsAhead(view, weighed, windowDays),
  };
}

/** How long ago the last hedge was; infinite where there was none. */
export function secondsSinceHedge({ snapshot: { chain, history } }: PolicyView): number {
  const { lastHedge } = history;
  return lastHedge === null
    ? Number.POSITIVE_INFINITY
    : chain.block.timestampSeconds - lastHedge.timestampSeconds;
}
