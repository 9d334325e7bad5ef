import { SECONDS_PER_DAY } from '../../src/core/units.ts';
import type { RealizedDay } from '../../src/core/volatility/dailyVariance.ts';
import { qlike } from '../../src/core/volatility/qlike.ts';
import type { VarianceForecaster } from './varianceForecasters.ts';

/** Forecasts of the same days by several forecasters. */
export interface ForecastComparison {
  /** The days that were forecast. */
  readonly days: readonly RealizedDay[];
  /** Mean realised variance over the 30 days before each: how wild it was when the forecast was made. */
  readonly before: readonly number[];
  /** By name of the forecaster, one QLIKE for each day. */
  readonly losses: ReadonlyMap<string, readonly number[]>;
  /** By name of the forecaster, realised over forecast variance on average: 1 is unbiased. */
  readonly bias: ReadonlyMap<string, number>;
  /** Whole days that were not forecast, because the day before them is missing. */
  readonly afterGap: number;
}

/**
 * Forecasts each day from the days before it, after `warmUpDays`. A day after a gap is not forecast: yesterday's
 * variance, which every forecaster lives on, is not known then.
 */
export function compareForecasts(
  days: readonly RealizedDay[],
  forecasters: readonly VarianceForecaster[],
  warmUpDays: number,
): ForecastComparison {
  const targets = [...days.keys()].slice(warmUpDays);
  const known = targets.filter(
    (at) => days[at]!.startSeconds - days[at - 1]!.startSeconds === SECONDS_PER_DAY,
  );
  const losses = new Map<string, number[]>();
  const bias = new Map<string, number>();
  for (const { name, forecast } of forecasters) {
    const forecasts = known.map((at) => forecast(days.slice(0, at)));
    losses.set(
      name,
      known.map((at, index) => qlike(days[at]!.variance, forecasts[index]!)),
    );
    const ratios = known.map((at, index) => days[at]!.variance / forecasts[index]!);
    bias.set(name, ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
  }
  const meanVariance = (past: readonly RealizedDay[]) =>
    past.reduce((sum, { variance }) => sum + variance, 0) / past.length;
  return {
    days: known.map((at) => days[at]!),
    before: known.map((at) => meanVariance(days.slice(Math.max(0, at - 30), at))),
    losses,
    bias,
    afterGap: targets.length - known.length,
  };
}
