import { InvalidInputError } from '../errors.ts';
import { type FitSviInput, fitSvi, type SviFit } from './fitSvi.ts';
import { partSmiles } from './partSmiles.ts';
import { rootMeanSquareError, type SmileObservation } from './points.ts';
import { repairCalendar } from './repairCalendar.ts';
import { type VolatilitySurface, volatilitySurface } from './surface.ts';
import { type SviParameters, sviPoint } from './svi.ts';
import type { SviBounds } from './sviCoordinates.ts';

/** The observed smile of one expiry. */
export interface SurfaceObservations {
  readonly years: number;
  readonly observations: readonly SmileObservation[];
}

/** How one expiry of a surface came out. */
export interface SurfaceSliceFit extends SviFit {
  readonly years: number;
}

/** A fitted surface: no butterfly arbitrage in any slice, no calendar arbitrage between any two. */
export interface SurfaceFit {
  readonly surface: VolatilitySurface;
  readonly fits: readonly SurfaceSliceFit[];
}

/**
 * Fits an SVI smile to each expiry, then parts those that cross; what the fits leave is repaired.
 *
 * @throws InvalidInputError when there is no expiry or two are the same, and as `fitSvi`
 */
export function fitSurface(
  expiries: readonly SurfaceObservations[],
  { bounds }: { readonly bounds?: SviBounds } = {},
): SurfaceFit {
  if (expiries.length === 0) throw new InvalidInputError('expiries.length', 0, 'at least one expiry');
  const ordered = [...expiries].sort((a, b) => a.years - b.years);
  const inputs: FitSviInput[] = ordered.map((expiry) =>
    bounds === undefined ? expiry : { ...expiry, bounds },
  );
  const fits = partSmiles(
    inputs,
    inputs.map((input) => fitSvi(input)),
  );
  const slices = repairCalendar(fits.map(({ parameters }, i) => ({ years: ordered[i]!.years, parameters })));
  return {
    surface: volatilitySurface(
      slices.map(({ years, parameters }) => ({ years, smile: { kind: 'svi', parameters } })),
    ),
    fits: slices.map(({ years, parameters }, i) => ({
      years,
      parameters,
      rootMeanSquareError: errorOf(ordered[i]!, parameters),
      converged: fits[i]!.converged,
      repaired: fits[i]!.repaired || parameters !== fits[i]!.parameters,
    })),
  };
}

function errorOf({ years, observations }: SurfaceObservations, parameters: SviParameters): number {
  return rootMeanSquareError(observations, (k) => Math.sqrt(sviPoint(parameters, k).totalVariance / years));
}
