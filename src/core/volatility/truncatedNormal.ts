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
 * Fits a normal distribution to what of it lies at least `limit` from zero, by maximum likelihood (A. C. Cohen, 1950).
 *
 * @returns undefined when there is no sound maximum: what was seen does not show the shape of the rest
 */
export function fitTruncatedNormal(values: readonly number[], limit: number): NormalDistribution | undefined {
  const average = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    const centre = point[0]! * limit;
    const spread = Math.exp(point[1]!) * limit;
    const [below, above] = [(-limit - centre) / spread, (centre - limit) / spread];
    const share = normalCdf(below) + normalCdf(above);
    const residual = (average - centre) / spread;
    const square = residual * residual + (deviation / spread) ** 2;
    const shareByCentre = (normalPdf(above) - normalPdf(below)) / spread;
    const shareByLogSpread = -(below * normalPdf(below) + above * normalPdf(above));
    gradient[0] = limit * (shareByCentre / share - residual / spread);
    gradient[1] = 1 - square + shareByLogSpread / share;
    return Math.log(spread / limit) + 0.5 * square + Math.log(share);
  };
  const start = [average / limit / 2, Math.log(Math.max(deviation, LEAST_SPREAD * limit) / limit)];
  const { point, end, gradientNorm } = minimize(objective, start, {
    maxIterations: 200,
    gradientTolerance: 1e-9,
  });
  const centre = point[0]! * limit;
  const spread = Math.exp(point[1]!) * limit;
  const isSound =
    end !== 'iterations' && gradientNorm < 1e-5 && tailProbability(centre, spread, limit) > LEAST_SHARE;
  return isSound ? { centre, spread } : undefined;
}
