import { z } from 'zod';
import { definePolicy } from '../core/policy.ts';
import { signed } from '../core/report/format.ts';

const parameters = z.strictObject({
  seconds: z.number().int().positive().describe('least time between two hedges'),
  ignoreBelowBase: z
    .number()
    .min(0)
    .default(0)
    .describe('net delta smaller than this is left alone, base units'),
});

/** Parameters of {@link interval}. */
export type IntervalParameters = z.infer<typeof parameters>;

/** Hedges all of net delta whenever a fixed time has passed since the last hedge (Black-Scholes in discrete time). */
export const interval = definePolicy<IntervalParameters>({
  summary: 'hedges all of net delta at fixed times',
  parameters,
  sample: { seconds: 3_600, ignoreBelowBase: 0 },
  verdict(view, { seconds, ignoreBelowBase }) {
    const { netDelta, snapshot } = view;
    const band = {
      sell: { act: ignoreBelowBase, target: 0 },
      buy: { act: -ignoreBelowBase, target: 0 },
    };
    const last = snapshot.history.lastHedge;
    const elapsed =
      last === null
        ? Number.POSITIVE_INFINITY
        : snapshot.chain.block.timestampSeconds - last.timestampSeconds;
    if (elapsed < seconds) {
      const why = `the last hedge was ${elapsed} s ago, the next is due after ${seconds} s`;
      return { trade: false, code: 'notDue', why, band };
    }
    if (Math.abs(netDelta) <= ignoreBelowBase) {
      const why = `net delta ${signed(netDelta)} is within ±${ignoreBelowBase}, which is left alone`;
      return { trade: false, code: 'insideBand', why, band };
    }
    const since = last === null ? 'no hedge was made yet' : `${elapsed} s have passed since the last hedge`;
    const why = `${since} and net delta is ${signed(netDelta)}`;
    return { trade: true, code: 'due', why, band, targetNetDelta: 0 };
  },
});
