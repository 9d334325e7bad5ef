import type { Way } from '../amm/twoHop.ts';
import type { CostEstimate, Warning } from '../decision.ts';
import { liveOptions } from '../exposure/bookTerms.ts';
import { fixed, significant } from '../report/format.ts';
import type { Limits } from '../risk/limits.ts';
import type { Obstacle } from '../risk/obstacle.ts';
import type { Side } from '../side.ts';
import type { PriceReading, Snapshot, VaultTerms } from '../snapshot.ts';
import { SECONDS_PER_YEAR, toRawDown, toWhole } from '../units.ts';
import { oracleBound, quoteLimit } from './bound.ts';
import { costOf, furtherLegQuote } from './cost.ts';
import { tradablePools } from './fairPrice.ts';
import { type LendingPlan, lenderOf, lendingPlan } from './lendingPlan.ts';
import { ownLiquidityGain, routeForNet } from './ownLiquidity.ts';
import { type Route, route } from './route.ts';
import { sizeOrder } from './size.ts';
import { swapsIn } from './splitTerms.ts';

/** Legs that one order holds, and lending steps that one hedge takes at most: two before, or one on either side. */
const [MOST_LEGS, MOST_STEPS] = [8, 2];
/** How long what nothing ends is held. */
const OPEN_HOLDING_YEARS = 0.25;

/** What the verdict asks for, made into an order as far as the vault, its mandate and its pools allow. */
export interface TradePlan {
  readonly side: Side;
  readonly route: Route;
  /** What the vault's own liquidity gains as the trade moves its pools, base raw. */
  readonly gainRaw: bigint;
  readonly cuts: readonly Warning[];
  readonly cost: CostEstimate;
  readonly quoteLimitRaw: bigint;
  /** What is withdrawn, borrowed or repaid with it; null where nothing is. */
  readonly lending: LendingPlan | null;
}

/** Why pools do not take all of an order. */
function thinWarning({ baseRaw, endsUnread }: Route, { base }: VaultTerms, slippageBps: number): Warning {
  const taken = `${significant(toWhole(baseRaw, base.decimals), 6)} ${base.symbol}`;
  const text = endsUnread
    ? `the pool was read only as far as ${taken}: widen its priceRange`
    : `pools take ${taken} within ${slippageBps} bps of the oracle`;
  return { code: 'noLiquidity', text };
}

/**
 * Makes an order of a trade, cut to what the vault owns, may borrow and is allowed, and routed over the pools that are open.
 *
 * @param spot fair price, quote per base
 * @param tradeBase base units, below 0 to be sold
 * @param ways that the account's guard allows
 */
export function planTrade(
  snapshot: Snapshot,
  oracle: PriceReading,
  spot: number,
  tradeBase: number,
  limits: Limits,
  ways: readonly Way[],
): TradePlan | Obstacle {
  const { vault, native, chain } = snapshot;
  const side: Side = tradeBase < 0 ? 'sell' : 'buy';
  const slippageBps = Math.min(limits.maxSlippageBps, chain.guard.maxSlippageBps);
  const bound = oracleBound(side, oracle, slippageBps);
  const wantedRaw = toRawDown(Math.abs(tradeBase), vault.base.decimals);
  if (wantedRaw === 0n) {
    const why = `${tradeBase} ${vault.base.symbol} is less than the smallest unit of it`;
    return { code: 'belowMinimum', why };
  }
  const lender = lenderOf(snapshot, limits);
  const sizeOf = (baseRaw: bigint) => sizeOrder(side, baseRaw, snapshot, oracle, bound, limits, lender);
  const sized = sizeOf(wantedRaw);
  const first = sized.cuts[0];
  if (sized.baseRaw === 0n && first !== undefined)
    return { code: first.code, why: `cannot ${side}: ${first.text}` };
  const pools = tradablePools(snapshot);
  const terms = {
    side,
    base: vault.base.address,
    pools: ways,
    bound,
    toleranceBps: limits.quoteToleranceBps,
    furtherLegQuoteRaw: furtherLegQuote(native, limits) * 10 ** vault.quote.decimals,
    ...(lender === null ? {} : { maxLegs: MOST_LEGS - MOST_STEPS }),
  };
  const found = routeForNet(side, wantedRaw, (baseRaw) => {
    const size = baseRaw === wantedRaw ? sized : sizeOf(baseRaw);
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
    spot,
    vault,
    native,
    limits,
  );
  const horizonYears = lender === null ? 0 : holdingYears(snapshot);
  const order = { side, baseRaw: found.route.baseRaw, quoteLimitRaw };
  const lending = lendingPlan(order, snapshot, lender, limits, horizonYears);
  return {
    side,
    route: found.route,
    gainRaw,
    cuts: [...size.cuts, ...thin],
    cost: lending === null ? cost : withGas(cost, lending.gasQuote),
    quoteLimitRaw,
    lending,
  };
}

/** How long a hedge is held: until the options that it hedges end, by their sizes; a quarter of a year where there is none. */
function holdingYears(snapshot: Snapshot): number {
  const options = liveOptions(snapshot);
  const total = options.reduce((sum, { size }) => sum + Math.abs(size), 0);
  if (total === 0) return OPEN_HOLDING_YEARS;
  const now = snapshot.chain.block.timestampSeconds;
  const weighted = options.reduce(
    (sum, { size, expirySeconds }) => sum + Math.abs(size) * (expirySeconds - now),
    0,
  );
  return weighted / total / SECONDS_PER_YEAR;
}

function withGas(cost: CostEstimate, more: number): CostEstimate {
  const totalQuote = cost.totalQuote + more;
  const bps = cost.totalQuote === 0 ? 0 : (cost.bps * totalQuote) / cost.totalQuote;
  return { ...cost, gasQuote: cost.gasQuote + more, totalQuote, bps };
}

/** Why a plan is not worth or not allowed a transaction now; null where it is. */
export function planObstacle(
  plan: TradePlan,
  snapshot: Snapshot,
  spot: number,
  limits: Limits,
): Obstacle | null {
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
