import { normalCdf, normalPdf } from '../math/normal.ts';
import { requireBetween } from './require.ts';

const MAX_STEPS = 60;

/**
 * The value that a standard normal variable stays below with `probability`, by Newton's iteration on the logarithm of the
 * lower tail. That function is concave, so a start left of the root climbs to it without overshooting; -sqrt(-2 ln p)
 * is such a start, because the tail at x is at most exp(-x^2/2)/2.
 *
 * @throws InvalidInputError when `probability` is not strictly between 0 and 1
 */
export function normalQuantile(probability: number): number {
  requireBetween('probability', probability, 0, 1);
  if (probability === 0.5) return 0;
  return probability > 0.5 ? -lowerQuantile(1 - probability) : lowerQuantile(probability);
}

function lowerQuantile(probability: number): number {
  const target = Math.log(probability);
  let x = -Math.sqrt(-2 * target);
  for (let step = 0; step < MAX_STEPS; step++) {
    const below = normalCdf(x);
    // The last subnormal doubles have no tail to divide by: the start is already within 0.1 % of them.
    if (below === 0) break;
    const move = ((target - Math.log(below)) * below) / normalPdf(x);
    x += move;
    if (Math.abs(move) <= 1e-15 * Math.abs(x)) break;
  }
  return x;
}
