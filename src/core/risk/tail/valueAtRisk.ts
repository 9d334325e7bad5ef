import { InvalidInputError } from '../../errors.ts';
import { compensatedSum } from '../../math/sum.ts';
import { requireSeries } from '../../statistics/require.ts';

/** How far out in the tail to look. */
export interface RiskLevel {
  /** Share of outcomes that are no worse, from 0 to 1: 0.99 looks at the worst 1 %. */
  readonly confidence: number;
}

/** Which outcome counts where the tail ends exactly between two. */
export interface QuantileLevel extends RiskLevel {
  /**
   * `lower`, the default: the smallest loss that is exceeded with probability 1 - confidence at most, the fourth worst of
   * 300 at 99 %. `upper`: the next worse one.
   */
  readonly tie?: 'lower' | 'upper';
}

/** Products of counts and shares this close to a whole number are meant to be it. */
const ROUNDING = 1e-9;

/**
 * The loss that is not exceeded with the given confidence, over outcomes that are equally likely: recorded ones
 * (historical simulation), ones filtered through a volatility model, or drawn ones (Monte Carlo). Definition of
 * C. Acerbi and D. Tasche (2002).
 *
 * @param profits profit or loss of each outcome, losses below zero, in any unit
 * @returns in the same unit, losses above zero
 * @throws InvalidInputError when there is no outcome, one is not finite, or the confidence is outside 0 to 1
 */
export function valueAtRisk(
  profits: readonly number[],
  { confidence, tie = 'lower' }: QuantileLevel,
): number {
  const losses = sortedLosses(profits, confidence);
  if (tie !== 'lower' && tie !== 'upper') throw new InvalidInputError('tie', tie, 'lower or upper');
  const position = confidence * losses.length;
  const index = tie === 'lower' ? Math.ceil(position - ROUNDING) - 1 : Math.floor(position + ROUNDING);
  return losses[Math.min(Math.max(index, 0), losses.length - 1)]!;
}

/**
 * Average loss over the worst 1 - confidence of equally likely outcomes; where that is no whole number of them the last
 * one counts in part (C. Acerbi and D. Tasche, 2002). At confidence 1 it is the worst loss, at 0 the mean.
 *
 * @param profits profit or loss of each outcome, losses below zero, in any unit
 * @returns in the same unit, losses above zero
 * @throws InvalidInputError when there is no outcome, one is not finite, or the confidence is outside 0 to 1
 */
export function expectedShortfall(profits: readonly number[], { confidence }: RiskLevel): number {
  const losses = sortedLosses(profits, confidence).reverse();
  const tail = (1 - confidence) * losses.length;
  if (tail <= ROUNDING) return losses[0]!;
  const whole = Math.floor(tail + ROUNDING);
  const rest = Math.max(tail - whole, 0) * (losses[whole] ?? 0);
  return (compensatedSum(losses.slice(0, whole)) + rest) / tail;
}

function sortedLosses(profits: readonly number[], confidence: number): number[] {
  requireSeries('profits', profits, 1);
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new InvalidInputError('confidence', confidence, 'a share from 0 to 1');
  }
  return profits.map((profit) => 0 - profit).sort((a, b) => a - b);
}
