import { z } from 'zod';
import { InvalidInputError } from '../core/errors.ts';
import { definePolicy, type PolicyView } from '../core/policy.ts';
import { signed } from '../core/report/format.ts';

/** Where in the band a hedge stops: 1 = at its edge, 0 = at its centre, between = a share of the half width. */
const stopShare = z.union([z.literal('edge'), z.literal('centre'), z.number().min(0).max(1)]);

const parameters = z.strictObject({
  halfWidth: z
    .union([
      z.strictObject({ base: z.number().positive().describe('base units to either side') }),
      z.strictObject({
        shareOfGross: z.number().positive().max(1).describe('of the sum of all absolute deltas'),
      }),
    ])
    .describe('half width of the band: in base units, or as a share of the gross exposure'),
  tradeTo: stopShare.default('centre').describe('edge, centre, or a share of the half width between 0 and 1'),
});

/** Parameters of {@link fixedBand}. */
export type FixedBandParameters = z.infer<typeof parameters>;

function halfWidthBase(view: PolicyView, halfWidth: FixedBandParameters['halfWidth']): number {
  return 'base' in halfWidth ? halfWidth.base : halfWidth.shareOfGross * view.grossDelta;
}

function share(tradeTo: FixedBandParameters['tradeTo']): number {
  if (tradeTo === 'edge') return 1;
  return tradeTo === 'centre' ? 0 : tradeTo;
}

/**
 * Hedges when net delta leaves a band of fixed half width around zero, back to its edge, its centre, or a share
 * between.
 *
 * @throws InvalidInputError when net delta is not a finite number
 */
export const fixedBand = definePolicy<FixedBandParameters>({
  summary: 'acts when net delta leaves a band of fixed width, in base units or as a share of gross exposure',
  parameters,
  sample: { halfWidth: { base: 1 }, tradeTo: 'centre' },
  verdict(view, { halfWidth, tradeTo }) {
    const { netDelta } = view;
    if (!Number.isFinite(netDelta)) throw new InvalidInputError('netDelta', netDelta, 'a finite number');
    const act = halfWidthBase(view, halfWidth);
    const target = act * share(tradeTo);
    const band = { sell: { act, target }, buy: { act: -act, target: -target } };
    if (Math.abs(netDelta) <= act) {
      const why = `net delta ${signed(netDelta)} is inside the band of ±${signed(act).slice(1)}`;
      return { trade: false, code: 'insideBand', why, band };
    }
    const side = netDelta > 0 ? 'sell' : 'buy';
    const why = `net delta ${signed(netDelta)} is beyond the ${side} level ${signed(band[side].act)}`;
    return { trade: true, code: 'beyondBand', why, band, targetNetDelta: band[side].target };
  },
});
