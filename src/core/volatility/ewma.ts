import { InvalidInputError } from '../errors.ts';
import { meanSquare } from '../statistics/moments.ts';
import {
  requireAboveZero,
  requireAtLeastZero,
  requireBetween,
  requireSeries,
} from '../statistics/require.ts';

/** Returns that the first variance is the mean square of, when none is given (RiskMetrics, 1996, starts likewise). */
const WARM_UP = 20;

/** How the weights fall: by `lambda` from one return to the next, or by half in `halfLife` returns; one of the two. */
export interface EwmaOptions {
  readonly lambda?: number;
  readonly halfLife?: number;
  /**
   * Variance per period before the first return. By default it is the mean square of the first 20 returns (or of all,
   * when there are fewer), and the recursion starts with the one after them.
   */
  readonly initialVariance?: number;
  /** Periods in a year; 1, the default, leaves the volatility per period. */
  readonly periodsPerYear?: number;
}

/**
 * Variance forecast after each return, per period: v' = lambda v + (1 - lambda) r^2 (J.P. Morgan and Reuters,
 * RiskMetrics, 1996), about a mean of zero. With a warm-up the first entry is the variance before the recursion starts.
 *
 * @throws InvalidInputError when a return is not finite, there is none, or an option is outside its range
 */
export function ewmaVariances(returns: readonly number[], options: EwmaOptions): number[] {
  requireSeries('returns', returns, 1);
  const lambda = decayOf(options);
  const warmUp = options.initialVariance === undefined ? Math.min(WARM_UP, returns.length) : 0;
  let variance = options.initialVariance ?? meanSquare(returns.slice(0, warmUp));
  requireAtLeastZero('initialVariance', variance);
  const variances = warmUp > 0 ? [variance] : [];
  for (const value of returns.slice(warmUp)) {
    variance = lambda * variance + (1 - lambda) * value * value;
    variances.push(variance);
  }
  return variances;
}

/**
 * Exponentially weighted volatility after the last return: the forecast for the next period, 1.00 = 100 %.
 *
 * @example
 * ewmaVolatility(dailyLogReturns, { halfLife: 11, periodsPerYear: 365 })
 * @throws InvalidInputError as `ewmaVariances`, and when `periodsPerYear` is not above 0
 */
export function ewmaVolatility(returns: readonly number[], options: EwmaOptions): number {
  const periodsPerYear = options.periodsPerYear ?? 1;
  requireAboveZero('periodsPerYear', periodsPerYear);
  return Math.sqrt(ewmaVariances(returns, options).at(-1)! * periodsPerYear);
}

function decayOf({ lambda, halfLife }: EwmaOptions): number {
  if ((lambda === undefined) === (halfLife === undefined)) {
    throw new InvalidInputError('halfLife', halfLife, `either halfLife or lambda, found lambda ${lambda}`);
  }
  if (lambda !== undefined) {
    requireBetween('lambda', lambda, 0, 1);
    return lambda;
  }
  requireAboveZero('halfLife', halfLife!);
  return 0.5 ** (1 / halfLife!);
}
