import { InvalidInputError } from '../../core/errors.ts';
import { toOneHour } from '../backtest/risk.ts';
import type { WeekBlock } from './weekBlock.ts';

/** What a run came to over its weeks. */
export interface RunFigures {
  /** Fee, impact and gas, quote. */
  readonly cost: number;
  /** Standard deviation of hourly sums of net delta x price change, quote; of steps that are longer, an hour's share. */
  readonly hedgingError: number;
  /** Mean loss, positive, of the worst 1 % of the hours, quote. */
  readonly expectedShortfall99: number;
}

/** Figures of a run over its weeks, each counted as often as its weight says; once where no weights are given. */
export type FiguresOf = (weights?: ArrayLike<number>) => RunFigures;

const TAIL = 0.01;

/**
 * Prepares a run for being summed up again and again with other weights, as a bootstrap does.
 *
 * @returns which throws InvalidInputError where there are not as many weights as weeks
 */
export function figuresOf(blocks: readonly WeekBlock[]): FiguresOf {
  const moments = blocks.map(({ cost, hours, hourlyError }) => {
    let [sum, squares] = [0, 0];
    for (const error of hourlyError) {
      sum += error;
      squares += error * error;
    }
    return { cost, hours, count: hourlyError.length, sum, squares };
  });
  const losses = blocks
    .flatMap(({ hourlyError }, block) => Array.from(hourlyError, (error) => ({ loss: -error, block })))
    .sort((a, b) => b.loss - a.loss);
  return (weights) => {
    if (weights !== undefined && weights.length !== blocks.length) {
      throw new InvalidInputError('weights', weights.length, `${blocks.length} weights, one for every week`);
    }
    const weightOf = (block: number) => weights?.[block] ?? 1;
    let [cost, hours, count, sum, squares] = [0, 0, 0, 0, 0];
    moments.forEach((moment, block) => {
      const weight = weightOf(block);
      cost += weight * moment.cost;
      hours += weight * moment.hours;
      count += weight * moment.count;
      sum += weight * moment.sum;
      squares += weight * moment.squares;
    });
    const variance = count > 1 ? Math.max(0, squares - (sum * sum) / count) / (count - 1) : 0;
    const share = toOneHour(count, hours);
    return {
      cost,
      hedgingError: Math.sqrt(variance) * share,
      expectedShortfall99: shortfall(losses, weightOf, TAIL * count) * share,
    };
  };
}

/** Mean of the largest losses, as many as `tail` counts; the last one in part. */
function shortfall(
  losses: readonly { readonly loss: number; readonly block: number }[],
  weightOf: (block: number) => number,
  tail: number,
): number {
  let [left, total] = [tail, 0];
  for (const { loss, block } of losses) {
    const taken = Math.min(weightOf(block), left);
    total += taken * loss;
    left -= taken;
    if (left <= 0) break;
  }
  return tail > 0 ? total / tail : 0;
}
