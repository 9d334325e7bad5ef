import { requireAboveZero } from '../../core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { PricePath } from '../paths/pricePath.ts';

/** How a keeper without a better source forecasts volatility, and what options are marked at. */
export interface VolatilityModel {
  /** An observation this old counts half. */
  readonly halfLifeSeconds: number;
  /** Per year; where the forecast starts, and where it returns to in the mark. */
  readonly longVolatility: number;
  /** Weight of the long level in the mark: implied volatility moves less than realised. */
  readonly markToLong: number;
  /** What option buyers pay over the forecast: 1.1 = a tenth more. */
  readonly riskPremium: number;
}

/** ETH since 2021: 70 % a year in the long run, marked a twentieth above what is forecast. */
export const typicalVolatility: VolatilityModel = {
  halfLifeSeconds: 3 * 86_400,
  longVolatility: 0.7,
  markToLong: 0.5,
  riskPremium: 1.05,
};

/** Volatilities that are known at each step, per year. */
export interface VolatilitiesAlong {
  readonly forecast: Float64Array;
  readonly implied: Float64Array;
  /** Standard deviation of an hour's log return in the forecast. */
  readonly hourlyStdDev: Float64Array;
}

/**
 * An exponentially weighted forecast along a path, each value made of returns up to its own step only, and the mark that
 * goes with it. Nothing is learnt from a step over a hole.
 *
 * @throws InvalidInputError when a parameter is not above 0
 */
export function volatilitiesAlong(path: PricePath, model: VolatilityModel): VolatilitiesAlong {
  requireAboveZero('halfLifeSeconds', model.halfLifeSeconds);
  requireAboveZero('longVolatility', model.longVolatility);
  requireAboveZero('riskPremium', model.riskPremium);
  const { timestampSeconds, price, afterGap } = path;
  const length = price.length;
  const forecast = new Float64Array(length);
  const implied = new Float64Array(length);
  const hourlyStdDev = new Float64Array(length);
  let rate = model.longVolatility ** 2 / SECONDS_PER_YEAR;
  for (let step = 0; step < length; step += 1) {
    if (step > 0 && afterGap[step] !== 1) {
      const seconds = timestampSeconds[step]! - timestampSeconds[step - 1]!;
      const kept = 2 ** (-seconds / model.halfLifeSeconds);
      rate = kept * rate + (1 - kept) * (Math.log(price[step]! / price[step - 1]!) ** 2 / seconds);
    }
    forecast[step] = Math.sqrt(rate * SECONDS_PER_YEAR);
    const mixed =
      model.markToLong * model.longVolatility ** 2 + (1 - model.markToLong) * rate * SECONDS_PER_YEAR;
    implied[step] = model.riskPremium * Math.sqrt(mixed);
    hourlyStdDev[step] = Math.sqrt(rate * 3_600);
  }
  return { forecast, implied, hourlyStdDev };
}
