import { netExposure } from '../../core/exposure/netExposure.ts';
import type { PolicyView } from '../../core/policy.ts';

/** How much higher net delta would be at another volatility, base units: only options move. */
export function deltaShift({ snapshot, spot, netDelta }: PolicyView, volatility: number): number {
  const reading = { ...snapshot.observed.volatility, volatility };
  return netExposure({ ...snapshot, observed: { volatility: reading } }, spot).netDelta - netDelta;
}
