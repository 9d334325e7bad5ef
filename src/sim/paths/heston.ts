import {
  requireAboveZero,
  requireAtLeastZero,
  requireFinite,
  requireWithin,
} from '../../core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { RandomStream } from '../random.ts';
import { type PathGrid, type PricePath, pathOf } from './pricePath.ts';

/** A price whose variance wanders and returns; per year. */
export interface HestonTerms {
  readonly startPrice: number;
  readonly drift: number;
  readonly startVariance: number;
  /** Where the variance returns to. */
  readonly longVariance: number;
  /** How fast: 1 = a gap shrinks by 63 % in a year. */
  readonly reversion: number;
  /** Volatility of the variance. */
  readonly volatilityOfVariance: number;
  /** Between the price's shocks and the variance's, from -1 to 1. */
  readonly correlation: number;
}

/** Beyond this ratio of variance to squared mean a squared normal no longer fits the variance's law (Andersen, section 3.2). */
const QUADRATIC_UP_TO = 1.5;

/** The variance after one step: drawn from a law with the exact mean and variance (L. Andersen, 2008, "QE"). */
function nextVariance(variance: number, terms: HestonTerms, years: number, random: RandomStream): number {
  const { longVariance, reversion, volatilityOfVariance } = terms;
  const kept = Math.exp(-reversion * years);
  const lost = reversion > 0 ? (1 - kept) / reversion : years;
  const mean = longVariance + (variance - longVariance) * kept;
  const spread = volatilityOfVariance ** 2 * lost * (variance * kept + 0.5 * longVariance * reversion * lost);
  if (!(mean > 0) || spread === 0) return Math.max(mean, 0);
  const ratio = spread / mean ** 2;
  if (ratio <= QUADRATIC_UP_TO) {
    const inverse = 2 / ratio;
    const centre = inverse - 1 + Math.sqrt(inverse * (inverse - 1));
    return (mean / (1 + centre)) * (Math.sqrt(centre) + random.normal()) ** 2;
  }
  const atZero = (ratio - 1) / (ratio + 1);
  const uniform = random.uniform();
  return uniform <= atZero ? 0 : (Math.log((1 - atZero) / (1 - uniform)) * mean) / (1 - atZero);
}

/**
 * A path of S. Heston's stochastic volatility (1993), stepped by L. Andersen's quadratic-exponential scheme (2008) with
 * central weights: exact in the variance's first two moments, with no negative variance.
 *
 * @returns the path and its annualised volatility at every step
 * @throws InvalidInputError when the price is not above 0, a variance, the reversion or its volatility is below 0, or the
 * correlation is outside -1 to 1
 */
export function hestonPath(
  grid: PathGrid,
  terms: HestonTerms,
  random: RandomStream,
): { readonly path: PricePath; readonly volatility: Float64Array } {
  const { startPrice, drift, startVariance, longVariance, reversion, volatilityOfVariance, correlation } =
    terms;
  requireAboveZero('startPrice', startPrice);
  requireFinite('drift', drift);
  requireAtLeastZero('startVariance', startVariance);
  requireAtLeastZero('longVariance', longVariance);
  requireAtLeastZero('reversion', reversion);
  requireAtLeastZero('volatilityOfVariance', volatilityOfVariance);
  requireWithin('correlation', correlation, -1, 1);
  const years = grid.stepSeconds / SECONDS_PER_YEAR;
  const volatility = new Float64Array(grid.steps + 1);
  volatility[0] = Math.sqrt(startVariance);
  let variance = startVariance;
  const path = pathOf(grid, startPrice, (step) => {
    const before = variance;
    variance = nextVariance(before, terms, years, random);
    volatility[step] = Math.sqrt(variance);
    const average = 0.5 * (before + variance);
    const own = Math.sqrt((1 - correlation ** 2) * average * years) * random.normal();
    // What of the variance's own shock the price shares, read back from where the variance went.
    const shared =
      volatilityOfVariance > 0
        ? (correlation / volatilityOfVariance) *
          (variance - before - reversion * (longVariance - average) * years)
        : correlation * Math.sqrt(average * years) * random.normal();
    return (drift - 0.5 * average) * years + shared + own;
  });
  return { path, volatility };
}
