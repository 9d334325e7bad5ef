/** A function to minimise: fills `gradient` and returns its value, Infinity or NaN where it is not defined. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Why a minimisation ended; only `gradient` and `flat` are minima. */
export type MinimizationEnd =
  /** The gradient vanished. */
  | 'gradient'
  /** Steps no longer lower the value beyond rounding. */
  | 'flat'
  /** No lower value was found along a descent direction. */
  | 'lineSearch'
  /** The bound on iterations was reached first. */
  | 'iterations';

/** Where a minimisation ended. */
export interface Minimization {
  readonly point: Float64Array;
  readonly value: number;
  /** Largest absolute component of the gradient at `point`. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly evaluations: number;
  readonly end: MinimizationEnd;
}

/** When to stop. */
export interface MinimizationLimits {
  readonly maxIterations: number;
  /** The minimum is reached when no component of the gradient is larger. */
  readonly gradientTolerance: number;
  /** Inverse of the curvature at the start, row by row, where something is known of it. */
  readonly inverseCurvature?: ArrayLike<number> | undefined;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_LINE_STEPS = 40;
/** Value changes below this share of the value are rounding. */
const ROUNDING = 1e-14;

/**
 * Minimises a smooth function of a few variables by the BFGS method (C. Broyden, R. Fletcher, D. Goldfarb and D. Shanno,
 * 1970) with a line search to the weak Wolfe conditions; without a known curvature the first step has length 1 at most.
 *
 * @param start where the function is defined
 */
export function minimize(
  objective: Objective,
  start: ArrayLike<number>,
  { maxIterations, gradientTolerance, inverseCurvature }: MinimizationLimits,
): Minimization {
  const size = start.length;
  let point = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let nextPoint = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const inverse = new Float64Array(size * size);
  let value = objective(point, gradient);
  let evaluations = 1;
  let isFresh = inverseCurvature === undefined;
  if (inverseCurvature !== undefined) inverse.set(inverseCurvature);
  let iterations = 0;
  const finish = (end: MinimizationEnd): Minimization => ({
    point,
    value,
    gradientNorm: largest(gradient),
    iterations,
    evaluations,
    end,
  });

  for (; iterations < maxIterations; iterations++) {
    if (largest(gradient) <= gradientTolerance) return finish('gradient');
    if (isFresh) setDiagonal(inverse, size, 1 / Math.max(1, norm(gradient)));
    let slope = setDirection(direction, inverse, gradient);
    if (!(slope < 0)) {
      setDiagonal(inverse, size, 1 / Math.max(1, norm(gradient)));
      slope = setDirection(direction, inverse, gradient);
      isFresh = true;
    }
    const search = lineSearch(objective, { point, value, slope, direction, nextPoint, nextGradient });
    evaluations += search.evaluations;
    if (!search.found) {
      if (isFresh) return finish(-slope <= ROUNDING * Math.max(1, Math.abs(value)) ? 'flat' : 'lineSearch');
      isFresh = true;
      continue;
    }
    updateInverse(inverse, { point, gradient, nextPoint, nextGradient, isFresh });
    isFresh = false;
    const isFlat = value - search.value <= ROUNDING * Math.max(1, Math.abs(value));
    [point, nextPoint] = [nextPoint, point];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = search.value;
    if (isFlat) return finish(largest(gradient) <= gradientTolerance ? 'gradient' : 'flat');
  }
  return finish(largest(gradient) <= gradientTolerance ? 'gradient' : 'iterations');
}

interface Line {
  readonly point: Float64Array;
  readonly value: number;
  /** Derivative along the direction at `point`. */
  readonly slope: number;
  readonly direction: Float64Array;
  /** Receives where the search ended, and the gradient there. */
  readonly nextPoint: Float64Array;
  readonly nextGradient: Float64Array;
}

/** Doubles the step until the Wolfe conditions are bracketed, then narrows the bracket by cubic interpolation. */
function lineSearch(
  objective: Objective,
  { point, value, slope, direction, nextPoint, nextGradient }: Line,
): { readonly found: boolean; readonly value: number; readonly evaluations: number } {
  let low = 0;
  let lowValue = value;
  let lowSlope = slope;
  let high = Number.POSITIVE_INFINITY;
  let step = 1;
  for (let evaluations = 1; evaluations <= MAX_LINE_STEPS; evaluations++) {
    for (let i = 0; i < point.length; i++) nextPoint[i] = point[i]! + step * direction[i]!;
    const stepValue = objective(nextPoint, nextGradient);
    const stepSlope = dot(nextGradient, direction);
    const isDefined = Number.isFinite(stepValue) && Number.isFinite(stepSlope);
    if (!isDefined || stepValue > value + SUFFICIENT_DECREASE * step * slope) {
      high = step;
      step = isDefined
        ? cubicMinimum(low, lowValue, lowSlope, high, stepValue, stepSlope)
        : low + 0.1 * (high - low);
    } else if (stepSlope < CURVATURE * slope) {
      low = step;
      lowValue = stepValue;
      lowSlope = stepSlope;
      step = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
    } else {
      return { found: stepValue < value, value: stepValue, evaluations };
    }
    if (high - low < 1e-14) break;
  }
  return { found: false, value, evaluations: MAX_LINE_STEPS };
}

/** Minimum of the cubic through two points with given slopes, kept off the ends of the bracket. */
function cubicMinimum(
  low: number,
  lowValue: number,
  lowSlope: number,
  high: number,
  highValue: number,
  highSlope: number,
): number {
  const width = high - low;
  const a = lowSlope + highSlope - (3 * (highValue - lowValue)) / width;
  const root = Math.sqrt(Math.max(a * a - lowSlope * highSlope, 0));
  const inside = high - (width * (highSlope + root - a)) / (highSlope - lowSlope + 2 * root);
  const least = low + 0.1 * width;
  const most = high - 0.1 * width;
  return inside >= least && inside <= most ? inside : inside < least ? least : low + 0.5 * width;
}

/** Puts the quasi-Newton direction into `direction` and returns the slope along it. */
function setDirection(direction: Float64Array, inverse: Float64Array, gradient: Float64Array): number {
  const size = gradient.length;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum -= inverse[i * size + j]! * gradient[j]!;
    direction[i] = sum;
  }
  return dot(direction, gradient);
}

function updateInverse(
  inverse: Float64Array,
  {
    point,
    gradient,
    nextPoint,
    nextGradient,
    isFresh,
  }: {
    readonly point: Float64Array;
    readonly gradient: Float64Array;
    readonly nextPoint: Float64Array;
    readonly nextGradient: Float64Array;
    readonly isFresh: boolean;
  },
): void {
  const size = point.length;
  const step = point.map((from, i) => nextPoint[i]! - from);
  const change = gradient.map((from, i) => nextGradient[i]! - from);
  const curvature = dot(step, change);
  if (!(curvature > 0)) return;
  // The first inverse is a guess; the first curvature seen says how long it should have been.
  if (isFresh) setDiagonal(inverse, size, curvature / dot(change, change));
  const image = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) image[i] = image[i]! + inverse[i * size + j]! * change[j]!;
  }
  const weight = (1 + dot(change, image) / curvature) / curvature;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const cross = (image[i]! * step[j]! + step[i]! * image[j]!) / curvature;
      inverse[i * size + j] = inverse[i * size + j]! + weight * step[i]! * step[j]! - cross;
    }
  }
}

function setDiagonal(matrix: Float64Array, size: number, value: number): void {
  matrix.fill(0);
  for (let i = 0; i < size; i++) matrix[i * size + i] = value;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (const component of vector) most = Math.max(most, Math.abs(component));
  return most;
}
