import { InvalidInputError } from '../errors.ts';
import { compensatedSum } from '../math/sum.ts';
import { requireAboveZero, requireSeries } from '../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { fitGarch, type GarchFit } from './fitGarch.ts';
import { forecastVolatility } from './forecast.ts';
import { logForecastStdError } from './garchForecastError.ts';
import type { GarchModel } from './garchModel.ts';
import { type IrregularEwmaOptions, irregularEwmaVolatility } from './irregular.ts';
import { type PriceObservation, timedReturns } from './observations.ts';

/** A volatility per year with what is known of its error. */
export interface VolatilityEstimate {
  readonly volatility: number;
  /** One standard error, in the unit of `volatility`. */
  readonly stdError: number;
  /** Returns that it was made from. */
  readonly returns: number;
}

/** How a history becomes one number. */
export type VolatilityMethod =
  /** Every return weighs the same. */
  | { readonly kind: 'realized' }
  /** A return of that age weighs half. */
  | { readonly kind: 'ewma'; readonly halfLifeSeconds: number }
  /** Expected over the horizon by a fitted model. */
  | { readonly kind: 'garch'; readonly model: GarchModel; readonly horizonSeconds: number };

/** What equally spaced returns are. */
export interface ReturnSeries {
  /** Oldest first. */
  readonly logReturns: readonly number[];
  readonly intervalSeconds: number;
  /**
   * Whether they lie between mean prices of whole intervals instead of prices at moments. Such returns have 2/3 of the
   * variance and a correlation of 1/4 from one to the next (H. Working, 1960), which is put right here.
   */
  readonly areOfMeans: boolean;
}

/** Fewer than this are an anecdote. */
const LEAST_RETURNS = 20;
const NORMAL_KURTOSIS = 3;

/**
 * Volatility from equally spaced returns about a mean of zero, with its standard error: from the weights and the kurtosis
 * of the returns, taken as normal at the least; for `garch` also from what is not known of the parameters.
 *
 * @throws InvalidInputError when there are fewer than 20 returns (for `garch` 50), one is not finite, or a number of the
 * method is not above 0
 */
export function estimateVolatility(series: ReturnSeries, method: VolatilityMethod): VolatilityEstimate {
  const { logReturns, intervalSeconds } = series;
  requireSeries('logReturns', logReturns, LEAST_RETURNS);
  requireAboveZero('intervalSeconds', intervalSeconds);
  const squares = logReturns.map((value) => value * value);
  if (method.kind === 'garch' && squares.some((square) => square > 0)) {
    return forecastEstimate(series, fitGarch(logReturns, { model: method.model, mean: 'zero' }), method);
  }
  const weights = weightsOf(logReturns.length, intervalSeconds, method);
  const variance = compensatedSum(squares.map((square, index) => weights[index]! * square));
  return perYear(series, variance, logVarianceError(squares, weights, series.areOfMeans));
}

/**
 * What a model that was fitted to a series expects over a horizon, per year, with its standard error: from what is not
 * known of the parameters, and at the least that of the series as a whole.
 *
 * @param fit of the same returns, about a mean of zero
 * @throws InvalidInputError when the horizon is not above 0, or too long for the model
 */
export function forecastEstimate(
  series: ReturnSeries,
  fit: GarchFit,
  { horizonSeconds }: { readonly horizonSeconds: number },
): VolatilityEstimate {
  const { logReturns, intervalSeconds, areOfMeans } = series;
  requireAboveZero('horizonSeconds', horizonSeconds);
  const horizon = Math.max(1, Math.round(horizonSeconds / intervalSeconds));
  const { totalVariance } = forecastVolatility(fit, horizon);
  const squares = logReturns.map((value) => value * value);
  const even = weightsOf(logReturns.length, intervalSeconds, { kind: 'realized' });
  const ofModel = logForecastStdError(fit, logReturns, horizon, 'zero') ?? 0;
  return perYear(
    series,
    totalVariance / horizon,
    Math.max(logVarianceError(squares, even, areOfMeans), ofModel),
  );
}

