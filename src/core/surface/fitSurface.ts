import { InvalidInputError } from '../errors.ts';
import { type FitSviInput, fitSvi, type SviFit } from './fitSvi.ts';
import { rootMeanSquareError, type SmileObservation } from './points.ts';
import { repairCalendar } from './repairCalendar.ts';
import { type VolatilitySurface, volatilitySurface } from './surface.ts';
import { type SviParameters, sviPoint } from './svi.ts';
import { sviCalendarArbitrage } from './sviCalendar.ts';
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
 * Fits an SVI smile to each expiry, then parts those that cross, from the longest down; what is left is repaired.
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
  const fits = inputs.map((input) => fitSvi(input));
  for (let i = fits.length - 2; i >= 0; i--) {
    if (crosses(fits[i]!.parameters, fits[i + 1]!.parameters)) part(inputs, fits, i);
  }
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

/**
 * Fits one of two neighbours that cross again, held to the other: the one whose observations mind less. Mostly it is the
 * shorter, whose wings are extrapolated furthest. The longer one stays below what comes after it.
 */
function part(inputs: readonly FitSviInput[], fits: SviFit[], i: number): void {
  const [shorter, longer] = [fits[i]!, fits[i + 1]!];
  const later = fits[i + 2]?.parameters;
  const lower = fitSvi({ ...inputs[i]!, start: shorter.parameters, ceiling: longer.parameters });
  const upper = fitSvi({
    ...inputs[i + 1]!,
    start: longer.parameters,
    floor: shorter.parameters,
    ceiling: later,
  });
  const lowerCost = crosses(lower.parameters, longer.parameters)
    ? Number.POSITIVE_INFINITY
    : costOf(inputs[i]!, shorter, lower);
  const upperCost =
    crosses(shorter.parameters, upper.parameters) || (later && crosses(upper.parameters, later))
      ? Number.POSITIVE_INFINITY
      : costOf(inputs[i + 1]!, longer, upper);
  if (upperCost < lowerCost) fits[i + 1] = upper;
  else fits[i] = lower;
}

function crosses(earlier: SviParameters, later: SviParameters): boolean {
  return sviCalendarArbitrage(earlier, later) !== undefined;
}

/** By how much the sum of squared errors grows. */
function costOf({ observations }: FitSviInput, before: SviFit, after: SviFit): number {
  return observations.length * (after.rootMeanSquareError ** 2 - before.rootMeanSquareError ** 2);
}

function errorOf({ years, observations }: SurfaceObservations, parameters: SviParameters): number {
  return rootMeanSquareError(observations, (k) => Math.sqrt(sviPoint(parameters, k).totalVariance / years));
}
