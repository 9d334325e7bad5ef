import { levenbergMarquardt, type Residuals } from '../math/levenbergMarquardt.ts';
import { requireAboveZero } from '../statistics/require.ts';
import { durrlemanG } from './durrleman.ts';
import {
  normalisedWeights,
  requireObservations,
  rootMeanSquareError,
  type SmileObservation,
} from './points.ts';
import { repairButterfly } from './repairButterfly.ts';
import { type SviParameters, sviPoint } from './svi.ts';
import { sviButterflyArbitrage } from './sviButterfly.ts';
import { sviCalendarArbitrage } from './sviCalendar.ts';
import { coordinatesOf, type SviBounds, sviAt } from './sviCoordinates.ts';
import { sviStarts } from './sviStart.ts';

/** The smile of one expiry as observed, and what a fit may do. */
export interface FitSviInput {
  readonly observations: readonly SmileObservation[];
  readonly years: number;
  readonly bounds?: SviBounds;
  /** A smile that the fit is not to fall below (an earlier expiry), approached by a penalty. */
  readonly floor?: SviParameters | undefined;
  /** A smile that the fit is not to rise above (a later expiry), approached by a penalty. */
  readonly ceiling?: SviParameters | undefined;
  /** Where to start; by default the best of a grid. */
  readonly start?: SviParameters | undefined;
}

/** A fitted smile; it has no butterfly arbitrage. */
export interface SviFit {
  readonly parameters: SviParameters;
  /** Root of the weighted mean square error in volatility, 1.00 = 100 %. */
  readonly rootMeanSquareError: number;
  readonly converged: boolean;
  /** Whether the fit had arbitrage in spite of its penalty and was moved to the nearest smile without. */
  readonly repaired: boolean;
}

const STARTS = 3;
const MAX_ITERATIONS = 60;
/** Steepest wing that a fit takes; R. Lee's bound is 2. */
const MAX_SLOPE = 1.999;
/** Points between the lowest and the highest strike at which arbitrage is penalised, and beyond each of them. */
const INNER = 24;
const OUTER = 10;
/** The outer points lie at distances that grow by this factor, from a tenth of the width of the strikes. */
const GROWTH = 1.7;
/** Error in volatility that an arbitrage of 1 (in g, or in volatility) is taken for. */
const PENALTY = 2;
/** What g is kept above, at first and where that left arbitrage. */
const MARGINS = [0.002, 0.005, 0.01, 0.02, 0.04, 0.08];
/** Share of that margin by which volatility is kept off floor and ceiling, as a share of itself. */
const GAP_SHARE = 0.1;

/**
 * Fits a raw SVI smile to observed volatilities by weighted least squares in volatility, from the best points of a
 * quasi-explicit grid, with penalties on butterfly arbitrage (and on crossing `floor` and `ceiling`). What is returned
 * is proved to have no butterfly arbitrage; a smile that an exact fit would need to have it is moved to the nearest one.
 *
 * @throws InvalidInputError as `requireObservations` with five strikes, or when years is not above 0
 */
export function fitSvi(input: FitSviInput): SviFit {
  const { observations, years, start } = input;
  requireAboveZero('years', years);
  requireObservations(observations, 5);
  const grid = penaltyGrid(observations);
  let starts = start === undefined ? sviStarts(observations, years, STARTS) : [start];
  let found = bestOf(input, starts, grid, MARGINS[0]!);
  for (const margin of MARGINS.slice(1)) {
    const at = arbitragesOf(input, found.parameters);
    if (at.length === 0) break;
    // A point between those of the grid joins it: what is penalised closes in on what is forbidden.
    grid.push(...at.filter(Number.isFinite));
    starts = [found.parameters];
    found = bestOf(input, starts, grid, margin);
  }
  const parameters = repairButterfly(found.parameters, years);
  return {
    parameters,
    rootMeanSquareError: rootMeanSquareError(observations, (k) =>
      Math.sqrt(sviPoint(parameters, k).totalVariance / years),
    ),
    converged: found.converged,
    repaired: parameters !== found.parameters,
  };
}

function arbitragesOf({ floor, ceiling }: FitSviInput, smile: SviParameters): number[] {
  return [
    sviButterflyArbitrage(smile),
    floor && sviCalendarArbitrage(floor, smile),
    ceiling && sviCalendarArbitrage(smile, ceiling),
  ].filter((at) => at !== undefined);
}

