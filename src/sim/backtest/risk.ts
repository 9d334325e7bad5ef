import { maxDrawdown, standardDeviation } from '../../core/report/performance.ts';
import { expectedShortfall, valueAtRisk } from '../../core/risk/valueAtRisk.ts';
import type { RiskFigures } from './result.ts';

const HOUR = 3_600;

/** Adds what net delta earned into sums over whole hours. */
export class HourlyError {
  readonly #sums: number[] = [];
  #hour = Number.NaN;

  /**
   * @param netDelta held over the step, base
   * @param rise price change over the step
   */
  add(timestampSeconds: number, netDelta: number, rise: number): void {
    const hour = Math.floor(timestampSeconds / HOUR);
    if (hour !== this.#hour) this.#sums.push(0);
    this.#hour = hour;
    this.#sums[this.#sums.length - 1]! += netDelta * rise;
  }

  get sums(): Float64Array {
    return Float64Array.from(this.#sums);
  }
}

/**
 * How risky a run was. The same vault hedged to zero at every step, free of cost, has no net delta to earn on: its hourly sums
 * are nought, and the hedging error is the standard deviation itself.
 *
 * @param hourly sums over an hour of net delta x price change, quote
 * @param values of the vault, step by step, quote
 */
export function riskFigures(hourly: Float64Array, values: Float64Array): RiskFigures {
  const sums = [...hourly];
  const deviation = standardDeviation(sums);
  const has = sums.length > 0;
  return {
    hedgingError: deviation,
    standardDeviation: deviation,
    valueAtRisk99: has ? valueAtRisk(sums, { confidence: 0.99 }) : 0,
    expectedShortfall99: has ? expectedShortfall(sums, { confidence: 0.99 }) : 0,
    maxDrawdown: maxDrawdown([...values]),
  };
}
