import { type DeltaModel, modelDelta } from '../exposure/deltaConventions.ts';
import { black76 } from '../options/black76.ts';
import type { OptionType } from '../options/blackScholes.ts';
import { type SurfaceQuery, surfaceSkew, surfaceVolatility, type VolatilitySurface } from './surface.ts';

/** An option on a surface. */
export interface SurfaceDeltaInput extends SurfaceQuery {
  readonly type: OptionType;
  /** Continuously compounded per year. */
  readonly rate: number;
  /** What stays when the forward moves: the volatility of a strike, or that of a moneyness. */
  readonly deltaModel: Exclude<DeltaModel['model'], 'minimumVariance'>;
}

/**
 * Delta of an option on a surface with respect to the forward, discounted: base per option.
 *
 * `stickyStrike` takes the volatility of the strike as it is: Black's delta. `stickyDelta` lets the smile move along with
 * the forward, so that the strike's volatility changes by -(dvolatility / dk) / forward, and adds vega times that (E.
 * Derman, "Regimes of volatility", 1999): with a falling smile a larger delta.
 *
 * @throws InvalidInputError as `surfaceVolatility` and `black76`
 */
export function surfaceDelta(surface: VolatilitySurface, input: SurfaceDeltaInput): number {
  const { deltaModel, ...option } = input;
  const greeks = black76({ ...option, volatility: surfaceVolatility(surface, option) });
  return modelDelta(
    greeks,
    option.forward,
    deltaModel === 'stickyStrike'
      ? { model: 'stickyStrike' }
      : { model: 'stickyDelta', skew: surfaceSkew(surface, option) },
  );
}