function penaltyGrid(observations: readonly SmileObservation[]): number[] {
  const strikes = observations.map(({ logMoneyness }) => logMoneyness);
  const [low, high] = [Math.min(...strikes), Math.max(...strikes)];
  const width = high - low;
  const inner = Array.from({ length: INNER }, (_, i) => low + (width * i) / (INNER - 1));
  const distances = Array.from({ length: OUTER }, (_, i) => 0.1 * width * GROWTH ** i);
  return [...inner, ...distances.flatMap((distance) => [low - distance, high + distance])];
}

function bestOf(
  input: FitSviInput,
  starts: readonly SviParameters[],
  grid: readonly number[],
  margin: number,
): { readonly parameters: SviParameters; readonly converged: boolean } {
  const { observations, years, bounds = {} } = input;
  const strikes = observations.map(({ logMoneyness }) => logMoneyness);
  const [low, high] = [Math.min(...strikes), Math.max(...strikes)];
  const largest = Math.max(...observations.map(({ volatility }) => volatility)) ** 2;
  const width = high - low;
  const variance = bounds.minimumVariance ?? [0, largest];
  const [least, most] = [slopesOf(input.floor, 0), slopesOf(input.ceiling, MAX_SLOPE)];
  const box = [
    [Math.max(variance[0] * years, 1e-8 * largest * years), variance[1] * years],
    within(bounds.leftSlope ?? [1e-6, MAX_SLOPE], least.left, most.left),
    within(bounds.rightSlope ?? [1e-6, MAX_SLOPE], least.right, most.right),
    bounds.m ?? [low - width, high + width],
    bounds.sigma ?? [1e-3 * width, 10 * width],
  ] as const;
  const { residuals, size } = residualsOf(input, grid, margin);
  const limits = {
    size,
    lower: box.map(([from]) => from),
    upper: box.map(([, to]) => to),
    scale: [largest * years, 0.1, 0.1, width, width],
    maxIterations: MAX_ITERATIONS,
  };
  const fits = starts.map((from) => levenbergMarquardt(residuals, coordinatesOf(from), limits));
  const best = fits.reduce((one, other) => (other.value < one.value ? other : one));
  return { parameters: sviAt(best.point), converged: best.converged };
}

/** Wings that cross far out can only be told by their slopes: those of floor and ceiling bound the fit's. */
function slopesOf(smile: SviParameters | undefined, otherwise: number) {
  if (smile === undefined) return { left: otherwise, right: otherwise };
  return { left: smile.b * (1 - smile.rho), right: smile.b * (1 + smile.rho) };
}

function within([from, to]: readonly [number, number], least: number, most: number): [number, number] {
  const low = Math.min(Math.max(from, least), to);
  return [low, Math.max(Math.min(to, most), low)];
}

/** Weighted errors in volatility, then penalties on the grid. */
function residualsOf(
  { observations, years, floor, ceiling }: FitSviInput,
  grid: readonly number[],
  margin: number,
): { readonly residuals: Residuals; readonly size: number } {
  const weights = normalisedWeights(observations);
  const volatilityOf = (smile: SviParameters, k: number) =>
    Math.sqrt(sviPoint(smile, k).totalVariance / years);
  const least = floor && grid.map((k) => volatilityOf(floor, k));
  const most = ceiling && grid.map((k) => volatilityOf(ceiling, k));
  const count = observations.length;
  const residuals: Residuals = (point, out) => {
    const smile = sviAt(point);
    observations.forEach(({ logMoneyness, volatility }, i) => {
      out[i] = weights[i]! * (volatilityOf(smile, logMoneyness) - volatility);
    });
    grid.forEach((k, i) => {
      const at = sviPoint(smile, k);
      const volatility = Math.sqrt(at.totalVariance / years);
      const gap = margin * GAP_SHARE * volatility;
      const under = least ? least[i]! + gap - volatility : 0;
      const over = most ? volatility + gap - most[i]! : 0;
      out[count + 2 * i] = PENALTY * Math.max(0, margin - durrlemanG(k, at));
      out[count + 2 * i + 1] = PENALTY * Math.max(0, under, over);
    });
  };
  return { residuals, size: count + 2 * grid.length };
}
