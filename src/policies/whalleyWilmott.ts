import { z } from 'zod';
import { whalleyWilmottBand } from '../core/hedge/bands/whalleyWilmott.ts';
import { definePolicy } from '../core/policy.ts';
import { bandFields, termsOf, widestOf } from './internal/bandRules.ts';
import { bandVerdict } from './internal/bandVerdict.ts';
import { costShare } from './internal/costShare.ts';
import { costsOf } from './internal/costsOf.ts';
import { edgeBand } from './internal/edgeBand.ts';
import { explain } from './internal/explain.ts';
import { aversionFields, hasOneAversion, oneAversion, riskAversionOf } from './internal/riskAversion.ts';

const parameters = z
  .strictObject({ ...aversionFields, ...bandFields })
  .refine(hasOneAversion, { message: oneAversion });

/** Parameters of {@link whalleyWilmott}. */
export type WhalleyWilmottParameters = z.infer<typeof parameters>;

/**
 * Hedges to the edge of the band of A. Whalley and P. Wilmott (1997), made for costs in proportion to the trade: the
 * first unit's in the pools of this block. It does not know of gas, but
 * for not trading what is not worth one hedge's.
 *
 * @throws InvalidInputError when net delta is not a finite number
 */
export const whalleyWilmott = definePolicy<WhalleyWilmottParameters>({
  summary: 'the asymptotic band for proportional costs, hedged to its edge',
  parameters,
  sample: parameters.parse({ riskAversion: 1e-6 }),
  verdict(view, chosen) {
    const costs = costsOf(view);
    const { gamma, horizonYears } = termsOf(view, chosen);
    const riskAversion = riskAversionOf(view, chosen);
    const costRate = costShare(costs, view.spot);
    const { rate } = view.snapshot.vault;
    const { spot, netDelta } = view;
    const halfWidth = whalleyWilmottBand({ spot, gamma, costRate, riskAversion, rate, years: horizonYears });
    return bandVerdict(view, {
      band: edgeBand(view, halfWidth, { costs, riskAversion, horizonYears }),
      shift: 0,
      widest: widestOf(view, chosen),
      minSpacingSeconds: chosen.minSpacingSeconds,
      explanationOf: (_, act, target) => {
        const reach = act === 0 ? 0 : netDelta / act;
        const growth = (_gas: number, gammaFactor: number) => gammaFactor ** (2 / 3);
        const weighed = { costs, riskAversion, gamma, horizonYears, target, reach, growth };
        return explain(view, weighed, chosen.settlementWindowDays);
      },
    });
  },
});
