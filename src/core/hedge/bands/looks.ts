/** -zeta(1/2) / sqrt(2 pi): how far a random walk jumps over a level on average, in standard deviations of a step. */
const MEAN_OVERSHOOT = 0.582_597_157_939_010_7;
/** sqrt(2 / pi): how much likelier a step is to end beyond one side for each standard deviation that it begins nearer to it. */
const SIDE_ODDS = Math.sqrt(2 / Math.PI);

/**
 * An act level of somebody who looks at net delta now and then only. With o, what net delta moves between two looks,
 * o = a sqrt(dt):
 *
 * - where that is little beside the level U, net delta that is seen beyond it has overshot it by 0.5826 o on average (D.
 *   Siegmund, 1985; M. Broadie, P. Glasserman and S. Kou, 1997, for barriers), and U is drawn in by as much;
 * - where it is much, the next look finds net delta wherever chance takes it: a unit less is worth 2 c U dt until then, and
 *   saves or costs the price p then with a probability that differs by sqrt(2 / pi) U / o: U' = p / (2 c dt + sqrt(2 / pi) p / o).
 *   What p is beside c follows from U^3 = 3 p a^2 / (4 c) (A. Whalley and P. Wilmott, 1997): U' = o / (1.5 (o / U)^3 + 0.8).
 *
 * The larger of both is within 4 % of the exact level where the price per unit is all there is to a trade's cost.
 *
 * @param level for who always looks, base; at or below 0, or infinite, it stays
 * @param varianceRate a^2: how fast the variance of net delta grows, base^2 per year
 * @param lookYears time between two looks
 */
export function levelAtLooks(level: number, varianceRate: number, lookYears: number): number {
  const step = Math.sqrt(varianceRate * lookYears);
  if (!(level > 0 && level < Number.POSITIVE_INFINITY && step > 0)) return level;
  const steps = level / step;
  return step * Math.max(steps - MEAN_OVERSHOOT, 1 / (1.5 / steps ** 3 + SIDE_ODDS));
}

/**
 * The target of somebody who looks now and then only. Where a target alone is worth going to does not hang on gas: it is the
 * level of the band without gas, drawn in as above, as far as that lies within the target. That band's level M is known by the
 * two of the band with gas, of which u U (u + U) = 3 a^2 p / (2 c) = 2 M^3. A target further in than M was set by gas: net delta
 * is to stay between the act levels for many looks, and how often these are does not matter.
 *
 * Over prices and gas of any size net delta then costs at most 1 % more than the least that levels at these looks can.
 *
 * @param target for who always looks, base, counted like `act`; at or below 0 it stays
 */
export function targetAtLooks(act: number, target: number, varianceRate: number, lookYears: number): number {
  if (!(act > 0 && target > 0)) return target;
  const withoutGas = Math.cbrt((target * act * (target + act)) / 2);
  return Math.min(target, levelAtLooks(withoutGas, varianceRate, lookYears));
}
