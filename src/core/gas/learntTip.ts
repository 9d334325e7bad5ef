import { min, mulDivUp } from '../units.ts';
import { quantileOf } from './patience.ts';

/** What became of a transaction of ours that was handed over. */
export interface PastInclusion {
  readonly tipWei: bigint;
  /** Blocks that passed it over before it landed: 0 = in the first block it could be in. Null = it never landed. */
  readonly passedOver: number | null;
}

/** So many transactions that landed at once say what is enough. */
const enoughSamples = 3;

/**
 * The tip for the next transaction: what recent blocks paid, corrected by what we paid ourselves. Where ours landed at
 * once, an eighth above the median that was enough will do, however much others pay; each one that blocks passed over
 * raises the tip by its share, up to double.
 *
 * @param historyWei a tip that recent blocks paid
 * @param past our own, in any order
 */
export function learntTip(historyWei: bigint, past: readonly PastInclusion[]): bigint {
  const atOnce = past.filter(({ passedOver }) => passedOver === 0).map(({ tipWei }) => tipWei);
  const median = quantileOf(atOnce, 0.5);
  const enough = median !== null && atOnce.length >= enoughSamples ? mulDivUp(median, 9n, 8n) : historyWei;
  const late = past.length - atOnce.length;
  if (late === 0) return min(historyWei, enough);
  return mulDivUp(historyWei, BigInt(past.length + late), BigInt(past.length));
}
