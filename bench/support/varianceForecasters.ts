import type { RealizedDay } from '../../src/core/volatility/dailyVariance.ts';
import { ewmaVolatility } from '../../src/core/volatility/ewma.ts';
import { fitGarch } from '../../src/core/volatility/fitGarch.ts';
import { forecastVolatility } from '../../src/core/volatility/forecast.ts';
import { garchVariances } from '../../src/core/volatility/garchFilter.ts';
import type { GarchModel, GarchSpecification } from '../../src/core/volatility/garchModel.ts';

/** Forecasts the variance of the day after the last one that it is shown, and nothing later. */
export interface VarianceForecaster {
  readonly name: string;
  readonly forecast: (past: readonly RealizedDay[]) => number;
}

/** Days that a model is fitted to, and days until it is fitted again. */
export interface FitSchedule {
  readonly windowDays: number;
  readonly refitDays: number;
}

/** What a model is fitted to: one return a day, or every return of the day. */
export type Sampling = 'daily' | 'hourly';

const returnsOf = (days: readonly RealizedDay[], sampling: Sampling): number[] =>
  sampling === 'daily' ? days.map(({ logReturn }) => logReturn) : days.flatMap(({ returns }) => returns);

/** A model fitted to the last days; between fits its parameters stay and its variance moves with the returns. */
function garchForecaster(
  model: GarchModel,
  sampling: Sampling,
  { windowDays, refitDays }: FitSchedule,
): VarianceForecaster {
  let fitted: { readonly specification: GarchSpecification; readonly atDays: number } | undefined;
  return {
    name: `${model} ${sampling}`,
    forecast: (past) => {
      const returns = returnsOf(past.slice(-windowDays), sampling);
      if (fitted === undefined || past.length - fitted.atDays >= refitDays) {
        const { parameters, convergence } = fitGarch(returns, { model });
        // A failed fit is tried again the next day; until then the last good one stands.
        if (convergence.converged || fitted === undefined) {
          fitted = { specification: { model, parameters }, atDays: past.length };
        }
      }
      const { specification } = fitted;
      const { nextVariance } = garchVariances(returns, specification);
      const steps = sampling === 'daily' ? 1 : past[0]!.returns.length;
      return forecastVolatility({ ...specification, nextVariance }, steps).totalVariance;
    },
  };
}

/** Exponentially weighted squared returns, with the half-life of RiskMetrics' daily 0.94. */
function ewmaForecaster(sampling: Sampling): VarianceForecaster {
  const halfLifeDays = Math.log(0.5) / Math.log(0.94);
  return {
    name: `ewma ${sampling}`,
    forecast: (past) => {
      const steps = sampling === 'daily' ? 1 : past[0]!.returns.length;
      // Beyond a year a return weighs less than a double can show.
      const returns = returnsOf(past.slice(-365), sampling);
      return steps * ewmaVolatility(returns, { halfLife: halfLifeDays * steps }) ** 2;
    },
  };
}

/** Mean realised variance of the last `days`, or of all. */
function averageForecaster(name: string, days: number): VarianceForecaster {
  return {
    name,
    forecast: (past) => {
      const last = past.slice(-days);
      return last.reduce((sum, { variance }) => sum + variance, 0) / last.length;
    },
  };
}

/** The mean of several forecasts, which is often better than each (J. Bates and C. Granger, 1969). */
function combinedForecaster(name: string, parts: readonly VarianceForecaster[]): VarianceForecaster {
  return {
    name,
    forecast: (past) => parts.reduce((sum, part) => sum + part.forecast(past), 0) / parts.length,
  };
}

/** All forecasters that are compared: models first, then what they have to beat. */
export function allForecasters(schedule: FitSchedule): {
  readonly models: readonly VarianceForecaster[];
  readonly benchmarks: readonly VarianceForecaster[];
} {
  const kinds = ['garch', 'gjr', 'egarch'] as const;
  return {
    models: [
      ...kinds.map((model) => garchForecaster(model, 'daily', schedule)),
      ...kinds.map((model) => garchForecaster(model, 'hourly', schedule)),
      combinedForecaster('garch + ewma', [
        garchForecaster('garch', 'hourly', schedule),
        ewmaForecaster('hourly'),
      ]),
    ],
    benchmarks: [
      ewmaForecaster('daily'),
      ewmaForecaster('hourly'),
      averageForecaster('30 days', 30),
      averageForecaster('constant', Number.POSITIVE_INFINITY),
    ],
  };
}
