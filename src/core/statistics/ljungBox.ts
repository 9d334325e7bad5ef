import { chiSquareUpperTail } from './gamma.ts';
import { mean } from './moments.ts';
import { requireInteger, requireSeries } from './require.ts';

/** A portmanteau test of autocorrelation. */
export interface LjungBoxTest {
  readonly statistic: number;
  /** How many autocorrelations are in it, which are its degrees of freedom. */
  readonly lags: number;
  /** Chance of a statistic at least this large in a series without autocorrelation. */
  readonly pValue: number;
}

/**
 * Tests whether the first `lags` autocorrelations of a series are zero (G. Ljung and G. Box, "On a measure of lack of
 * fit in time series models", 1978). A constant series has no autocorrelation: statistic 0, p value 1.
 *
 * @throws InvalidInputError when a value is not finite or the series is not longer than `lags`
 */
export function ljungBox(values: readonly number[], lags: number): LjungBoxTest {
  requireInteger('lags', lags, 1, 1_000);
  requireSeries('values', values, lags + 1);
  const n = values.length;
  const centre = mean(values);
  const deviations = values.map((value) => value - centre);
  let square = 0;
  for (const deviation of deviations) square += deviation * deviation;
  if (square === 0) return { statistic: 0, lags, pValue: 1 };
  let statistic = 0;
  for (let lag = 1; lag <= lags; lag++) {
    let product = 0;
    for (let t = lag; t < n; t++) product += deviations[t]! * deviations[t - lag]!;
    statistic += (n * (n + 2) * (product / square) ** 2) / (n - lag);
  }
  return { statistic, lags, pValue: chiSquareUpperTail(lags, statistic) };
}
