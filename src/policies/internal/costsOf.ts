import { type HedgeCosts, hedgeCosts } from '../../core/hedge/hedgeCosts.ts';
import type { PolicyView } from '../../core/policy.ts';

/** What hedging costs at the pools and the gas of a view. */
export function costsOf({ snapshot, spot, limits, hedgeCosts: known = hedgeCosts }: PolicyView): HedgeCosts {
  return known(snapshot, spot, limits);
}
