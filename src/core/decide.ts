import type { Way } from './amm/twoHop.ts';
import type { CostEstimate, Decision, DecisionNumbers, HedgeDecision, Side, Warning } from './decision.ts';
import { snapshotDeltaStdError } from './exposure/deltaStdError.ts';
import { type NetExposure, netExposure } from './exposure/netExposure.ts';
import { oracleBound, quoteLimit } from './hedge/bound.ts';
import { costOf, furtherLegQuote } from './hedge/cost.ts';
import { type FairPrice, fairPrice, tradablePools, tradableWays } from './hedge/fairPrice.ts';
import { firstSlice, limitsOfSlice } from './hedge/firstSlice.ts';
import { ownLiquidityGain, routeForNet } from './hedge/ownLiquidity.ts';
import { type Route, route } from './hedge/route.ts';
import { sizeOrder } from './hedge/size.ts';
import { swapsIn } from './hedge/splitTerms.ts';
import type { BoundPolicy, PolicyVerdict, PolicyView } from './policy.ts';
import type { MeasuredExposure } from './position.ts';
import { fixed, signed } from './report/format.ts';
import { guardObstacle, historyObstacle } from './risk/checks.ts';
import { limitBrokenBy, staleTooLong } from './risk/haltLimits.ts';
import type { Limits } from './risk/limits.ts';
import type { Obstacle } from './risk/obstacle.ts';
import { usableOracle } from './risk/oracle.ts';
import { volatilityObstacle } from './risk/volatilitySource.ts';
import type { PriceReading, Snapshot, VaultTerms } from './snapshot.ts';
import { toRawDown, toWhole } from './units.ts';

const nothingKnown: DecisionNumbers = { spot: null, exposure: null, netDelta: null, band: null, cost: null };

function halt({ code, why }: Obstacle, numbers: DecisionNumbers): Decision {
  return { kind: 'halt', code, why, warnings: [], numbers };
}

/**
 * How a decision looks at a snapshot: functions of it and of nothing else. Whoever decides again and again on one market
 * may remember what it showed.
 */
export interface Sight {
  fairPrice(snapshot: Snapshot, oracle: PriceReading, limits: Limits): FairPrice;
  netExposure(snapshot: Snapshot, spot: number): NetExposure;
  tradableWays(snapshot: Snapshot): readonly Way[];
}

const plainSight: Sight = { fairPrice, netExposure, tradableWays };

/** What the verdict asks for, made into an order as far as the vault, its mandate and its pools allow. */
interface Plan {
  readonly side: Side;
  readonly route: Route;
  /** What the vault's own liquidity gains as the trade moves its pools, base raw. */
  readonly gainRaw: bigint;
  readonly cuts: readonly Warning[];
  readonly cost: CostEstimate;
  readonly quoteLimitRaw: bigint;
}

/** Why pools do not take all of an order. */
function thinWarning({ baseRaw, endsUnread }: Route, { base }: VaultTerms, slippageBps: number): Warning {
  const taken = `${toWhole(baseRaw, base.decimals)} ${base.symbol}`;
  const text = endsUnread
    ? `the pool was read only as far as ${taken}: widen its priceRange`
    : `pools take ${taken} within ${slippageBps} bps of the oracle`;
  return { code: 'noLiquidity', text };
}

