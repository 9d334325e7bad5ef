import type { HedgeCosts } from '../../core/hedge/hedgeCosts.ts';
import type { PolicyView } from '../../core/policy.ts';
import type { ModelBand } from './bandVerdict.ts';

/** What a band of one half width is made of, beside that width. */
export interface EdgeTerms {
  readonly costs: HedgeCosts;
  readonly riskAversion: number;
  readonly horizonYears: number;
}

/**
 * A band of one half width around 0, hedged back to its edge, by a model that does not know of gas: it acts only where
 * the risk until the horizon is worth the gas of one trade, sqrt(K / (c T)), which is what is left of a band where there
 * is no gamma.
 */
export function edgeBand(view: PolicyView, halfWidth: number, terms: EdgeTerms): ModelBand {
  const { costs, riskAversion, horizonYears } = terms;
  const deviation = view.spot * view.snapshot.observed.volatility.volatility;
  const riskToEnd = (riskAversion * deviation * deviation * horizonYears) / 2;
  const act = Math.max(halfWidth, Math.sqrt(costs.gasQuote / riskToEnd));
  const side = (sign: 1 | -1) => ({
    act: sign * act,
    target: sign * halfWidth + 0,
    targetFrom: () => sign * halfWidth + 0,
  });
  return { sell: side(1), buy: side(-1) };
}
