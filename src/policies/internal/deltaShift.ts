import { atVolatility } from '../../core/exposure/atVolatility.ts';
import { netExposure } from '../../core/exposure/netExposure.ts';
import type { PolicyView } from '../../core/policy.ts';

/** How much higher net delta would be at another volatility, base units: only options move. */
export function deltaShift({ snapshot, spot, netDelta }: PolicyView, volatility: number): number {
  return netExposure(atVolatility(snapshot, volatility), spot).netDelta - netDelta;
}
