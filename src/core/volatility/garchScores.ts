import { type LikelihoodSeries, PARAMETER_ORDER, presampleVariance } from './garchLikelihood.ts';
import { type GarchModel, MEAN_ABSOLUTE_SHOCK } from './garchModel.ts';

const SIZE = PARAMETER_ORDER.length;

/** Two estimates of the curvature of a likelihood, summed over the returns; row by row in `PARAMETER_ORDER`. */
export interface ScoreMoments {
  /** Outer products of the scores, the derivatives of (ln h + e^2 / h) / 2. */
  readonly outerProduct: Float64Array;
  /** Their expectation given the past, under normal shocks: half the outer products of d ln h, and 1 / h for mu. */
  readonly information: Float64Array;
}

/**
 * Runs a model over a series with the derivatives of ln h carried forward: an adjoint, as the likelihood has, gives only
 * the sum of the scores.
 */
export function scoreMoments(model: GarchModel, series: LikelihoodSeries, theta: Float64Array): ScoreMoments {
  const outerProduct = new Float64Array(SIZE * SIZE);
  const information = new Float64Array(SIZE * SIZE);
  const byTheta = new Float64Array(SIZE);
  const score = new Float64Array(SIZE);
  const advance = model === 'egarch' ? advanceEgarch : advanceGjr;
  const n = series.returns.length;
  const state = startOf(model, series, theta, byTheta);
  for (let t = 0; t < n; t++) {
    const residual = series.returns[t]! - theta[0]!;
    const inverse = 1 / state.variance;
    const excess = 0.5 * (1 - residual * residual * inverse);
    for (let i = 0; i < SIZE; i++) score[i] = excess * byTheta[i]!;
    score[0] = score[0]! - residual * inverse;
    information[0] = information[0]! + inverse;
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j <= i; j++) {
        const k = i * SIZE + j;
        outerProduct[k] = outerProduct[k]! + score[i]! * score[j]!;
        information[k] = information[k]! + 0.5 * byTheta[i]! * byTheta[j]!;
      }
    }
    advance(state, residual, theta, byTheta);
  }
  mirror(outerProduct);
  mirror(information);
  return { outerProduct, information };
}

interface State {
  variance: number;
}

/** Sets `byTheta` to the derivatives of the first ln h. */
function startOf(
  model: GarchModel,
  series: LikelihoodSeries,
  theta: Float64Array,
  byTheta: Float64Array,
): State {
  const [mu, omega, alpha, beta, gamma] = theta as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
  ];
  const presample = presampleVariance(series, mu);
  const byMu = 2 * (mu - series.mean);
  if (model === 'egarch') {
    byTheta[0] = byMu / presample;
    return { variance: presample };
  }
  const weight = alpha + 0.5 * gamma + beta;
  const variance = omega + weight * presample;
  byTheta.set([weight * byMu, 1, presample, presample, 0.5 * presample].map((value) => value / variance));
  return { variance };
}

function advanceGjr(state: State, residual: number, theta: Float64Array, byTheta: Float64Array): void {
  const alpha = theta[2]!;
  const beta = theta[3]!;
  const gamma = theta[4]!;
  const { variance } = state;
  const fall = 0.5 * (residual - Math.abs(residual));
  const square = residual * residual;
  const next = theta[1]! + alpha * square + gamma * fall * fall + beta * variance;
  const inverse = 1 / next;
  // byTheta holds d ln h; the recursion is one of dh.
  const kept = beta * variance * inverse;
  byTheta[0] = kept * byTheta[0]! - 2 * (alpha * residual + gamma * fall) * inverse;
  byTheta[1] = kept * byTheta[1]! + inverse;
  byTheta[2] = kept * byTheta[2]! + square * inverse;
  byTheta[3] = kept * byTheta[3]! + variance * inverse;
  byTheta[4] = kept * byTheta[4]! + fall * fall * inverse;
  state.variance = next;
}

/** A shock z = e / sqrt(h) moves with ln h by -z / 2, and with mu by -1 / sqrt(h). */
function advanceEgarch(state: State, residual: number, theta: Float64Array, byTheta: Float64Array): void {
  const alpha = theta[2]!;
  const beta = theta[3]!;
  const gamma = theta[4]!;
  const inverseRoot = 1 / Math.sqrt(state.variance);
  const logVariance = Math.log(state.variance);
  const shock = residual * inverseRoot;
  const answer = gamma + alpha * Math.sign(shock);
  const kept = beta - 0.5 * answer * shock;
  const excess = Math.abs(shock) - MEAN_ABSOLUTE_SHOCK;
  byTheta[0] = kept * byTheta[0]! - answer * inverseRoot;
  byTheta[1] = kept * byTheta[1]! + 1;
  byTheta[2] = kept * byTheta[2]! + excess;
  byTheta[3] = kept * byTheta[3]! + logVariance;
  byTheta[4] = kept * byTheta[4]! + shock;
  state.variance = Math.exp(theta[1]! + beta * logVariance + gamma * shock + alpha * excess);
}

function mirror(matrix: Float64Array): void {
  for (let i = 0; i < SIZE; i++) {
    for (let j = i + 1; j < SIZE; j++) matrix[i * SIZE + j] = matrix[j * SIZE + i]!;
  }
}
