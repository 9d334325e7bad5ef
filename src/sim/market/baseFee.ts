import { InvalidInputError } from '../../core/errors.ts';
import { requireAboveZero, requireAtLeastZero, requireSeries } from '../../core/statistics/require.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import type { PricePath } from '../paths/pricePath.ts';
import type { RandomStream } from '../random.ts';
import { surpriseAt } from './surprise.ts';

/** A base fee whose logarithm returns to a level, and that jumps up when the price moves: everybody trades at once. */
export interface BaseFeeModel {
  readonly medianGwei: number;
  /** Standard deviation of the logarithm in the long run. */
  readonly logStdDev: number;
  readonly halfLifeSeconds: number;
  /** What a move of one standard deviation of an hour adds to the logarithm, at once. */
  readonly moveLoading: number;
}

/** Levels of Ethereum in 2021 to 2024: 20 gwei in the middle, above 100 in one hour of twenty, higher when the price moves. */
export const typicalBaseFee: BaseFeeModel = {
  medianGwei: 20,
  logStdDev: 0.75,
  halfLifeSeconds: 6 * 3_600,
  moveLoading: 0.15,
};

/**
 * Base fees along a price path, gwei.
 *
 * @param hourlyStdDev standard deviation of an hour's log return, known at each step
 * @throws InvalidInputError when a parameter is out of its range
 */
export function baseFeesAlong(
  path: PricePath,
  hourlyStdDev: Float64Array,
  model: BaseFeeModel,
  random: RandomStream,
): Float64Array {
  requireAboveZero('medianGwei', model.medianGwei);
  requireAtLeastZero('logStdDev', model.logStdDev);
  requireAboveZero('halfLifeSeconds', model.halfLifeSeconds);
  requireAtLeastZero('moveLoading', model.moveLoading);
  const { timestampSeconds, price } = path;
  const fees = new Float64Array(price.length);
  let level = model.logStdDev * random.normal();
  for (let step = 0; step < price.length; step += 1) {
    const seconds = step === 0 ? 0 : timestampSeconds[step]! - timestampSeconds[step - 1]!;
    const kept = 2 ** (-seconds / model.halfLifeSeconds);
    level = level * kept + model.logStdDev * Math.sqrt(1 - kept ** 2) * random.normal();
    const size = surpriseAt(path, step, hourlyStdDev[step]!);
    // A move of ordinary size adds nothing; the mean of |z| is what "ordinary" is.
    const pressure = model.moveLoading * Math.max(0, size - Math.sqrt(2 / Math.PI));
    fees[step] = model.medianGwei * Math.exp(level + pressure);
  }
  return fees;
}

/**
 * Fits level, spread and memory to recorded base fees; the answer to price moves stays as given, since it takes prices too.
 * Observations need not be equally spaced: the memory comes from pairs that are neighbours and at most a day apart.
 *
 * @throws InvalidInputError when there are fewer than 20 observations, or one is not above 0
 */
export function fitBaseFee(
  timestampSeconds: readonly number[],
  gwei: readonly number[],
  moveLoading: number = typicalBaseFee.moveLoading,
): BaseFeeModel {
  requireSeries('gwei', gwei, 20);
  if (timestampSeconds.length !== gwei.length) {
    throw new InvalidInputError('timestampSeconds', timestampSeconds.length, `${gwei.length} times`);
  }
  for (const [index, value] of gwei.entries()) requireAboveZero(`gwei[${index}]`, value);
  const logs = gwei.map(Math.log);
  const sorted = [...logs].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1]!;
  const variance = logs.reduce((sum, value) => sum + (value - middle) ** 2, 0) / logs.length;
  return {
    medianGwei: Math.exp(middle),
    logStdDev: Math.sqrt(variance),
    halfLifeSeconds: halfLife(timestampSeconds, logs, middle, variance),
    moveLoading,
  };
}

/** From the correlation of neighbours, each pair saying how fast it decays over its own distance. */
function halfLife(
  times: readonly number[],
  logs: readonly number[],
  middle: number,
  variance: number,
): number {
  let product = 0;
  let pairs = 0;
  let seconds = 0;
  for (let index = 1; index < logs.length; index += 1) {
    const apart = times[index]! - times[index - 1]!;
    if (!(apart > 0 && apart <= SECONDS_PER_DAY)) continue;
    product += (logs[index]! - middle) * (logs[index - 1]! - middle);
    seconds += apart;
    pairs += 1;
  }
  if (pairs < 10 || variance === 0) return typicalBaseFee.halfLifeSeconds;
  const correlation = Math.min(Math.max(product / pairs / variance, 0.01), 0.999);
  return (seconds / pairs) * (-Math.LN2 / Math.log(correlation));
}
