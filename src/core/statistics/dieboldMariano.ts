import { InvalidInputError } from '../errors.ts';
import { normalCdf } from '../math/normal.ts';
import { mean } from './moments.ts';
import { requireInteger, requireSeries } from './require.ts';

/** Whether one forecast lost less than another. */
export interface DieboldMarianoTest {
  /** Mean of loss A less loss B: below zero when A is the better one. */
  readonly meanDifference: number;
  /** The difference over its HAC standard error, standard normal when both are equally good. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Autocovariances that the standard error counts. */
  readonly lags: number;
}

/**
 * Compares the losses of two forecasts of the same days (F. Diebold and R. Mariano, "Comparing predictive accuracy",
 * 1995), with the Bartlett-weighted long-run variance of W. Newey and K. West (1987).
 *
 * @param lags autocovariances in the standard error; by default floor(4 (n / 100)^(2/9)) (Newey and West, 1994)
 * @throws InvalidInputError when the series differ in length, are shorter than 10, or hold a value that is not finite
 */
export function dieboldMariano(
  lossA: readonly number[],
  lossB: readonly number[],
  lags: number = Math.floor(4 * (lossA.length / 100) ** (2 / 9)),
): DieboldMarianoTest {
  if (lossA.length !== lossB.length) {
    throw new InvalidInputError('lossB.length', lossB.length, `as many as lossA, ${lossA.length}`);
  }
  requireSeries('lossA', lossA, 10);
  requireSeries('lossB', lossB, 10);
  requireInteger('lags', lags, 0, lossA.length - 1);
  const differences = lossA.map((loss, day) => loss - lossB[day]!);
  const meanDifference = mean(differences);
  const deviations = differences.map((difference) => difference - meanDifference);
  const variance = longRunVariance(deviations, lags) / differences.length;
  if (variance === 0) {
    return meanDifference === 0
      ? { meanDifference, statistic: 0, pValue: 1, lags }
      : { meanDifference, statistic: Math.sign(meanDifference) * Number.POSITIVE_INFINITY, pValue: 0, lags };
  }
  const statistic = meanDifference / Math.sqrt(variance);
  return { meanDifference, statistic, pValue: 2 * normalCdf(-Math.abs(statistic)), lags };
}

/** Never below zero, which is what the Bartlett weights are for. */
function longRunVariance(deviations: readonly number[], lags: number): number {
  let total = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let product = 0;
    for (let t = lag; t < deviations.length; t++) product += deviations[t]! * deviations[t - lag]!;
    const weight = lag === 0 ? 1 : 2 * (1 - lag / (lags + 1));
    total += (weight * product) / deviations.length;
  }
  return Math.max(total, 0);
}
