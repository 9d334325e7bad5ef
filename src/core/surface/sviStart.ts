import { invertPositiveDefinite } from '../statistics/matrix.ts';
import { normalisedWeights, type SmileObservation } from './points.ts';
import type { SviParameters } from './svi.ts';

const TURNS = 9;
const ROUNDNESSES = 7;

/** A smile to start a fit from, and how far it is from the observations. */
interface Start {
  readonly parameters: SviParameters;
  readonly error: number;
}

/**
 * Smiles to start a fit from, best first: for fixed m and sigma raw SVI is linear in a, b rho sigma and b sigma, so that
 * each point of a coarse grid of m and sigma is one small linear problem (Zeliade Systems, "Quasi-explicit calibration
 * of Gatheral's SVI model", 2009).
 */
export function sviStarts(
  observations: readonly SmileObservation[],
  years: number,
  count: number,
): SviParameters[] {
  const strikes = observations.map(({ logMoneyness }) => logMoneyness);
  const low = Math.min(...strikes);
  const width = Math.max(...strikes) - low;
  // In variance an error of volatility counts twice the volatility.
  const weights = normalisedWeights(observations).map((weight, i) => weight / observations[i]!.volatility);
  const variances = observations.map(({ volatility }) => volatility * volatility * years);
  const starts: Start[] = [];
  for (let i = 0; i < TURNS; i++) {
    for (let j = 0; j < ROUNDNESSES; j++) {
      const m = low + (width * (i + 0.5)) / TURNS;
      const sigma = width * 0.02 * 2 ** j;
      const start = linearFit(strikes, variances, weights, m, sigma);
      if (start !== undefined) starts.push(start);
    }
  }
  return starts
    .sort((one, other) => one.error - other.error)
    .slice(0, count)
    .map(({ parameters }) => parameters);
}

function linearFit(
  strikes: readonly number[],
  variances: readonly number[],
  weights: ArrayLike<number>,
  m: number,
  sigma: number,
): Start | undefined {
  const normal = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  const right = [0, 0, 0];
  const rows = strikes.map((k) => [1, (k - m) / sigma, Math.hypot((k - m) / sigma, 1)] as const);
  rows.forEach((row, i) => {
    const square = weights[i]! ** 2;
    for (let p = 0; p < 3; p++) {
      right[p]! += square * row[p]! * variances[i]!;
      for (let q = 0; q < 3; q++) normal[p]![q]! += square * row[p]! * row[q]!;
    }
  });
  const inverse = invertPositiveDefinite(normal);
  if (inverse === undefined) return undefined;
  const [level, tilt, curve] = inverse.map((row) =>
    row.reduce((sum, value, p) => sum + value * right[p]!, 0),
  );
  // Out of SVI's domain the nearest sound smile is start enough.
  const b = Math.max(curve! / sigma, 1e-6);
  const rho = Math.min(Math.max(tilt! / (b * sigma), -0.98), 0.98);
  const a = Math.max(level!, -0.99 * b * sigma * Math.sqrt(1 - rho * rho));
  const error = rows.reduce((sum, row, i) => {
    const miss = weights[i]! * (a + b * sigma * (rho * row[1] + row[2]) - variances[i]!);
    return sum + miss * miss;
  }, 0);
  return { parameters: { a, b, rho, m, sigma }, error };
}
