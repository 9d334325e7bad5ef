import { InvalidInputError } from '../errors.ts';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../units.ts';
import { type Bar, barIntervalSeconds } from './bars.ts';
import { estimateVolatility, forecastEstimate, type VolatilityMethod } from './estimate.ts';
import { fitGarch, type GarchFit } from './fitGarch.ts';
import type { GarchModel } from './garchModel.ts';
import type { PriceObservation } from './observations.ts';
import { realizedVolatility, type VolatilityEstimator } from './realized.ts';
import { resampledReturns } from './resample.ts';

/** What to look at a price history with. */
export interface SummaryOptions {
  /** Distance of the returns; by default the most frequent distance of the prices. */
  readonly intervalSeconds?: number | undefined;
  /** Of the exponentially weighted estimate. */
  readonly halfLifeSeconds: number;
  readonly models: readonly GarchModel[];
  /** Where the term structures are looked at. */
  readonly horizonsSeconds: readonly number[];
}

/** One number for the volatility per year. */
export interface SummaryEstimate {
  readonly estimator: 'realized' | 'ewma' | VolatilityEstimator;
  readonly volatility: number;
  /** Null for estimators from daily bars, whose ranges between prices nobody saw. */
  readonly stdError: number | null;
  /** Returns, or daily bars, that it was made from. */
  readonly count: number;
}

/** A fitted model and what it expects. */
export interface SummaryForecast {
  readonly model: GarchModel;
  readonly fit: GarchFit;
  /** Average over each horizon, per year. */
  readonly term: readonly {
    readonly horizonSeconds: number;
    readonly volatility: number;
    readonly stdError: number;
  }[];
}

/** All that a price history says about its volatility. */
export interface VolatilitySummary {
  readonly prices: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly intervalSeconds: number;
  readonly returns: number;
  /** Points of the even grid without a price; the moves over them are no returns. */
  readonly holes: number;
  readonly estimates: readonly SummaryEstimate[];
  readonly forecasts: readonly SummaryForecast[];
}

const BAR_ESTIMATORS: readonly VolatilityEstimator[] = [
  'closeToClose',
  'parkinson',
  'garmanKlass',
  'rogersSatchell',
  'yangZhang',
];
/** Fewer prices than this show next to nothing of a day's range. */
const LEAST_PRICES_A_DAY = 12;
/** Fewer days than this show next to nothing. */
const LEAST_DAYS = 5;

/**
 * Puts prices on an even grid and asks every estimator and model for its volatility. Range estimators look at daily bars
 * (UTC) made from the prices, where there are at least 12 a day and 5 whole days of them: they read low, since what
 * happened between two prices is not in a bar.
 *
 * @throws InvalidInputError when there are too few returns (20; with models 50), or the prices are refused by
 * `timedReturns`
 */
export function volatilitySummary(
  observations: readonly PriceObservation[],
  options: SummaryOptions,
): VolatilitySummary {
  const { halfLifeSeconds, models, horizonsSeconds } = options;
  const intervalSeconds = options.intervalSeconds ?? barIntervalSeconds(observations.map(pointBar));
  const [first, last] = [observations[0], observations.at(-1)];
  if (intervalSeconds === undefined || first === undefined || last === undefined) {
    throw new InvalidInputError('observations', observations.length, 'at least two prices');
  }
  // A price of the interval before the point is that point's; of two intervals before, it is not.
  const maxAgeSeconds = intervalSeconds * (1 - 1e-9);
  const { logReturns, holes } = resampledReturns(observations, { intervalSeconds, maxAgeSeconds });
  const series = { logReturns, intervalSeconds, areOfMeans: false };
  const overall = (estimator: 'realized' | 'ewma', method: VolatilityMethod): SummaryEstimate => {
    const { volatility, stdError, returns } = estimateVolatility(series, method);
    return { estimator, volatility, stdError, count: returns };
  };
  return {
    prices: observations.length,
    fromSeconds: first.timestampSeconds,
    toSeconds: last.timestampSeconds,
    intervalSeconds,
    returns: logReturns.length,
    holes,
    estimates: [
      overall('realized', { kind: 'realized' }),
      overall('ewma', { kind: 'ewma', halfLifeSeconds }),
      ...barEstimates(observations, intervalSeconds),
    ],
    forecasts: models.map((model) => {
      const fit = fitGarch(logReturns, { model, mean: 'zero' });
      const term = horizonsSeconds.map((horizonSeconds) => {
        const { volatility, stdError } = forecastEstimate(series, fit, { horizonSeconds });
        return { horizonSeconds, volatility, stdError };
      });
      return { model, fit, term };
    }),
  };
}

function pointBar({ timestampSeconds, price }: PriceObservation): Bar {
  return { timestampSeconds, open: price, high: price, low: price, close: price };
}

/** Range estimators, where the days have enough prices; nothing otherwise. */
function barEstimates(
  observations: readonly PriceObservation[],
  intervalSeconds: number,
): readonly SummaryEstimate[] {
  const perDay = SECONDS_PER_DAY / intervalSeconds;
  if (!(perDay >= LEAST_PRICES_A_DAY)) return [];
  const bars = dailyBars(observations, Math.floor(perDay));
  if (bars.length < LEAST_DAYS) return [];
  const options = { intervalSeconds: SECONDS_PER_DAY, periodsPerYear: SECONDS_PER_YEAR / SECONDS_PER_DAY };
  return BAR_ESTIMATORS.flatMap((estimator): SummaryEstimate[] => {
    try {
      const volatility = realizedVolatility(bars, { ...options, estimator });
      return [{ estimator, volatility, stdError: null, count: bars.length }];
    } catch (error) {
      // Too few days follow each other for an estimator that looks at neighbours.
      if (error instanceof InvalidInputError) return [];
      throw error;
    }
  });
}

/** One bar for each UTC day that has all of its prices. */
function dailyBars(observations: readonly PriceObservation[], perDay: number): readonly Bar[] {
  const byDay = new Map<number, number[]>();
  for (const { timestampSeconds, price } of observations) {
    const day = Math.floor(timestampSeconds / SECONDS_PER_DAY);
    const prices = byDay.get(day);
    if (prices === undefined) byDay.set(day, [price]);
    else prices.push(price);
  }
  return [...byDay]
    .filter(([, prices]) => prices.length >= perDay)
    .map(([day, prices]) => ({
      timestampSeconds: day * SECONDS_PER_DAY,
      open: prices[0]!,
      high: prices.reduce((a, b) => Math.max(a, b)),
      low: prices.reduce((a, b) => Math.min(a, b)),
      close: prices.at(-1)!,
    }));
}
