/** When a quiet drift waits for a cheaper block. */
export interface Patience {
  /** A base fee above this quantile of recent blocks is dear, 0 to 1. */
  readonly quantile: number;
  /** Blocks looked back on. */
  readonly blocks: number;
  /** At this urgency and above nothing waits. */
  readonly urgentAt: number;
}

/** The median of the last hour and a bit (300 blocks of 12 s); what is half a band beyond its level does not wait. */
export const defaultPatience: Patience = { quantile: 0.5, blocks: 300, urgentAt: 0.5 };

/** The value below or at which a share of values lies: the ⌈q·n⌉-th smallest (nearest rank). Null for an empty list. */
export function quantileOf(values: readonly bigint[], quantile: number): bigint | null {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const rank = Math.min(Math.max(Math.ceil(quantile * sorted.length), 1), sorted.length);
  return sorted[rank - 1] ?? null;
}

/**
 * The base fee, wei, that a hedge waits for; null where it does not wait: it is urgent, the block is no dearer than usual,
 * or nothing is known of recent blocks. At least a share `quantile` of recent blocks was no dearer than what is waited
 * for, so waiting is short unless fees go on rising, and then the quantile rises with them.
 *
 * @param baseFeePerGasWei of the head
 * @param recentWei base fees of recent blocks
 */
export function baseFeeToWaitFor(
  urgency: number,
  baseFeePerGasWei: bigint,
  recentWei: readonly bigint[],
  patience: Patience,
): bigint | null {
  if (urgency >= patience.urgentAt) return null;
  const usual = quantileOf(recentWei, patience.quantile);
  return usual !== null && baseFeePerGasWei > usual ? usual : null;
}
