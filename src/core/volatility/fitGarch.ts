import { InvalidInputError } from '../errors.ts';
import { type LjungBoxTest, ljungBox } from '../statistics/ljungBox.ts';
import type { Matrix } from '../statistics/matrix.ts';
import { requireSeries } from '../statistics/require.ts';
import { nextVariance } from './garchFilter.ts';
import { standardErrorsAt } from './garchInference.ts';
import { likelihoodSeries, variancesAt } from './garchLikelihood.ts';
import {
  type GarchModel,
  type GarchParameters,
  type GarchSpecification,
  persistence,
  unconditionalVariance,
} from './garchModel.ts';
import { type GarchConvergence, searchMaximum } from './garchSearch.ts';
import { freeParameters, parametersAt, returnScale } from './garchUnits.ts';

/** Fewer returns than this say nothing about how variance moves. */
const LEAST_RETURNS = 50;
/** A persistence, or a parameter, this close to its bound is at it. */
const BOUND = 1e-4;
const MOST_LAGS = 10;

/** What to fit. */
export interface FitGarchOptions {
  readonly model: GarchModel;
  /** `constant`, the default, fits the mean with the rest; `zero` takes returns as they are. */
  readonly mean?: 'constant' | 'zero';
}

/** What a reader has to know before trusting a fit. */
export type GarchWarning =
  /** The search did not reach a maximum. */
  | 'notConverged'
  /** Persistence is at 1: the variance has no level to return to. */
  | 'integrated'
  /** The variance does not answer to shocks; the memory beta is then not identified. */
  | 'noResponse'
  /** The best fit lies at a bound (alpha, beta or alpha + gamma at 0); standard errors do not hold there. */
  | 'atBound'
  /** An EGARCH with |gamma| above alpha: a large shock of one sign lowers the variance, and a crash may end in none. */
  | 'unstable';

/**
 * A fitted model, with what it says about the series. Standard errors, residuals and their test are worked out when they
 * are first asked for: a forecast needs none of them, and they cost as much as the fit.
 */
export interface GarchFit extends GarchSpecification {
  /**
   * Of the fitted parameters, from the inverse Hessian. Undefined where the likelihood is
   * not curved down in every direction: at a bound, or where a parameter is not identified.
   */
  readonly standardErrors: Partial<GarchParameters> | undefined;
  /** The same, valid where shocks are not normal (T. Bollerslev and J. Wooldridge, 1992). */
  readonly robustStandardErrors: Partial<GarchParameters> | undefined;
  /** Their covariance, in the order mu, omega, alpha, beta, gamma as far as fitted; undefined with them. */
  readonly robustCovariance: Matrix | undefined;
  /** Normal, constants included. */
  readonly logLikelihood: number;
  /** Akaike's (1974) and Schwarz's (1978) criteria: lower is better. */
  readonly aic: number;
  readonly bic: number;
  readonly persistence: number;
  /** Per period; undefined when the persistence is 1 or more. */
  readonly unconditionalVariance: number | undefined;
  /** Variance of each return, known before it. */
  readonly variances: readonly number[];
  /** Variance of the return after the last. */
  readonly nextVariance: number;
  /** Returns less their mean over the root of their variance. */
  readonly standardizedResiduals: readonly number[];
  /** Autocorrelation that is left in the squared standardised residuals. */
  readonly ljungBox: LjungBoxTest;
  readonly convergence: GarchConvergence;
  readonly warnings: readonly GarchWarning[];
}

/**
 * Fits a GARCH(1,1), GJR or EGARCH model to equally spaced returns by maximum likelihood under normal shocks, with
 * analytic gradients; see `GarchModel` for the equations. A search that fails says so in `convergence` and `warnings`.
 *
 * @example
 * const fit = fitGarch(dailyLogReturns, { model: 'gjr' });
 * @throws InvalidInputError when there are fewer than 50 returns, one is not finite, or they do not vary
 */
export function fitGarch(
  returns: readonly number[],
  { model, mean = 'constant' }: FitGarchOptions,
): GarchFit {
  if (model !== 'garch' && model !== 'gjr' && model !== 'egarch') {
    throw new InvalidInputError('model', model, 'garch, gjr or egarch');
  }
  if (mean !== 'constant' && mean !== 'zero') throw new InvalidInputError('mean', mean, 'constant or zero');
  requireSeries('returns', returns, LEAST_RETURNS);
  const hasMean = mean === 'constant';
  const scale = returnScale(returns, hasMean);
  const series = likelihoodSeries(returns, scale);
  const { theta, value, convergence } = searchMaximum(model, series, hasMean);
  const free = freeParameters(model, hasMean);
  const specification = { model, parameters: parametersAt(theta, model, scale) };
  const { mu } = specification.parameters;
  const variances = variancesAt(theta, model, series, scale);
  const n = returns.length;
  const logLikelihood = -n * (value + 0.5 * Math.log(2 * Math.PI) + Math.log(scale));
  const residuals = lazily(() => returns.map((entry, t) => (entry - mu) / Math.sqrt(variances[t]!)));
  const autocorrelation = lazily(() => {
    const squares = residuals().map((residual) => residual * residual);
    return ljungBox(squares, Math.min(MOST_LAGS, Math.floor(n / 5)));
  });
  const standardErrors = lazily(() => standardErrorsAt(theta, free, model, series, scale));
  return {
    ...specification,
    variances,
    nextVariance: nextVariance(specification, variances.at(-1)!, returns.at(-1)! - mu),
    get standardizedResiduals() {
      return residuals();
    },
    get ljungBox() {
      return autocorrelation();
    },
    get standardErrors() {
      return standardErrors()?.hessian;
    },
    get robustStandardErrors() {
      return standardErrors()?.robust;
    },
    get robustCovariance() {
      return standardErrors()?.robustCovariance;
    },
    logLikelihood,
    aic: 2 * (free.length - logLikelihood),
    bic: free.length * Math.log(n) - 2 * logLikelihood,
    persistence: persistence(specification),
    unconditionalVariance: unconditionalVariance(specification),
    convergence,
    warnings: warningsOf(specification, convergence),
  };
}

/** Works out at the first call, and remembers. */
function lazily<T>(work: () => T): () => T {
  let done: { readonly result: T } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}

function warningsOf(specification: GarchSpecification, { converged }: GarchConvergence): GarchWarning[] {
  const { model, parameters } = specification;
  const { alpha, beta, gamma } = parameters;
  const warnings: GarchWarning[] = [];
  if (!converged) warnings.push('notConverged');
  if (model === 'egarch' && Math.abs(gamma) > alpha) warnings.push('unstable');
  if (persistence(specification) > 1 - BOUND) warnings.push('integrated');
  const response = model === 'egarch' ? Math.abs(alpha) + Math.abs(gamma) : alpha + gamma / 2;
  if (response < BOUND) warnings.push('noResponse');
  else if (model !== 'egarch' && Math.min(alpha, alpha + gamma, beta) < BOUND) warnings.push('atBound');
  return warnings;
}
