import { maxDrawdown, standardDeviation } from '../../core/report/performance.ts';
import { expectedShortfall, valueAtRisk } from '../../core/risk/tail/valueAtRisk.ts';
import type { RiskFigures } from './result.ts';

const HOUR = 3_600;

/** Adds what net delta earned into sums over the hours of the clock; a step belongs to the hour that it begins in. */
export class HourlyError {
  readonly #sums: number[] = [];
  #hour = Number.NaN;
  #seconds = 0;

  /**
   * @param seconds length of the step
   * @param netDelta held over the step, base
   * @param rise price change over the step
   */
  add(timestampSeconds: number, seconds: number, netDelta: number, rise: number): void {
    const hour = Math.floor(timestampSeconds / HOUR);
    if (hour !== this.#hour) this.#sums.push(0);
    this.#hour = hour;
    this.#seconds += seconds;
    this.#sums[this.#sums.length - 1]! += netDelta * rise;
  }

  /** All that was added, hours. */
  get hours(): number {
    return this.#seconds / HOUR;
  }

  get sums(): Float64Array {
    return Float64Array.from(this.#sums);
  }
}

/**
 * What turns figures of sums into those of an hour: variance grows with time, so that an hour has its share of the variance
 * of a step that is longer, and sums of steps that do not fit the hour evenly have that of an hour on average. Exactly 1
 * where every sum is one of a whole hour.
 *
 * @param sums how many there are
 * @param hours that they cover together
 */
export function toOneHour(sums: number, hours: number): number {
  return hours > 0 ? Math.sqrt(sums / hours) : 1;
}

/**
 * How risky a run was. The same vault hedged to zero at every step, free of cost, has no net delta to earn on: its hourly sums
 * are nought, and the hedging error is the standard deviation itself.
 *
 * @param error sums over an hour of net delta x price change, quote; over a step where that is longer
 * @param values of the vault, step by step, quote
 */
export function riskFigures(error: Pick<HourlyError, 'sums' | 'hours'>, values: Float64Array): RiskFigures {
  const sums = [...error.sums];
  const share = toOneHour(sums.length, error.hours);
  const deviation = standardDeviation(sums) * share;
  const has = sums.length > 0;
  return {
    hedgingError: deviation,
    standardDeviation: deviation,
    valueAtRisk99: has ? valueAtRisk(sums, { confidence: 0.99 }) * share : 0,
    expectedShortfall99: has ? expectedShortfall(sums, { confidence: 0.99 }) * share : 0,
    maxDrawdown: maxDrawdown([...values]),
  };
}