/** @param variance of one return */
function perYear(
  { logReturns, intervalSeconds, areOfMeans }: ReturnSeries,
  variance: number,
  logError: number,
): VolatilityEstimate {
  const yearly = (SECONDS_PER_YEAR / intervalSeconds) * (areOfMeans ? 3 / 2 : 1);
  const volatility = Math.sqrt(variance * yearly);
  return { volatility, stdError: (volatility * logError) / 2, returns: logReturns.length };
}

/** Weights that add up to 1, oldest first. */
function weightsOf(count: number, intervalSeconds: number, method: VolatilityMethod): readonly number[] {
  if (method.kind !== 'ewma') return new Array<number>(count).fill(1 / count);
  requireAboveZero('halfLifeSeconds', method.halfLifeSeconds);
  const decay = 0.5 ** (intervalSeconds / method.halfLifeSeconds);
  const raw = Array.from({ length: count }, (_, index) => decay ** (count - 1 - index));
  const total = compensatedSum(raw);
  return raw.map((weight) => weight / total);
}

/** Standard error of the log of a weighted mean of squares. */
function logVarianceError(
  squares: readonly number[],
  weights: readonly number[],
  areOfMeans: boolean,
): number {
  const mean = compensatedSum(squares) / squares.length;
  if (mean === 0) return 0;
  const kurtosis = compensatedSum(squares.map((square) => (square / mean) ** 2)) / squares.length;
  const concentration = compensatedSum(weights.map((weight) => weight * weight));
  // Squares of returns that correlate by 1/4 correlate by 1/16 with each of their two neighbours.
  const overlap = areOfMeans ? 1 + 2 / 16 : 1;
  return Math.sqrt((Math.max(kurtosis, NORMAL_KURTOSIS) - 1) * concentration * overlap);
}

/**
 * Volatility from prices at any moments, as `irregularEwmaVolatility`, with the standard error of a ratio of weighted
 * squares to weighted time (W. Cochran, 1977, section 6.4): it holds for prices at fixed moments and for prices that are
 * reported when they have moved far enough, where the time is what varies.
 *
 * @throws InvalidInputError when fewer than 20 returns are left, `halfLifeSeconds` is not above 0, or the observations are
 * refused by `timedReturns`
 */
export function estimateIrregularVolatility(
  observations: readonly PriceObservation[],
  { halfLifeSeconds, maxGapSeconds }: IrregularEwmaOptions,
): VolatilityEstimate {
  const volatility = irregularEwmaVolatility(observations, { halfLifeSeconds, maxGapSeconds });
  const returns = timedReturns(observations, maxGapSeconds);
  if (returns.length < LEAST_RETURNS) {
    const expected = `at least ${LEAST_RETURNS} returns without a gap`;
    throw new InvalidInputError('observations', returns.length, expected);
  }
  if (volatility === 0) return { volatility, stdError: 0, returns: returns.length };
  const newest = returns.at(-1)!.timestampSeconds;
  const weights = returns.map(
    ({ timestampSeconds }) => 0.5 ** ((newest - timestampSeconds) / halfLifeSeconds),
  );
  const rate = volatility ** 2 / SECONDS_PER_YEAR;
  const weightedSeconds = compensatedSum(returns.map(({ seconds }, index) => weights[index]! * seconds));
  const residuals = returns.map(
    ({ logReturn, seconds }, index) => (weights[index]! * (logReturn ** 2 - rate * seconds)) ** 2,
  );
  const effective = compensatedSum(weights) ** 2 / compensatedSum(weights.map((weight) => weight * weight));
  const ofFew = effective > 1 ? effective / (effective - 1) : Number.POSITIVE_INFINITY;
  const rateError = Math.sqrt(compensatedSum(residuals) * ofFew) / weightedSeconds;
  return { volatility, stdError: (volatility * rateError) / rate / 2, returns: returns.length };
}
