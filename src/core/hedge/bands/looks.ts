/** -zeta(1/2) / sqrt(2 pi): how far a random walk jumps over a level on average, in standard deviations of a step. */
const MEAN_OVERSHOOT = 0.582_597_157_939_010_7;

/**
 * The act level of somebody who looks at net delta now and then only. When it is seen beyond a level it has already overshot
 * that by 0.5826 a sqrt(dt) on average (D. Siegmund, 1985; M. Broadie, P. Glasserman and S. Kou, 1997, for barriers), so
 * that the level is drawn in by as much: U / (1 + o / U), which is U - o to first order and never turns over.
 *
 * @param act half width for who always looks, base; at or below 0, or infinite, it stays
 * @param varianceRate a^2: how fast the variance of net delta grows, base^2 per year
 * @param lookYears time between two looks
 */
export function actAtLooks(act: number, varianceRate: number, lookYears: number): number {
  const overshoot = MEAN_OVERSHOOT * Math.sqrt(varianceRate * lookYears);
  if (!(act > 0 && act < Number.POSITIVE_INFINITY)) return act;
  return act / (1 + overshoot / act);
}
