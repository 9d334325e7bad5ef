import { normalCdf, normalPdf } from '../math/normal.ts';
import { minimize } from '../statistics/minimize.ts';
import { mean } from '../statistics/moments.ts';

/** A normal distribution. */
export interface NormalDistribution {
  readonly centre: number;
  readonly spread: number;
}

/** Probability that a normal variable lies at least `limit` from zero. */
export function tailProbability(centre: number, spread: number, limit: number): number {
  return normalCdf((-limit - centre) / spread) + normalCdf((centre - limit) / spread);
}

/** A spread this many times smaller than the limit would explain none of what lies beyond it. */
const LEAST_SPREAD = 0.05;
/** A fit that says that less than this share is seen is a guess about the rest. */
const LEAST_SHARE = 0.02;

/**
 * Fits a normal distribution to what of it lies beyond limits on both sides of zero, by maximum likelihood (A. C. Cohen,
 * 1950).
 *
 * @param limits for each value, how far from zero it had to lie to be seen
 * @returns undefined when there is no sound maximum: what was seen does not show the shape of the rest
 */
export function fitTruncatedNormal(
  values: readonly number[],
  limits: readonly number[],
): NormalDistribution | undefined {
  const n = values.length;
  const unit = mean(limits);
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const centre = point[0]! * unit;
    const spread = Math.exp(point[1]!) * unit;
    let sum = 0;
    let byCentre = 0;
    let byLogSpread = 0;
    for (let i = 0; i < n; i++) {
      const residual = (values[i]! - centre) / spread;
      const below = (-limits[i]! - centre) / spread;
      const above = (centre - limits[i]!) / spread;
      const share = normalCdf(below) + normalCdf(above);
      sum += 0.5 * residual * residual + Math.log(share);
      byCentre += (normalPdf(above) - normalPdf(below)) / share - residual;
      byLogSpread -= residual * residual + (below * normalPdf(below) + above * normalPdf(above)) / share;
    }
    gradient[0] = (byCentre * unit) / (spread * n);
    gradient[1] = 1 + byLogSpread / n;
    return point[1]! + sum / n;
  };
  const average = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
  const start = [average / unit / 2, Math.log(Math.max(deviation / unit, LEAST_SPREAD))];
  const { point, end, gradientNorm } = minimize(objective, start, {
    maxIterations: 200,
    gradientTolerance: 1e-9,
  });
  const centre = point[0]! * unit;
  const spread = Math.exp(point[1]!) * unit;
  const isSound =
    end !== 'iterations' && gradientNorm < 1e-5 && tailProbability(centre, spread, unit) > LEAST_SHARE;
  return isSound ? { centre, spread } : undefined;
}
