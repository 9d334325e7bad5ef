import { type FitSviInput, fitSvi, type SviFit } from './fitSvi.ts';
import type { SviParameters } from './svi.ts';
import { sviCalendarArbitrage } from './sviCalendar.ts';

/**
 * Fits smiles that cross again, held to their neighbours, so that (but for what a penalty leaves) none do. Two orders of
 * giving way are tried, and the one that leaves the smaller errors is taken: neither is the better one on every day.
 *
 * @param inputs expiries in order of time
 * @param alone the fit of each of them alone
 */
export function partSmiles(inputs: readonly FitSviInput[], alone: readonly SviFit[]): readonly SviFit[] {
  const isFree = alone.every((fit, i) => i === 0 || !crosses(alone[i - 1]!.parameters, fit.parameters));
  if (isFree) return alone;
  const [one, other] = [bestInformedFirst(inputs, alone), longestFirst(inputs, alone)];
  return sumOfSquares(inputs, other) < sumOfSquares(inputs, one) ? other : one;
}

/**
 * Takes the expiry with the most observations as it is, and the others between those taken before: a smile that is held
 * to few strikes gives way to one that is held to many.
 */
function bestInformedFirst(inputs: readonly FitSviInput[], alone: readonly SviFit[]): SviFit[] {
  const fits = new Array<SviFit | undefined>(inputs.length).fill(undefined);
  const order = inputs
    .map(({ observations }, i) => ({ i, count: observations.length }))
    .sort((one, other) => other.count - one.count);
  for (const { i } of order) {
    const start = alone[i]!.parameters;
    const floor = fits.slice(0, i).findLast((fit) => fit !== undefined)?.parameters;
    const ceiling = fits.slice(i + 1).find((fit) => fit !== undefined)?.parameters;
    const isFree = !(floor && crosses(floor, start)) && !(ceiling && crosses(start, ceiling));
    fits[i] = isFree ? alone[i]! : fitSvi({ ...inputs[i]!, start, floor, ceiling });
  }
  return fits.filter((fit) => fit !== undefined);
}

/** Parts neighbours that cross, from the longest down. */
function longestFirst(inputs: readonly FitSviInput[], alone: readonly SviFit[]): SviFit[] {
  const fits = [...alone];
  for (let i = fits.length - 2; i >= 0; i--) {
    if (crosses(fits[i]!.parameters, fits[i + 1]!.parameters)) partNeighbours(inputs, fits, i);
  }
  return fits;
}

/**
 * Fits one of two neighbours that cross again, held to the other: the one whose observations mind less. Mostly it is the
 * shorter, whose wings are extrapolated furthest. The longer one stays below what comes after it.
 */
function partNeighbours(inputs: readonly FitSviInput[], fits: SviFit[], i: number): void {
  const [shorter, longer] = [fits[i]!, fits[i + 1]!];
  const later = fits[i + 2]?.parameters;
  const lower = fitSvi({ ...inputs[i]!, start: shorter.parameters, ceiling: longer.parameters });
  const upper = fitSvi({
    ...inputs[i + 1]!,
    start: longer.parameters,
    floor: shorter.parameters,
    ceiling: later,
  });
  const isLowerFree = !crosses(lower.parameters, longer.parameters);
  const isUpperFree =
    !crosses(shorter.parameters, upper.parameters) && !(later && crosses(upper.parameters, later));
  const lowerCost = isLowerFree ? costOf(inputs[i]!, shorter, lower) : Number.POSITIVE_INFINITY;
  const upperCost = isUpperFree ? costOf(inputs[i + 1]!, longer, upper) : Number.POSITIVE_INFINITY;
  if (upperCost < lowerCost) fits[i + 1] = upper;
  else fits[i] = lower;
}

function crosses(earlier: SviParameters, later: SviParameters): boolean {
  return sviCalendarArbitrage(earlier, later) !== undefined;
}

/** By how much the sum of squared errors grows. */
function costOf(input: FitSviInput, before: SviFit, after: SviFit): number {
  return squaresOf(input, after) - squaresOf(input, before);
}

function sumOfSquares(inputs: readonly FitSviInput[], fits: readonly SviFit[]): number {
  return fits.reduce((sum, fit, i) => sum + squaresOf(inputs[i]!, fit), 0);
}

function squaresOf({ observations }: FitSviInput, { rootMeanSquareError }: SviFit): number {
  return observations.length * rootMeanSquareError * rootMeanSquareError;
}
