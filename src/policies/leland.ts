import { z } from 'zod';
import { lelandVolatility } from '../core/hedge/bands/leland.ts';
import { definePolicy } from '../core/policy.ts';
import { fixed, signed } from '../core/report/format.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import { bandFields, termsOf } from './internal/bandRules.ts';
import { costShare } from './internal/costShare.ts';
import { costsOf } from './internal/costsOf.ts';
import { deltaShift } from './internal/deltaShift.ts';
import { secondsSinceHedge } from './internal/explain.ts';

const parameters = z.strictObject({
  seconds: z.number().int().positive().describe('time between two hedges'),
  roundTripCost: z
    .number()
    .min(0)
    .optional()
    .describe('cost of buying and selling as a share of what is traded; read from the pools where left out'),
  pinWindowSeconds: bandFields.pinWindowSeconds,
  openEndedDays: bandFields.openEndedDays,
});

/** Parameters of {@link leland}. */
export type LelandParameters = z.infer<typeof parameters>;

/** A bought book keeps this share of its variance at least: to hedge it this often costs more than it earns. */
const LEAST_VARIANCE_SHARE = 0.05;

/**
 * Hedges at fixed times, as H. Leland (1985), to the delta that all options have at a volatility that pays for it: higher
 * while the book is short gamma at this price, lower while it is long.
 */
export const leland = definePolicy<LelandParameters>({
  summary: 'hedges at fixed times to the delta at a volatility that pays for the hedging',
  parameters,
  sample: parameters.parse({ seconds: 3_600 }),
  verdict(view, chosen) {
    const { netDelta, snapshot, spot } = view;
    const { gamma } = termsOf(view, { ...chosen, minSpacingSeconds: 0, settlementWindowDays: 0 });
    const { volatility } = snapshot.observed.volatility;
    const roundTripCost = chosen.roundTripCost ?? 2 * costShare(costsOf(view), spot);
    const intervalYears = chosen.seconds / SECONDS_PER_YEAR;
    const raised = lelandVolatility({ volatility, roundTripCost, intervalYears, position: 'short' });
    const added = (raised / volatility) ** 2 - 1;
    const variance = gamma < 0 ? 1 + added : Math.max(1 - added, LEAST_VARIANCE_SHARE);
    const hedgedAt = gamma === 0 ? volatility : volatility * Math.sqrt(variance);
    const target = gamma === 0 ? 0 : -deltaShift(view, hedgedAt) + 0;
    const band = { sell: { act: target, target }, buy: { act: target, target } };
    const at = `the target at ${fixed(100 * hedgedAt, 1)} % volatility is ${signed(target)}`;
    const since = secondsSinceHedge(view);
    if (since < chosen.seconds) {
      const why = `the last hedge was ${since} s ago, the next is due after ${chosen.seconds} s; ${at}`;
      return { trade: false, code: 'notDue', why, band };
    }
    if (netDelta === target) {
      return { trade: false, code: 'insideBand', why: `net delta is ${signed(netDelta)}; ${at}`, band };
    }
    const why = `a hedge is due and net delta is ${signed(netDelta)}; ${at}`;
    return { trade: true, code: 'due', why, band, targetNetDelta: target };
  },
});
