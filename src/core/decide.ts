import type { Way } from './amm/twoHop.ts';
import type { Decision, DecisionNumbers, HedgeDecision, Warning } from './decision.ts';
import { snapshotDeltaStdError } from './exposure/deltaStdError.ts';
import { type NetExposure, netExposure } from './exposure/netExposure.ts';
import { type FairPrice, fairPrice, tradableWays } from './hedge/fairPrice.ts';
import { firstSlice, limitsOfSlice } from './hedge/firstSlice.ts';
import type { hedgeCosts } from './hedge/hedgeCosts.ts';
import { planObstacle, planTrade, type TradePlan } from './hedge/planTrade.ts';
import { sharedCosts } from './hedge/sharedCosts.ts';
import { wrongWay } from './hedge/wrongWay.ts';
import type { BoundPolicy, PolicyVerdict, PolicyView } from './policy.ts';
import type { MeasuredExposure } from './position.ts';
import { fixed, signed } from './report/format.ts';
import { carefulDecision, drawnIn } from './risk/carefulDecision.ts';
import { guardObstacle, historyObstacle } from './risk/checks.ts';
import { limitBrokenBy, staleTooLong } from './risk/haltLimits.ts';
import { defaultLimits, type Limits } from './risk/limits.ts';
import type { Obstacle } from './risk/obstacle.ts';
import { usableOracle } from './risk/oracle.ts';
import { precautionsOf } from './risk/precautions.ts';
import { volatilityObstacle } from './risk/volatilitySource.ts';
import type { PriceReading, Snapshot } from './snapshot.ts';
import { toWhole } from './units.ts';

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
  /** Where it is left out, costs are worked out once for each decision. */
  readonly hedgeCosts?: typeof hedgeCosts;
}

const plainSight: Sight = { fairPrice, netExposure, tradableWays };

/** What a trade is done with, where not everything is owned. */
function instrumentsOf({ lending }: TradePlan): Pick<HedgeDecision, 'instruments' | 'cheaperUnexecutable'> {
  if (lending === null) return {};
  const { instruments, cheaperUnexecutable } = lending;
  return { instruments, ...(cheaperUnexecutable === null ? {} : { cheaperUnexecutable }) };
}

/** What a full fill changes net delta by, own liquidity included, base units. */
function movedBy({ route, side, gainRaw }: TradePlan, { vault: { base } }: Snapshot): number {
  const filled = toWhole(route.baseRaw, base.decimals) * (side === 'sell' ? -1 : 1);
  return filled + toWhole(gainRaw, base.decimals);
}

function hedgeDecision(
  plan: TradePlan,
  verdict: PolicyVerdict,
  view: PolicyView,
  numbers: DecisionNumbers,
  limits: Limits,
): HedgeDecision {
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
      ...(plan.lending === null ? {} : { lending: plan.lending.steps }),
    },
    netDeltaAfter: view.netDelta + movedBy(plan, view.snapshot),
    ...instrumentsOf(plan),
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
  if (fair.leftOut.length === 0) return decision;
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
  const costs = sight.hedgeCosts ?? sharedCosts();
  const care = precautionsOf(snapshot, oracle, fair, limits, costs);
  const view: PolicyView = {
    snapshot,
    exposure,
    netDelta,
    grossDelta,
    spot: fair.spot,
    limits: care?.limits ?? limits,
    hedgeCosts: costs,
  };
  if (care === null) return decideOn(view, fair, oracle, policy.verdict(view), numbers, sight);
  const verdict = () => drawnIn(policy.verdict(view), netDelta, care.bandFactor);
  const precautions = care.record;
  const taken = carefulDecision(care, view, numbers);
  if (taken === null) return { ...decideOn(view, fair, oracle, verdict(), numbers, sight), precautions };
  if (taken.code === 'stress') {
    // Buying back what is owed takes the very risk away that it halts for.
    const own = decideOn(view, fair, oracle, verdict(), numbers, sight);
    if (own.kind === 'hedge' && isRepaidWhole(own)) return { ...own, precautions };
  }
  if (taken.kind !== 'hold') return { ...taken, precautions };
  // How far a vault is from its band while it is held back is what somebody has to be told.
  return { ...taken, numbers: { ...taken.numbers, band: verdict().band }, precautions };
}

/** Whether all that a hedge buys repays debt. */
function isRepaidWhole({ plan: { side, baseRaw, lending } }: HedgeDecision): boolean {
  const repaid = (lending?.after ?? []).reduce((sum, { amountRaw }) => sum + amountRaw, 0n);
  return side === 'buy' && repaid === baseRaw;
}

/** Makes an order of what the policy says, as far as the vault, its mandate and its pools allow. */
function decideOn(
  view: PolicyView,
  fair: FairPrice,
  oracle: PriceReading,
  verdict: PolicyVerdict,
  numbers: DecisionNumbers,
  sight: Sight,
): Decision {
  const { snapshot, netDelta, limits = defaultLimits } = view;
  const seen = { ...numbers, band: verdict.band };
  const explained = verdict.explanation === undefined ? {} : { explanation: verdict.explanation };
  if (!verdict.trade)
    return { kind: 'hold', code: verdict.code, why: verdict.why, warnings: [], numbers: seen, ...explained };
  const wanted = verdict.targetNetDelta - netDelta;
  const slice = limits.slice ? firstSlice(view, wanted, limits.slice, limits) : null;
  const ways = sight.tradableWays(snapshot);
  const planned = planTrade(snapshot, oracle, fair.spot, slice?.tradeBase ?? wanted, limits, ways);
  const plan =
    'code' in planned || slice === null ? planned : { ...planned, cuts: [...planned.cuts, slice.warning] };
  if ('code' in plan) {
    const warnings = plan.code === 'belowMinimum' ? [] : [warningOf(plan, netDelta)];
    return { kind: 'hold', ...plan, warnings, numbers: seen, ...explained };
  }
  const astray = wrongWay({
    netDelta,
    target: verdict.targetNetDelta,
    moved: movedBy(plan, snapshot),
    traded: toWhole(plan.route.baseRaw, snapshot.vault.base.decimals),
    band: verdict.band,
  });
  if (astray !== null) {
    const warnings = [warningOf(astray, netDelta)];
    return { kind: 'hold', ...astray, warnings, numbers: { ...seen, cost: plan.cost }, ...explained };
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
