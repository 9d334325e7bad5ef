import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireAtLeastZero, requireInteger } from '../statistics/require.ts';

/** A position to be sold (or bought) in equal intervals; time in any unit, the same throughout. */
export interface ExecutionInput {
  /** Base units to trade. */
  readonly quantity: number;
  readonly horizon: number;
  readonly intervals: number;
  /** Standard deviation of the price over one unit of time, in quote: absolute, not relative. */
  readonly volatility: number;
  /** Price given up for each base unit traded per unit of time, quote (eta). */
  readonly temporaryImpact: number;
  /** Price that stays lost for each base unit traded, quote (gamma). */
  readonly permanentImpact: number;
  /** Fixed price given up on every base unit, half the spread and the fee, quote (epsilon). */
  readonly fixedCost: number;
  /** Lambda, 1/quote: a variance of Var costs lambda Var. */
  readonly riskAversion: number;
}

/** The schedule that costs least, risk included. */
export interface ExecutionSchedule {
  /** Base units left at the start and after each interval: from all to none. */
  readonly holdings: readonly number[];
  /** Base units traded in each interval. */
  readonly trades: readonly number[];
  /** Quote. */
  readonly expectedCost: number;
  /** Of the cost, quote squared. */
  readonly variance: number;
  /** Expected cost plus risk aversion times variance, quote. */
  readonly utility: number;
  /** How fast to trade, per unit of time; 0 where risk costs nothing. */
  readonly urgency: number;
  /** Time in which the position falls by a factor e where the horizon is far: 1 / urgency. */
  readonly tradeTime: number;
}

/**
 * The schedule with the least expected cost plus risk aversion times variance, under linear impact (R. Almgren and
 * N. Chriss, "Optimal execution of portfolio transactions", 2000, equations 16 to 20): holdings fall as a hyperbolic
 * sine, and in a straight line where risk costs nothing.
 *
 * @throws InvalidInputError naming the field when a number is outside its range, or when the permanent impact of one
 * interval exceeds twice the temporary one, where splitting has no best
 */
export function optimalExecution(input: ExecutionInput): ExecutionSchedule {
  const { quantity, horizon, intervals, volatility, riskAversion } = input;
  const { temporaryImpact, permanentImpact, fixedCost } = input;
  requireAboveZero('quantity', quantity);
  requireAboveZero('horizon', horizon);
  requireInteger('intervals', intervals, 1, 1_000_000);
  for (const name of ['volatility', 'permanentImpact', 'fixedCost', 'riskAversion'] as const) {
    requireAtLeastZero(name, input[name]);
  }
  requireAboveZero('temporaryImpact', temporaryImpact);
  const interval = horizon / intervals;
  const impact = temporaryImpact - 0.5 * permanentImpact * interval;
  if (!(impact > 0)) {
    throw new InvalidInputError(
      'permanentImpact',
      permanentImpact,
      `below ${(2 * temporaryImpact) / interval}`,
    );
  }
  const bend = (riskAversion * volatility * volatility * interval * interval) / impact;
  // 2 asinh(sqrt(bend) / 2) is acosh(bend / 2 + 1) without the cancellation at small bends.
  const step = 2 * Math.asinh(0.5 * Math.sqrt(bend));
  const holdings = Array.from({ length: intervals + 1 }, (_, j) =>
    j === 0
      ? quantity
      : quantity * sinhRatio(step * (intervals - j), step * intervals, (intervals - j) / intervals),
  );
  const trades = holdings.slice(1).map((left, j) => holdings[j]! - left);
  const squaredTrades = trades.reduce((sum, trade) => sum + trade * trade, 0);
  const squaredHoldings = holdings.slice(1).reduce((sum, left) => sum + left * left, 0);
  const expectedCost =
    0.5 * permanentImpact * quantity * quantity + fixedCost * quantity + (impact / interval) * squaredTrades;
  const variance = volatility * volatility * interval * squaredHoldings;
  const urgency = step / interval;
  return {
    holdings,
    trades,
    expectedCost,
    variance,
    utility: expectedCost + riskAversion * variance,
    urgency,
    tradeTime: 1 / urgency,
  };
}

/** sinh(a) / sinh(b) for 0 <= a <= b, `limit` where both are 0; exponentials of large numbers never meet. */
function sinhRatio(a: number, b: number, limit: number): number {
  if (b === 0) return limit;
  return (Math.exp(a - b) * Math.expm1(-2 * a)) / Math.expm1(-2 * b);
}