function planTrade(
  snapshot: Snapshot,
  oracle: PriceReading,
  fair: FairPrice,
  tradeBase: number,
  limits: Limits,
  sight: Sight,
): Plan | Obstacle {
  const { vault, native, chain } = snapshot;
  const side: Side = tradeBase < 0 ? 'sell' : 'buy';
  const slippageBps = Math.min(limits.maxSlippageBps, chain.guard.maxSlippageBps);
  const bound = oracleBound(side, oracle, slippageBps);
  const wantedRaw = toRawDown(Math.abs(tradeBase), vault.base.decimals);
  if (wantedRaw === 0n) {
    const why = `${tradeBase} ${vault.base.symbol} is less than the smallest unit of it`;
    return { code: 'belowMinimum', why };
  }
  const sized = sizeOrder(side, wantedRaw, snapshot, oracle, bound, limits);
  const first = sized.cuts[0];
  if (sized.baseRaw === 0n && first !== undefined)
    return { code: first.code, why: `cannot ${side}: ${first.text}` };
  const pools = tradablePools(snapshot);
  const terms = {
    side,
    base: vault.base.address,
    pools: sight.tradableWays(snapshot),
    bound,
    toleranceBps: limits.quoteToleranceBps,
    furtherLegQuoteRaw: furtherLegQuote(native, limits) * 10 ** vault.quote.decimals,
  };
  const found = routeForNet(side, wantedRaw, (baseRaw) => {
    const size = sizeOrder(side, baseRaw, snapshot, oracle, bound, limits);
    const routed = route({ ...terms, baseRaw: size.baseRaw });
    if (routed === null) return null;
    return { size, route: routed, gainRaw: ownLiquidityGain(chain.positions, pools, routed.moves) };
  });
  if (found === null) {
    const why = `no allowed pool would ${side === 'sell' ? 'buy' : 'sell'} within ${slippageBps} bps of the oracle`;
    return { code: 'noLiquidity', why };
  }
  const { size, gainRaw } = found;
  const thin = found.route.baseRaw < size.baseRaw ? [thinWarning(found.route, vault, slippageBps)] : [];
  const quoteLimitRaw = quoteLimit({
    side,
    baseRaw: found.route.baseRaw,
    expectedQuoteRaw: found.route.quoteRaw,
    bound,
    quoteToleranceBps: limits.quoteToleranceBps,
  });
  const { quoteRaw } = found.route;
  if (side === 'sell' ? quoteRaw < quoteLimitRaw : quoteRaw > quoteLimitRaw) {
    const why = `the pools round ${toWhole(quoteRaw, vault.quote.decimals)} ${vault.quote.symbol} beyond ${slippageBps} bps of the oracle`;
    return { code: 'noLiquidity', why };
  }
  const cost = costOf(
    side,
    { ...found.route, swaps: swapsIn(found.route.legs) },
    fair.spot,
    vault,
    native,
    limits,
  );
  return { side, route: found.route, gainRaw, cuts: [...size.cuts, ...thin], cost, quoteLimitRaw };
}

/** Why a plan is not worth or not allowed a transaction now; null where it is. */
function planObstacle(plan: Plan, snapshot: Snapshot, spot: number, limits: Limits): Obstacle | null {
  const { vault, history, chain } = snapshot;
  const notional = toWhole(plan.route.baseRaw, vault.base.decimals) * spot;
  const cut = plan.cuts[0];
  if (notional < limits.minTradeQuote) {
    const trade = `${fixed(notional, 2)} ${vault.quote.symbol} is less than the smallest trade of ${limits.minTradeQuote}`;
    return cut === undefined
      ? { code: 'belowMinimum', why: trade }
      : { code: cut.code, why: `${cut.text}; ${trade}` };
  }
  if (plan.cost.gasQuote > limits.maxGasQuote) {
    const why = `gas would cost ${fixed(plan.cost.gasQuote, 2)} ${vault.quote.symbol}, the cap is ${limits.maxGasQuote}`;
    return { code: 'gasCap', why };
  }
  const paidToday = toWhole(history.gasPaidLastDayWei ?? 0n, 18) * snapshot.native.priceQuote;
  const { maxGasPerDayQuote: perDay = null } = limits;
  if (perDay !== null && paidToday + plan.cost.gasQuote > perDay) {
    const why = `gas of the last day is ${fixed(paidToday, 2)} ${vault.quote.symbol}, with this hedge ${fixed(paidToday + plan.cost.gasQuote, 2)}, the cap is ${perDay}`;
    return { code: 'gasPerDay', why };
  }
  const since = history.lastHedge && chain.block.timestampSeconds - history.lastHedge.timestampSeconds;
  if (since !== null && since < limits.minSpacingSeconds) {
    return {
      code: 'spacing',
      why: `the last hedge was ${since} s ago, the least spacing is ${limits.minSpacingSeconds} s`,
    };
  }
  return null;
}

function hedgeDecision(
  plan: Plan,
  verdict: PolicyVerdict,
  view: PolicyView,
  numbers: DecisionNumbers,
  limits: Limits,
): HedgeDecision {
  const { base } = view.snapshot.vault;
  const filled = toWhole(plan.route.baseRaw, base.decimals) * (plan.side === 'sell' ? -1 : 1);
  const gained = toWhole(plan.gainRaw, base.decimals);
  const cut = plan.cuts[0];
  return {
    kind: 'hedge',
    code: cut?.code ?? verdict.code,
    why: cut === undefined ? verdict.why : `${verdict.why}; only in part: ${cut.text}`,
    warnings: plan.cuts,
    numbers: { ...numbers, cost: plan.cost },
    plan: {
      side: plan.side,
      baseRaw: plan.route.baseRaw,
      quoteLimitRaw: plan.quoteLimitRaw,
      expectedQuoteRaw: plan.route.quoteRaw,
      minFillBps: limits.minFillBps,
      legs: plan.route.legs,
    },
    netDeltaAfter: view.netDelta + filled + gained,
  };
}

