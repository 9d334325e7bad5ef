/**
 * How much faster a GARCH(1,1) fit is than a Nelder-Mead fit of the same likelihood, in the same run and process:
 * `npx tsx bench/garch.ts`. Both fit mean, omega, alpha and beta of the same simulated series and must reach the same
 * log-likelihood; neither computes standard errors.
 */
import { fitGarch } from '../src/core/volatility/fitGarch.ts';
import { simulatedReturns } from '../test/support/garchSeries.ts';
import { nelderMead } from './support/nelderMead.ts';

/** Most that our fit may take of the other's time. */
const TARGET_SHARE = 0.1;
const truth = {
  model: 'garch',
  parameters: { mu: 0, omega: 2e-6, alpha: 0.08, beta: 0.9, gamma: 0 },
} as const;

/** Normal log-likelihood, one pass, one logarithm a return. */
function logLikelihood(
  returns: Float64Array,
  mu: number,
  omega: number,
  alpha: number,
  beta: number,
): number {
  let square = 0;
  for (let t = 0; t < returns.length; t++) square += (returns[t]! - mu) ** 2;
  const presample = square / returns.length;
  let variance = omega + (alpha + beta) * presample;
  let sum = 0;
  for (let t = 0; t < returns.length; t++) {
    const residual = returns[t]! - mu;
    sum += Math.log(variance) + (residual * residual) / variance;
    variance = omega + alpha * residual * residual + beta * variance;
  }
  return -0.5 * (sum + returns.length * Math.log(2 * Math.PI));
}

function simplexFit(returns: Float64Array) {
  const scale = Math.sqrt(returns.reduce((sum, value) => sum + value * value, 0) / returns.length);
  const scaled = returns.map((value) => value / scale);
  const objective = ([logitKept, logitShare, logOmega, mu]: readonly number[]): number => {
    const kept = 1 / (1 + Math.exp(-logitKept!));
    const share = 1 / (1 + Math.exp(-logitShare!));
    return -logLikelihood(scaled, mu!, Math.exp(logOmega!), kept * share, kept * (1 - share));
  };
  const start = [Math.log(0.95 / 0.05), Math.log(0.1 / 0.9), Math.log(0.05), 0];
  const found = nelderMead(objective, start, { size: 0.2, tolerance: 1e-7, maxEvaluations: 2000 });
  return { logLikelihood: -found.value - returns.length * Math.log(scale), evaluations: found.evaluations };
}

/** Microseconds that a call took. */
function time(work: () => unknown): number {
  const started = performance.now();
  work();
  return (performance.now() - started) * 1000;
}

console.log('returns   ours us   Nelder-Mead us   share of its time   target   log-likelihood above it by');
for (const length of [2_000, 100_000]) {
  const returns = simulatedReturns(truth, length, 1);
  const columns = Float64Array.from(returns);
  const ours = fitGarch(returns, { model: 'garch' });
  const other = simplexFit(columns);
  const advantage = ours.logLikelihood - other.logLikelihood;
  if (!ours.convergence.converged || advantage < -1e-6) {
    throw new Error(`not the maximum: ${ours.convergence.reason}, ${advantage}`);
  }
  let oursLeast = Number.POSITIVE_INFINITY;
  let otherLeast = Number.POSITIVE_INFINITY;
  // Taken in turns, and the least of each: on a shared machine everything above it is somebody else's work.
  for (let sample = 0; sample < (length > 10_000 ? 20 : 500); sample++) {
    oursLeast = Math.min(
      oursLeast,
      time(() => fitGarch(returns, { model: 'garch' })),
    );
    otherLeast = Math.min(
      otherLeast,
      time(() => simplexFit(columns)),
    );
  }
  const share = oursLeast / otherLeast;
  const cells = [
    String(length).padStart(7),
    oursLeast.toFixed(0).padStart(10),
    otherLeast.toFixed(0).padStart(17),
    `${(100 * share).toFixed(1)} %`.padStart(20),
    (length === 2_000 ? `<= ${100 * TARGET_SHARE} %` : '-').padStart(9),
    advantage.toExponential(1).padStart(29),
  ];
  console.log(cells.join(''));
  console.log(
    `        ${ours.convergence.evaluations} and ${other.evaluations} evaluations of the likelihood`,
  );
  if (length === 2_000 && share > TARGET_SHARE) process.exitCode = 1;
}
