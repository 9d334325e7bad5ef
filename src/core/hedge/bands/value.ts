import { decayOver } from './decay.ts';
import type { ScaledSolution } from './stationary.ts';
import { type Motion, slopeRise } from './window.ts';

/** What being at a net delta costs more than being at another, and its slope, in the units of the solution. */
export interface ValueCurve {
  /** V(x) - V(buy.act), for x at or right of it. */
  value(x: number): number;
  slope(x: number): number;
}

/** V and V' of a solution between its two act levels, followed from the buy side in the direction that damps errors. */
export function valueCurve(motion: Motion, { buy }: ScaledSolution): ValueCurve {
  const { epsilon, delta } = motion;
  const { start, marginal, source } = buy;
  return {
    value(x) {
      const distance = x - start;
      const { second, third, fourth } = decayOver((delta / epsilon) * distance);
      const area = (source - start * start) * second - 2 * start * distance * third;
      return ((area - 2 * distance ** 2 * fourth) * distance ** 2) / epsilon - marginal * distance;
    },
    slope: (x) => slopeRise(motion, x, x - start, source - x * x) - marginal,
  };
}
