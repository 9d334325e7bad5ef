import { InvalidInputError } from '../../../core/errors.ts';
import { fixed } from '../../../core/report/format.ts';
import type { VolatilityReading } from '../../../core/snapshot.ts';
import type { VolatilityEstimate } from '../../../core/volatility/estimate.ts';

/** An estimate as imprecise as this says nothing. */
const WORST_ERROR = 0.5;

/** A reading that cannot be used, with the reason. */
export function faulty(source: string, observedAtSeconds: number, fault: string): VolatilityReading {
  return { source, volatility: 0, observedAtSeconds, fault };
}

/**
 * A reading from an estimate; what the history is too short or too still for is a fault.
 *
 * @param base source and times
 */
export function readingOf(
  base: Omit<VolatilityReading, 'volatility' | 'stdError' | 'fault'>,
  estimate: () => VolatilityEstimate,
): VolatilityReading {
  try {
    const { volatility, stdError } = estimate();
    const fault =
      volatility === 0
        ? 'the price did not move at all'
        : stdError > WORST_ERROR * volatility
          ? `the history gives ${fixed(volatility, 2)} with a standard error of ${fixed(stdError, 2)}, which says nothing`
          : null;
    if (fault !== null) return faulty(base.source, base.observedAtSeconds, fault);
    return { ...base, volatility, stdError, fault: null };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return faulty(base.source, base.observedAtSeconds, `the history is too short: ${error.message}`);
  }
}
