/** Fills `out` with the residuals at `point`; values that are not finite make a step refused. */
export type Residuals = (point: Float64Array, out: Float64Array) => void;

/** The box that a fit stays in, and when it stops. */
export interface LeastSquaresLimits {
  /** How many residuals there are. */
  readonly size: number;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** What change of each variable is an ordinary one; steps of derivatives and of the end are shares of it. */
  readonly scale: ArrayLike<number>;
  readonly maxIterations: number;
}

/** Where a fit ended. */
export interface LeastSquares {
  readonly point: Float64Array;
  /** Half the sum of the squared residuals. */
  readonly value: number;
  readonly iterations: number;
  /** Whether it ended at a minimum (of the box) and not at the bound on iterations. */
  readonly converged: boolean;
}

const DERIVATIVE_STEP = 1e-7;
const LAST_STEP = 1e-9;
const LAST_DECREASE = 1e-12;
const MAX_DAMPING = 1e12;

/**
 * Minimises a sum of squares in a box by the damped Gauss-Newton method (K. Levenberg, 1944; D. Marquardt, 1963) with
 * derivatives by differences; variables that would leave the box are held at its wall for that step.
 *
 * @param start a point in the box; it is moved to the nearest one when it is not
 */
export function levenbergMarquardt(
  residuals: Residuals,
  start: ArrayLike<number>,
  { size, lower, upper, scale, maxIterations }: LeastSquaresLimits,
): LeastSquares {
  const count = start.length;
  const inBox = (value: number, i: number) => Math.min(Math.max(value, lower[i]!), upper[i]!);
  let point = Float64Array.from(start, inBox);
  let current = new Float64Array(size);
  let next = new Float64Array(size);
  const jacobian = Array.from({ length: count }, () => new Float64Array(size));
  residuals(point, current);
  let value = halfSquare(current);
  let damping = 1e-3;
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    fillJacobian(residuals, point, current, jacobian, { upper, scale });
    const gradient = jacobian.map((column) => dot(column, current));
    const isFree = gradient.map((slope, i) =>
      slope > 0 ? point[i]! > lower[i]! : slope < 0 && point[i]! < upper[i]!,
    );
    const normal = jacobian.map((column) => jacobian.map((other) => dot(column, other)));
    let isLower = false;
    while (damping < MAX_DAMPING) {
      const step = dampedStep(normal, gradient, isFree, damping, scale);
      const candidate = Float64Array.from(point, (x, i) => inBox(x + step[i]!, i));
      residuals(candidate, next);
      const nextValue = halfSquare(next);
      if (nextValue < value) {
        const decrease = value - nextValue;
        const moved = candidate.reduce(
          (most, x, i) => Math.max(most, Math.abs(x - point[i]!) / scale[i]!),
          0,
        );
        isLower = true;
        point = candidate;
        [current, next] = [next, current];
        damping = Math.max(damping / 5, 1e-12);
        const isLast = moved < LAST_STEP || decrease <= LAST_DECREASE * value;
        value = nextValue;
        if (isLast) return { point, value, iterations: iterations + 1, converged: true };
        break;
      }
      damping *= 4;
    }
    // No step, however short, goes down: to rounding this is the minimum.
    if (!isLower) return { point, value, iterations, converged: Number.isFinite(value) };
  }
  return { point, value, iterations, converged: false };
}

function fillJacobian(
  residuals: Residuals,
  point: Float64Array,
  current: Float64Array,
  jacobian: readonly Float64Array[],
  { upper, scale }: Pick<LeastSquaresLimits, 'upper' | 'scale'>,
): void {
  const moved = Float64Array.from(point);
  jacobian.forEach((column, i) => {
    const length = DERIVATIVE_STEP * scale[i]!;
    moved[i] = point[i]! + (point[i]! + length > upper[i]! ? -length : length);
    const step = moved[i]! - point[i]!;
    residuals(moved, column);
    for (let row = 0; row < column.length; row++) column[row] = (column[row]! - current[row]!) / step;
    moved[i] = point[i]!;
  });
}

/** Solves (N + damping D) step = -gradient over the free variables by Cholesky's factorisation, D as Marquardt's. */
function dampedStep(
  normal: readonly (readonly number[])[],
  gradient: readonly number[],
  isFree: readonly boolean[],
  damping: number,
  scale: ArrayLike<number>,
): Float64Array {
  const free = gradient.map((_, i) => i).filter((i) => isFree[i]);
  const largest = free.reduce((most, i) => Math.max(most, normal[i]![i]! * scale[i]! ** 2), 0);
  const factor: number[][] = [];
  const half: number[] = [];
  free.forEach((i, row) => {
    const line: number[] = [];
    for (let column = 0; column <= row; column++) {
      const j = free[column]!;
      // A variable without any effect gets a floor, so that it stays where it is.
      const floor = (largest * 1e-12) / scale[i]! ** 2;
      let rest = normal[i]![j]! + (i === j ? damping * Math.max(normal[i]![i]!, floor) + floor * 1e-3 : 0);
      const other = column === row ? line : factor[column]!;
      for (let k = 0; k < column; k++) rest -= line[k]! * other[k]!;
      line.push(column === row ? Math.sqrt(Math.max(rest, Number.MIN_VALUE)) : rest / other[column]!);
    }
    factor.push(line);
    let rest = -gradient[i]!;
    for (let k = 0; k < row; k++) rest -= line[k]! * half[k]!;
    half.push(rest / line[row]!);
  });
  const step = new Float64Array(gradient.length);
  for (let row = free.length - 1; row >= 0; row--) {
    let rest = half[row]!;
    for (let k = row + 1; k < free.length; k++) rest -= factor[k]![row]! * step[free[k]!]!;
    step[free[row]!] = rest / factor[row]![row]!;
  }
  return step;
}

function halfSquare(residuals: Float64Array): number {
  const value = 0.5 * dot(residuals, residuals);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
