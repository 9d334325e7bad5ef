import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireFinite } from '../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { type SurfaceQuery, surfaceVolatility, type VolatilitySurface } from './surface.ts';

/** A value and when it was observed. */
export interface Timed<T> {
  readonly seconds: number;
  readonly value: T;
}

/** Weights below this move nothing that anybody would see. */
const NEGLIGIBLE = 1e-9;

/**
 * Weights of observations whose influence falls by half in `halfLifeSeconds`, at any spacing: those of the recursion
 * s' = s + (1 - 2^(-elapsed / halfLife)) (x - s), so that a burst of observations counts no more than the time it spans.
 * They sum to 1; the first observation is where the recursion starts.
 *
 * @param seconds times of the observations, rising
 * @throws InvalidInputError when there is none, times do not rise, or the half-life is not above 0
 */
export function halfLifeWeights(seconds: readonly number[], halfLifeSeconds: number): number[] {
  requireAboveZero('halfLifeSeconds', halfLifeSeconds);
  if (seconds.length === 0) throw new InvalidInputError('seconds.length', 0, 'at least one observation');
  const weights = new Array<number>(seconds.length).fill(0);
  let left = 1;
  for (let i = seconds.length - 1; i >= 0; i--) {
    requireFinite(`seconds[${i}]`, seconds[i]!);
    if (i === 0) weights[0] = left;
    else {
      const elapsed = seconds[i]! - seconds[i - 1]!;
      if (!(elapsed > 0))
        throw new InvalidInputError(`seconds[${i}]`, seconds[i], 'later than the one before');
      const kept = 2 ** (-elapsed / halfLifeSeconds);
      weights[i] = left * (1 - kept);
      left *= kept;
    }
  }
  return weights;
}

/**
 * The volatility that delta is to be computed with: what recent surfaces said of the same moneyness and the same day of
 * expiry, smoothed with a half-life, as of the last of them. A hedge should follow the market's level, not the noise of
 * one fit.
 *
 * @param query its years count from the last surface
 * @throws InvalidInputError as `halfLifeWeights` and `surfaceVolatility`
 */
export function smoothedVolatility(
  history: readonly Timed<VolatilitySurface>[],
  query: SurfaceQuery,
  halfLifeSeconds: number,
): number {
  const weights = halfLifeWeights(
    history.map(({ seconds }) => seconds),
    halfLifeSeconds,
  );
  const now = history.at(-1)!.seconds;
  let [sum, total] = [0, 0];
  history.forEach(({ seconds, value }, i) => {
    const weight = weights[i]!;
    if (weight < NEGLIGIBLE) return;
    const years = query.years + (now - seconds) / SECONDS_PER_YEAR;
    sum += weight * surfaceVolatility(value, { ...query, years });
    total += weight;
  });
  return sum / total;
}
