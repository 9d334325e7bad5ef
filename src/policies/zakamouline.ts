import { z } from 'zod';
import { zakamoulineWidths } from '../core/hedge/bands/zakamouline.ts';
import { definePolicy } from '../core/policy.ts';
import { bandFields, termsOf, widestOf } from './internal/bandRules.ts';
import { bandVerdict } from './internal/bandVerdict.ts';
import { costShare } from './internal/costShare.ts';
import { costsOf } from './internal/costsOf.ts';
import { deltaShift } from './internal/deltaShift.ts';
import { edgeBand } from './internal/edgeBand.ts';
import { explain } from './internal/explain.ts';
import { aversionFields, hasOneAversion, oneAversion, riskAversionOf } from './internal/riskAversion.ts';

const parameters = z
  .strictObject({ ...aversionFields, ...bandFields })
  .refine(hasOneAversion, { message: oneAversion });

/** Parameters of {@link zakamouline}. */
export type ZakamoulineParameters = z.infer<typeof parameters>;

/** A bought book keeps this share of its variance at least: dearer hedging than that is beyond the approximation. */
const LEAST_VARIANCE_SHARE = 0.05;

/**
 * Hedges to the edge of V. Zakamouline's (2006) band: its width from net gamma and the time to the book's expiry, its
 * centre at the delta that all options have at a volatility made higher while the book is short gamma at this price, and
 * lower while it is long. It does not know of gas, but for not trading
 * what is not worth one hedge's.
 *
 * @throws InvalidInputError when net delta is not a finite number
 */
export const zakamouline = definePolicy<ZakamoulineParameters>({
  summary:
    'the approximate utility-based band for proportional costs, around a delta at a modified volatility',
  parameters,
  sample: parameters.parse({ riskAversion: 1e-6 }),
  verdict(view, chosen) {
    const { spot, netDelta, snapshot } = view;
    const costs = costsOf(view);
    const { gamma, horizonYears } = termsOf(view, chosen);
    const riskAversion = riskAversionOf(view, chosen);
    const { volatility } = snapshot.observed.volatility;
    const { h0, h1, k } = zakamoulineWidths({
      spot,
      gamma,
      years: horizonYears,
      rate: snapshot.vault.rate,
      volatility,
      costRate: costShare(costs, spot),
      riskAversion,
      position: 'short',
    });
    const variance = Math.max(gamma < 0 ? 1 - k : 1 + k, LEAST_VARIANCE_SHARE);
    return bandVerdict(view, {
      band: edgeBand(view, h0 + h1, { costs, riskAversion, horizonYears }),
      shift: gamma === 0 ? 0 : -deltaShift(view, volatility * Math.sqrt(variance)) + 0,
      widest: widestOf(view, chosen),
      minSpacingSeconds: chosen.minSpacingSeconds,
      explanationOf: (_, act, target) => {
        const reach = act === 0 ? 0 : netDelta / act;
        const growth = (_gas: number, gammaFactor: number) => (h0 + h1 * Math.sqrt(gammaFactor)) / (h0 + h1);
        const weighed = { costs, riskAversion, gamma, horizonYears, target, reach, growth };
        return explain(view, weighed, chosen.settlementWindowDays);
      },
    });
  },
});
