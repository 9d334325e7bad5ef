import { definePolicy } from 'ballast';
import { z } from 'zod';

const parameters = z.strictObject({
  halfWidthBase: z.number().positive().describe('net delta beyond which to hedge, base units'),
  patienceSeconds: z.number().positive().describe('after a hedge, how long the band is twice as wide'),
});

/** A policy: a pure function of what was read. This one hedges to neutral, and less readily right after a hedge. */
export const patientBand = definePolicy<z.infer<typeof parameters>>({
  summary: 'a fixed band, twice as wide for a while after each hedge',
  parameters,
  sample: { halfWidthBase: 2, patienceSeconds: 3_600 },
  verdict({ netDelta, snapshot }, { halfWidthBase, patienceSeconds }) {
    const { lastHedge } = snapshot.history;
    const elapsed =
      lastHedge === null
        ? Number.POSITIVE_INFINITY
        : snapshot.chain.block.timestampSeconds - lastHedge.timestampSeconds;
    const act = elapsed < patienceSeconds ? 2 * halfWidthBase : halfWidthBase;
    const band = { sell: { act, target: 0 }, buy: { act: -act, target: 0 } };
    const why = `net delta ${netDelta.toFixed(4)} against a band of ±${act}`;
    return Math.abs(netDelta) > act
      ? { trade: true, code: 'beyondBand', why, band, targetNetDelta: 0 }
      : { trade: false, code: 'insideBand', why, band };
  },
});
