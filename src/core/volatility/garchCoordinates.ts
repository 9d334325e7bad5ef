import type { GarchModel } from './garchModel.ts';

/**
 * Free coordinates in which a fit searches, so that every point is an admissible model: the first ones are the shape,
 * the last, where the mean is fitted, is mu.
 */
export interface GarchCoordinates {
  readonly size: number;
  /** Shapes to start from, mu left out, for returns of unit variance. */
  readonly starts: readonly (readonly number[])[];
  /** Fills theta (mu, omega, alpha, beta, gamma). */
  readonly toTheta: (point: Float64Array, theta: Float64Array) => void;
  /** Turns the gradient in theta into that in the coordinates. */
  readonly pullBack: (
    point: Float64Array,
    theta: Float64Array,
    byTheta: Float64Array,
    byPoint: Float64Array,
  ) => void;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const logit = (p: number) => Math.log(p / (1 - p));

/** Persistence and the part of it that answers to shocks, tried first to last. */
const STARTS: readonly (readonly [persistence: number, share: number])[] = [
  [0.95, 0.1],
  [0.98, 0.05],
  [0.8, 0.25],
  [0.98, 0.2],
  [0.5, 0.4],
];

/** Coordinates of a model; mu is one of them unless the mean is zero. */
export function coordinatesOf(model: GarchModel, hasMean: boolean): GarchCoordinates {
  const shape = model === 'egarch' ? egarchShape : gjrShape(model === 'gjr');
  const { size } = shape;
  if (!hasMean) return shape;
  return {
    size: size + 1,
    starts: shape.starts,
    toTheta: (point, theta) => {
      shape.toTheta(point, theta);
      theta[0] = point[size]!;
    },
    pullBack: (point, theta, byTheta, byPoint) => {
      shape.pullBack(point, theta, byTheta, byPoint);
      byPoint[size] = byTheta[0]!;
    },
  };
}

/**
 * Persistence p, the share s of it that answers to shocks, and ln omega; with leverage also the part a of the answer that
 * falls have: alpha = 2 p s (1 - a), alpha + gamma = 2 p s a, beta = p (1 - s). Each share is a logistic function, which
 * keeps variances above zero and the model stationary.
 */
function gjrShape(hasLeverage: boolean): GarchCoordinates {
  return {
    size: hasLeverage ? 4 : 3,
    starts: STARTS.map(([persistence, share]) => {
      const start = [logit(persistence), logit(share), Math.log(1 - persistence)];
      return hasLeverage ? [...start, 0] : start;
    }),
    toTheta: (point, theta) => {
      const answer = logistic(point[0]!) * logistic(point[1]!);
      const fall = hasLeverage ? logistic(point[3]!) : 0.5;
      theta[0] = 0;
      theta[1] = Math.exp(point[2]!);
      theta[2] = 2 * answer * (1 - fall);
      theta[3] = logistic(point[0]!) * logistic(-point[1]!);
      theta[4] = hasLeverage ? 2 * answer * (2 * fall - 1) : 0;
    },
    pullBack: (point, theta, byTheta, byPoint) => {
      const persistence = logistic(point[0]!);
      const share = logistic(point[1]!);
      const byAlpha = byTheta[2]!;
      const byBeta = byTheta[3]!;
      const byGamma = hasLeverage ? byTheta[4]! : 0;
      const fall = hasLeverage ? logistic(point[3]!) : 0.5;
      const byAnswer = 2 * ((1 - fall) * byAlpha + (2 * fall - 1) * byGamma);
      byPoint[0] = persistence * logistic(-point[0]!) * (share * byAnswer + (1 - share) * byBeta);
      byPoint[1] = persistence * share * logistic(-point[1]!) * (byAnswer - byBeta);
      byPoint[2] = theta[1]! * byTheta[1]!;
      if (!hasLeverage) return;
      byPoint[3] = 2 * persistence * share * fall * logistic(-point[3]!) * (2 * byGamma - byAlpha);
    },
  };
}

/** beta = tanh, the level omega / (1 - beta) that ln h returns to, alpha and gamma as they are. */
const egarchShape: GarchCoordinates = {
  size: 4,
  starts: STARTS.map(([persistence, share]) => [Math.atanh(persistence), 0, 2 * persistence * share, 0]),
  toTheta: (point, theta) => {
    const beta = Math.tanh(point[0]!);
    theta[0] = 0;
    theta[1] = (1 - beta) * point[1]!;
    theta[2] = point[2]!;
    theta[3] = beta;
    theta[4] = point[3]!;
  },
  pullBack: (point, theta, byTheta, byPoint) => {
    const beta = theta[3]!;
    byPoint[0] = (1 - beta * beta) * (byTheta[3]! - point[1]! * byTheta[1]!);
    byPoint[1] = (1 - beta) * byTheta[1]!;
    byPoint[2] = byTheta[2]!;
    byPoint[3] = byTheta[4]!;
  },
};
