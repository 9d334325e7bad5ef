import { type GarchModel, MEAN_ABSOLUTE_SHOCK } from './garchModel.ts';

/** Where each parameter stands in the vectors of the likelihood. */
export const PARAMETER_ORDER = ['mu', 'omega', 'alpha', 'beta', 'gamma'] as const;

/** A series made ready for many evaluations of its likelihood. */
export interface LikelihoodSeries {
  readonly returns: Float64Array;
  readonly mean: number;
  readonly meanSquare: number;
  /** Scratch: h (or ln h) of each period. */
  readonly variances: Float64Array;
  /** Scratch: what one period leaves for its gradient. */
  readonly shocks: Float64Array;
}

/** Average over the returns of (ln h + e^2 / h) / 2; fills its derivatives in the order of `PARAMETER_ORDER`. */
export type Likelihood = (series: LikelihoodSeries, theta: Float64Array, gradient: Float64Array) => number;

/** Products are turned into one logarithm before they leave these bounds. */
const PRODUCT_MOST = 1e100;
const PRODUCT_LEAST = 1e-100;
/** ln h beyond this is no variance of scaled returns any more. */
const LOG_VARIANCE_MOST = 200;

/** Divides returns by `scale` and adds what every evaluation of their likelihood needs. */
export function likelihoodSeries(returns: readonly number[] | Float64Array, scale = 1): LikelihoodSeries {
  const n = returns.length;
  const scaled = new Float64Array(n);
  let sum = 0;
  let square = 0;
  for (let t = 0; t < n; t++) {
    const value = returns[t]! / scale;
    scaled[t] = value;
    sum += value;
    square += value * value;
  }
  return {
    returns: scaled,
    mean: sum / n,
    meanSquare: square / n,
    variances: new Float64Array(n),
    shocks: new Float64Array(n),
  };
}

/**
 * The likelihood of a model. Before the first return, e^2 and h are the mean of e^2 (G. Fiorentini, G. Calzolari and L.
 * Panattoni, 1996); for `egarch` the first variance is that mean.
 */
export function likelihoodOf(model: GarchModel): Likelihood {
  return model === 'egarch' ? egarchLikelihood : gjrLikelihood;
}

/** Variance of each return, in the units of returns `scale` times as large. */
export function variancesAt(
  theta: Float64Array,
  model: GarchModel,
  series: LikelihoodSeries,
  scale: number,
): number[] {
  likelihoodOf(model)(series, theta, new Float64Array(PARAMETER_ORDER.length));
  const square = scale * scale;
  const variances = new Array<number>(series.returns.length);
  for (let t = 0; t < variances.length; t++) {
    const entry = series.variances[t]!;
    variances[t] = square * (model === 'egarch' ? Math.exp(entry) : entry);
  }
  return variances;
}

/** Mean squared residual about `mu`: what stands for e^2 and h before the first return. */
export function presampleVariance({ mean, meanSquare }: LikelihoodSeries, mu: number): number {
  return meanSquare - 2 * mu * mean + mu * mu;
}

/**
 * GARCH and GJR. The gradient is the adjoint of the recursion: one pass back over the variances gives all five
 * derivatives, where carrying five derivatives forward would cost five recursions. Of the shock before the first return
 * half counts as a fall.
 */
