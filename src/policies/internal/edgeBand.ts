import type { ModelBand } from './bandVerdict.ts';

/** A band of one half width around 0, hedged back to its edge. */
export function edgeBand(halfWidth: number): ModelBand {
  const side = (level: number) => ({ act: level, target: level, targetFrom: () => level });
  return { sell: side(halfWidth), buy: side(-halfWidth) };
}
