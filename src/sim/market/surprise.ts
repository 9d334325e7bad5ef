import type { PricePath } from '../paths/pricePath.ts';

/**
 * How large the move into a step was, in standard deviations of what was known to be usual; 0 at the start, across a hole,
 * and where nothing moves at all.
 *
 * @param hourlyStdDev standard deviation of an hour's log return
 */
export function surpriseAt(path: PricePath, step: number, hourlyStdDev: number): number {
  if (step === 0 || path.afterGap[step] === 1 || hourlyStdDev === 0) return 0;
  const seconds = path.timestampSeconds[step]! - path.timestampSeconds[step - 1]!;
  const move = Math.abs(Math.log(path.price[step]! / path.price[step - 1]!));
  return move / (hourlyStdDev * Math.sqrt(seconds / 3_600));
}