/**
 * The decision: a pure function of what was read, the policy and the limits. It halts on anything that makes the
 * numbers untrustworthy or an order impossible, asks the policy otherwise, and makes an order of the answer that is
 * bounded by the oracle and by the pools' own arithmetic, cut to what the vault owns and is allowed.
 *
 * @param snapshot plain data read at one block
 * @param sight answers of others than the functions themselves, equal to theirs
 * @throws BallastError for data that no market can produce (a negative liquidity, a non-finite greek)
 */
export function decide(
  snapshot: Snapshot,
  policy: BoundPolicy,
  limits: Limits,
  sight: Sight = plainSight,
): Decision {
  const oracle = usableOracle(snapshot);
  if ('code' in oracle) return halt(staleTooLong(snapshot, limits.halts ?? null) ?? oracle, nothingKnown);
  const fair = sight.fairPrice(snapshot, oracle, limits);
  const decision = decideAt(fair, oracle, snapshot, policy, limits, sight);
  return { ...decision, warnings: [...decision.warnings, ...fair.leftOut] };
}

/** {@link decide}, once prices are known. */
function decideAt(
  fair: FairPrice,
  oracle: PriceReading,
  snapshot: Snapshot,
  policy: BoundPolicy,
  limits: Limits,
  sight: Sight,
): Decision {
  const unpriced = volatilityObstacle(snapshot.observed, snapshot.chain.block);
  if (unpriced !== null)
    return halt(staleTooLong(snapshot, limits.halts ?? null) ?? unpriced, {
      ...nothingKnown,
      spot: fair.spot,
    });
  const { exposure: greeks, netDelta, grossDelta } = sight.netExposure(snapshot, fair.spot);
  const exposure: MeasuredExposure = { ...greeks, deltaStdError: snapshotDeltaStdError(snapshot, fair.spot) };
  const numbers: DecisionNumbers = { spot: fair.spot, exposure, netDelta, band: null, cost: null };
  const obstacle = guardObstacle(snapshot) ?? historyObstacle(snapshot, limits);
  if (obstacle !== null) return halt(obstacle, numbers);
  if (fair.divergenceBps > limits.maxDivergenceBps) {
    const why = `a pool or feed is ${fixed(fair.divergenceBps, 0)} bps from the oracle, at most ${limits.maxDivergenceBps} are trusted`;
    return halt({ code: 'oracleDiverges', why }, numbers);
  }
  if (sight.tradableWays(snapshot).length === 0) {
    return halt(
      { code: 'noPool', why: 'the mandate allows no way over the configured pools: run ballast mandate' },
      numbers,
    );
  }
  const view: PolicyView = { snapshot, exposure, netDelta, grossDelta, spot: fair.spot, limits };
  const verdict = policy.verdict(view);
  const seen = { ...numbers, band: verdict.band };
  const explained = verdict.explanation === undefined ? {} : { explanation: verdict.explanation };
  if (!verdict.trade)
    return { kind: 'hold', code: verdict.code, why: verdict.why, warnings: [], numbers: seen, ...explained };
  const wanted = verdict.targetNetDelta - netDelta;
  const slice = limits.slice ? firstSlice(snapshot, fair.spot, wanted, limits.slice, limits) : null;
  const planned = planTrade(snapshot, oracle, fair, slice?.tradeBase ?? wanted, limits, sight);
  const plan =
    'code' in planned || slice === null ? planned : { ...planned, cuts: [...planned.cuts, slice.warning] };
  if ('code' in plan) {
    const warnings = plan.code === 'belowMinimum' ? [] : [warningOf(plan, netDelta)];
    return { kind: 'hold', ...plan, warnings, numbers: seen, ...explained };
  }
  const notional = toWhole(plan.route.baseRaw, snapshot.vault.base.decimals) * fair.spot;
  const broken = limitBrokenBy(snapshot, limits.halts ?? null, notional, plan.cost.gasQuote);
  if (broken !== null) return { ...halt(broken, { ...seen, cost: plan.cost }), ...explained };
  const spaced = slice !== null && limits.slice ? limitsOfSlice(limits, limits.slice) : limits;
  const refused = planObstacle(plan, snapshot, fair.spot, spaced);
  if (refused !== null) {
    return {
      kind: 'hold',
      ...refused,
      warnings: plan.cuts,
      numbers: { ...seen, cost: plan.cost },
      ...explained,
    };
  }
  return { ...hedgeDecision(plan, verdict, view, seen, limits), ...explained };
}

/** Net delta stays where it is although the policy wanted it gone: somebody should know. */
function warningOf(obstacle: Obstacle, netDelta: number): Warning {
  return { code: obstacle.code, text: `net delta stays at ${signed(netDelta)}: ${obstacle.why}` };
}
