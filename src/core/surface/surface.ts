import { InvalidInputError } from '../errors.ts';
import { requireAboveZero } from '../statistics/require.ts';
import { requireSlice, type SmileSlice, smilePoint } from './smile.ts';
import type { SmilePoint } from './svi.ts';

/** Implied volatility of every strike and expiry: smiles in order of time, plain data that survives a journal. */
export interface VolatilitySurface {
  readonly slices: readonly SmileSlice[];
}

/** A point of a surface. */
export interface SurfaceQuery {
  readonly strike: number;
  /** Time to expiry, above 0. */
  readonly years: number;
  /** Forward price for that expiry, quote per base like the strike. */
  readonly forward: number;
}

/**
 * A surface of the given smiles, put in order of time.
 *
 * @throws InvalidInputError when there is no slice, two share an expiry, or a parameter is out of its range
 */
export function volatilitySurface(slices: readonly SmileSlice[]): VolatilitySurface {
  if (slices.length === 0) throw new InvalidInputError('slices.length', 0, 'at least one slice');
  slices.forEach(requireSlice);
  const ordered = [...slices].sort((a, b) => a.years - b.years);
  ordered.slice(1).forEach((slice, i) => {
    if (slice.years === ordered[i]!.years) {
      throw new InvalidInputError('years', slice.years, 'a different expiry per slice');
    }
  });
  return { slices: ordered };
}

/**
 * Implied volatility of a surface, annualised, 1.00 = 100 %.
 *
 * Between expiries total variance is linear in time at constant forward moneyness, so that slices without calendar
 * arbitrage have none between them (J. Gatheral and A. Jacquier, 2014, lemma 2.1); before the first and after the last
 * the volatility at that moneyness stays.
 *
 * @throws InvalidInputError when strike, years or forward is not above 0, or a smile has no positive variance there
 */
export function surfaceVolatility(surface: VolatilitySurface, query: SurfaceQuery): number {
  requireQuery(query);
  const { totalVariance } = surfacePoint(surface, query.years, Math.log(query.strike / query.forward));
  return Math.sqrt(totalVariance / query.years);
}

/** Slope of volatility by log-moneyness, dvolatility / dln(strike / forward), at constant time. @throws as `surfaceVolatility` */
export function surfaceSkew(surface: VolatilitySurface, query: SurfaceQuery): number {
  requireQuery(query);
  const { totalVariance, slope } = surfacePoint(surface, query.years, Math.log(query.strike / query.forward));
  return slope / (2 * Math.sqrt(totalVariance * query.years));
}

/** Total variance of a surface and its derivatives by log-moneyness. @throws as `surfaceVolatility` */
export function surfacePoint({ slices }: VolatilitySurface, years: number, logMoneyness: number): SmilePoint {
  const later = slices.findIndex((slice) => slice.years >= years);
  const after = slices[later === -1 ? slices.length - 1 : later];
  if (after === undefined) throw new InvalidInputError('slices.length', 0, 'at least one slice');
  const before = later > 0 ? slices[later - 1]! : undefined;
  const point =
    before === undefined
      ? scaled(smilePoint(after, logMoneyness), years / after.years)
      : between(before, after, years, logMoneyness);
  requireAboveZero('total variance of the smile', point.totalVariance);
  return point;
}

function between(before: SmileSlice, after: SmileSlice, years: number, logMoneyness: number): SmilePoint {
  const share = (years - before.years) / (after.years - before.years);
  const [first, second] = [smilePoint(before, logMoneyness), smilePoint(after, logMoneyness)];
  return {
    totalVariance: (1 - share) * first.totalVariance + share * second.totalVariance,
    slope: (1 - share) * first.slope + share * second.slope,
    curvature: (1 - share) * first.curvature + share * second.curvature,
  };
}

function scaled({ totalVariance, slope, curvature }: SmilePoint, factor: number): SmilePoint {
  return { totalVariance: factor * totalVariance, slope: factor * slope, curvature: factor * curvature };
}

function requireQuery({ strike, years, forward }: SurfaceQuery): void {
  requireAboveZero('strike', strike);
  requireAboveZero('years', years);
  requireAboveZero('forward', forward);
}
