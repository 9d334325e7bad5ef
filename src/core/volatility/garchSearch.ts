import { invertPositiveDefinite, multiply, transpose } from '../statistics/matrix.ts';
import { type Minimization, minimize } from '../statistics/minimize.ts';
import { coordinatesOf, type GarchCoordinates } from './garchCoordinates.ts';
import { type LikelihoodSeries, likelihoodOf, likelihoodSeries, PARAMETER_ORDER } from './garchLikelihood.ts';
import { type GarchModel, persistence } from './garchModel.ts';
import { scoreMoments } from './garchScores.ts';
import { parametersAt } from './garchUnits.ts';

const LIMITS = { maxIterations: 200, gradientTolerance: 1e-8 };
/** A gradient up to which an end without further progress is a maximum all the same. */
const FLAT_GRADIENT = 1e-5;
/** The EGARCH likelihood has a kink in mu at every return: at its maximum a gradient of about 1 / n is left. */
const KINK_GRADIENT = 2;
/** Returns that the first idea of the curvature is taken from: more cost time and change no search. */
const CURVATURE_RETURNS = 250;
/** Variance that forgets faster is unusual enough to look for a better maximum. */
const LEAST_PERSISTENCE = 0.5;
/** Coordinates this large are at a bound of the model. */
const FAR = 12;

/** How the search for the maximum of the likelihood ended. */
export interface GarchConvergence {
  readonly converged: boolean;
  /** In words, whether it converged or not. */
  readonly reason: string;
  readonly iterations: number;
  readonly evaluations: number;
  /** Largest derivative of the log-likelihood per return, in the coordinates of the search. */
  readonly gradientNorm: number;
}

/** The most likely parameters found, in the order of `PARAMETER_ORDER`. */
export interface GarchMaximum {
  readonly theta: Float64Array;
  /** Average over the returns of (ln h + e^2 / h) / 2. */
  readonly value: number;
  readonly convergence: GarchConvergence;
}

/**
 * Searches the maximum of the likelihood of returns of about unit variance. When the search from the first start fails,
 * runs into a bound or finds hardly any memory, the other starts are tried too and the best end counts.
 */
export function searchMaximum(model: GarchModel, series: LikelihoodSeries, hasMean: boolean): GarchMaximum {
  const likelihood = likelihoodOf(model);
  const coordinates = coordinatesOf(model, hasMean);
  const theta = new Float64Array(PARAMETER_ORDER.length);
  const byTheta = new Float64Array(PARAMETER_ORDER.length);
  let evaluations = 0;
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    evaluations += 1;
    coordinates.toTheta(point, theta);
    const value = likelihood(series, theta, byTheta);
    coordinates.pullBack(point, theta, byTheta, gradient);
    return value;
  };
  const n = series.returns.length;
  let best: Minimization | undefined;
  let bestIsSound = false;
  const sample = likelihoodSeries(series.returns.subarray(0, CURVATURE_RETURNS));
  for (const shape of coordinates.starts) {
    const start = Float64Array.from(hasMean ? [...shape, series.mean] : shape);
    const inverseCurvature = inverseInformation(model, sample, coordinates, start);
    const found = minimize(objective, start, { ...LIMITS, inverseCurvature });
    const isSound = isMaximum(model, found, n);
    // A maximum goes before any point that is merely higher: there the likelihood may have a spike.
    if (best === undefined || (isSound && !bestIsSound)) [best, bestIsSound] = [found, isSound];
    else if (found.value < best.value && isSound === bestIsSound) best = found;
    coordinates.toTheta(found.point, theta);
    const isInside = found.point.every((coordinate) => Math.abs(coordinate) < FAR);
    if (isSound && isInside && persistenceAt(model, theta) > LEAST_PERSISTENCE) break;
  }
  coordinates.toTheta(best!.point, theta);
  return {
    theta,
    value: best!.value,
    convergence: {
      converged: bestIsSound,
      reason: reasonOf(model, best!, n),
      iterations: best!.iterations,
      evaluations,
      gradientNorm: best!.gradientNorm,
    },
  };
}

/**
 * Inverse of the information per return at a point, in the coordinates of the search: a first idea of the curvature that
 * saves BFGS the steps in which it would learn the scale of each coordinate.
 */
function inverseInformation(
  model: GarchModel,
  series: LikelihoodSeries,
  coordinates: GarchCoordinates,
  point: Float64Array,
): number[] | undefined {
  const size = PARAMETER_ORDER.length;
  const theta = new Float64Array(size);
  coordinates.toTheta(point, theta);
  const { information } = scoreMoments(model, series, theta);
  const jacobian = PARAMETER_ORDER.map((_, i) => {
    const row = new Float64Array(coordinates.size);
    coordinates.pullBack(point, theta, new Float64Array(size).fill(1, i, i + 1), row);
    return [...row];
  });
  const perReturn = jacobian.map((_, i) =>
    jacobian.map((__, j) => information[i * size + j]! / series.returns.length),
  );
  return invertPositiveDefinite(multiply(multiply(transpose(jacobian), perReturn), jacobian))?.flat();
}

function persistenceAt(model: GarchModel, theta: Float64Array): number {
  return persistence({ model, parameters: parametersAt(theta, model, 1) });
}

function isMaximum(model: GarchModel, { end, gradientNorm, value }: Minimization, n: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (end === 'gradient') return true;
  return end !== 'iterations' && gradientNorm <= flatGradient(model, n);
}

function flatGradient(model: GarchModel, n: number): number {
  return model === 'egarch' ? Math.max(FLAT_GRADIENT, KINK_GRADIENT / n) : FLAT_GRADIENT;
}

function reasonOf(model: GarchModel, search: Minimization, n: number): string {
  if (!Number.isFinite(search.value)) return 'the likelihood is not defined at any start';
  if (search.end === 'gradient') return 'the gradient vanished';
  const slope = `gradient ${search.gradientNorm.toExponential(1)} per return`;
  if (search.end === 'iterations') return `stopped after ${search.iterations} iterations with ${slope}`;
  return search.gradientNorm <= flatGradient(model, n)
    ? `no step raises the likelihood any more, ${slope}`
    : `no step raises the likelihood, yet it is not flat: ${slope}`;
}
