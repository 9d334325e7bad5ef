import { standardDeviation } from '../../core/report/performance.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';

/** Where a vault stood after a decision. */
export interface PathStep {
  readonly atSeconds: number;
  readonly spot: number;
  /** Base. */
  readonly netDelta: number;
}

const LEAST_STEPS = 10;

/**
 * What net delta made or lost as the price moved from step to step: standard deviation, scaled to a day by the square root of
 * time, quote. Steps of any length count alike once each is scaled by its own.
 *
 * @returns null where there are fewer than ten steps
 */
export function errorPerDay(path: readonly PathStep[]): number | null {
  const scaled = path.slice(1).flatMap(({ atSeconds, spot }, index) => {
    const before = path[index]!;
    const seconds = atSeconds - before.atSeconds;
    return seconds > 0
      ? [(before.netDelta * (spot - before.spot)) / Math.sqrt(seconds / SECONDS_PER_DAY)]
      : [];
  });
  return scaled.length < LEAST_STEPS ? null : standardDeviation(scaled);
}