function gjrLikelihood(series: LikelihoodSeries, theta: Float64Array, gradient: Float64Array): number {
  const { returns, variances, shocks } = series;
  const mu = theta[0]!;
  const omega = theta[1]!;
  const alpha = theta[2]!;
  const beta = theta[3]!;
  const gamma = theta[4]!;
  const n = returns.length;
  const presample = presampleVariance(series, mu);
  let variance = omega + (alpha + 0.5 * gamma + beta) * presample;
  let logSum = 0;
  let product = 1;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    variances[t] = variance;
    product *= variance;
    if (!(product < PRODUCT_MOST && product > PRODUCT_LEAST)) {
      if (!(product > 0)) return Number.POSITIVE_INFINITY;
      logSum += Math.log(product);
      product = 1;
    }
    const residual = returns[t]! - mu;
    const fall = 0.5 * (residual - Math.abs(residual));
    const inverse = 1 / variance;
    shocks[t] = inverse;
    squares += residual * residual * inverse;
    variance = omega + alpha * residual * residual + gamma * fall * fall + beta * variance;
  }
  logSum += Math.log(product);

  let adjoint = 0;
  let sumMu = 0;
  let sumOmega = 0;
  let sumAlpha = 0;
  let sumBeta = 0;
  let sumGamma = 0;
  for (let t = n - 1; t >= 0; t--) {
    const residual = returns[t]! - mu;
    const fall = 0.5 * (residual - Math.abs(residual));
    const inverse = shocks[t]!;
    // `adjoint` is still that of the variance after this return, which this return's shock went into.
    sumAlpha += adjoint * residual * residual;
    sumGamma += adjoint * fall * fall;
    sumBeta += adjoint * variances[t]!;
    sumMu -= 2 * adjoint * (alpha * residual + gamma * fall) + residual * inverse;
    adjoint = 0.5 * inverse * (1 - residual * residual * inverse) + beta * adjoint;
    sumOmega += adjoint;
  }
  gradient[0] = (sumMu + 2 * adjoint * (alpha + 0.5 * gamma + beta) * (mu - series.mean)) / n;
  gradient[1] = sumOmega / n;
  gradient[2] = (sumAlpha + adjoint * presample) / n;
  gradient[3] = (sumBeta + adjoint * presample) / n;
  gradient[4] = (sumGamma + 0.5 * adjoint * presample) / n;
  return (0.5 * (logSum + squares)) / n;
}

/**
 * EGARCH, on ln h; the first variance is the mean squared residual itself, since a shock before it has no sign.
 *
 * Not defined where the recursion does not forget its start on these returns, that is where the mean of
 * ln |d ln h' / d ln h| is not below 0 (O. Wintenberger, "Continuous invertibility and stable QML estimation of the
 * EGARCH(1,1) model", 2013): there the likelihood has spikes that mean nothing, and the variances that follow explode.
 */
function egarchLikelihood(series: LikelihoodSeries, theta: Float64Array, gradient: Float64Array): number {
  const { returns, variances, shocks } = series;
  const mu = theta[0]!;
  const omega = theta[1]!;
  const alpha = theta[2]!;
  const beta = theta[3]!;
  const gamma = theta[4]!;
  const n = returns.length;
  const presample = presampleVariance(series, mu);
  let logVariance = Math.log(presample);
  let sum = 0;
  let logKept = 0;
  let kept = 1;
  for (let t = 0; t < n; t++) {
    if (!(Math.abs(logVariance) < LOG_VARIANCE_MOST)) return Number.POSITIVE_INFINITY;
    const shock = (returns[t]! - mu) * Math.exp(-0.5 * logVariance);
    variances[t] = logVariance;
    shocks[t] = shock;
    sum += logVariance + shock * shock;
    kept *= Math.abs(beta - 0.5 * (gamma * shock + alpha * Math.abs(shock)));
    if (!(kept < PRODUCT_MOST && kept > PRODUCT_LEAST)) {
      logKept += Math.log(kept);
      kept = 1;
    }
    logVariance =
      omega + beta * logVariance + gamma * shock + alpha * (Math.abs(shock) - MEAN_ABSOLUTE_SHOCK);
  }
  if (!(logKept + Math.log(kept) < 0)) return Number.POSITIVE_INFINITY;

  let adjoint = 0;
  let sumMu = 0;
  let sumOmega = 0;
  let sumAlpha = 0;
  let sumBeta = 0;
  let sumGamma = 0;
  for (let t = n - 1; t >= 0; t--) {
    const shock = shocks[t]!;
    const size = Math.abs(shock);
    // `adjoint` is still that of ln h after this return.
    sumOmega += adjoint;
    sumAlpha += adjoint * (size - MEAN_ABSOLUTE_SHOCK);
    sumGamma += adjoint * shock;
    sumBeta += adjoint * variances[t]!;
    const byShock = shock + adjoint * (gamma + alpha * Math.sign(shock));
    // d shock / d mu is -1 / sqrt(h).
    sumMu -= byShock * Math.exp(-0.5 * variances[t]!);
    adjoint = 0.5 - 0.5 * shock * byShock + beta * adjoint;
  }
  gradient[0] = (sumMu + (2 * adjoint * (mu - series.mean)) / presample) / n;
  gradient[1] = sumOmega / n;
  gradient[2] = sumAlpha / n;
  gradient[3] = sumBeta / n;
  gradient[4] = sumGamma / n;
  return (0.5 * sum) / n;
}
