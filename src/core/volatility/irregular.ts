import { InvalidInputError } from '../errors.ts';
import { compensatedSum } from '../math/sum.ts';
import { requireAboveZero } from '../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { type PriceObservation, timedReturns } from './observations.ts';

/**
 * Volatility per year from prices at any moments: the maximum likelihood estimate, with divisor n - 1, for a price that
 * diffuses with constant drift, which is `closeToClose` where the moments are equally spaced.
 *
 * @param maxGapSeconds moves that took longer are holes in the data and are left out
 * @throws InvalidInputError when fewer than two returns are left, or the observations are refused by `timedReturns`
 */
export function irregularVolatility(
  observations: readonly PriceObservation[],
  { maxGapSeconds }: { readonly maxGapSeconds: number },
): number {
  const returns = timedReturns(observations, maxGapSeconds);
  if (returns.length < 2) {
    throw new InvalidInputError('observations', returns.length, 'at least 2 returns without a gap');
  }
  const total = compensatedSum(returns.map(({ seconds }) => seconds));
  const drift = compensatedSum(returns.map(({ logReturn }) => logReturn)) / total;
  const squares = returns.map(({ logReturn, seconds }) => (logReturn - drift * seconds) ** 2 / seconds);
  return Math.sqrt((compensatedSum(squares) / (returns.length - 1)) * SECONDS_PER_YEAR);
}

/** How fast old returns are forgotten. */
export interface IrregularEwmaOptions {
  /** Age at which a return weighs half. */
  readonly halfLifeSeconds: number;
  /** Moves that took longer are holes in the data and are left out; what came before them still ages. */
  readonly maxGapSeconds: number;
}

/**
 * Exponentially weighted volatility per year from prices at any moments: squared returns per second of returns' time,
 * each halved in weight with every half-life of age. With equal spacing it is `ewmaVolatility` after a long series.
 *
 * @throws InvalidInputError when no return is left, `halfLifeSeconds` is not above 0, or the observations are refused by
 * `timedReturns`
 */
export function irregularEwmaVolatility(
  observations: readonly PriceObservation[],
  { halfLifeSeconds, maxGapSeconds }: IrregularEwmaOptions,
): number {
  requireAboveZero('halfLifeSeconds', halfLifeSeconds);
  const returns = timedReturns(observations, maxGapSeconds);
  const last = returns.at(-1);
  if (last === undefined) {
    throw new InvalidInputError('observations', observations.length, 'at least 1 return without a gap');
  }
  // By age rather than by recursion: the newest return has weight 1, however long the series.
  const weights = returns.map(
    ({ timestampSeconds }) => 0.5 ** ((last.timestampSeconds - timestampSeconds) / halfLifeSeconds),
  );
  const squares = compensatedSum(returns.map(({ logReturn }, i) => weights[i]! * logReturn * logReturn));
  const seconds = compensatedSum(returns.map((entry, i) => weights[i]! * entry.seconds));
  return Math.sqrt((squares / seconds) * SECONDS_PER_YEAR);
}
