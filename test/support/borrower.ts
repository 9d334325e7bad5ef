import type { Decision } from '../../src/core/decision.ts';
import type { LendingReserve, Margin } from '../../src/core/margin.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { lendingReserve } from './margin.ts';
import { raw, type SnapshotParts, snapshotWith, spotBase, usdc, weth } from './snapshot.ts';

const pool = '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2';

/** A vault that lent quote and owes base at Aave, and owns only what is said of it. */
export function borrower(
  supplied: number,
  owed: number,
  {
    base = 0,
    quote = 0,
    delta = 0,
    ...more
  }: { base?: number; quote?: number; delta?: number } & SnapshotParts = {},
  reserve: Partial<LendingReserve> = {},
): Snapshot {
  const margin: Margin = {
    lending: [
      {
        label: 'aave',
        pool,
        reserves: [
          lendingReserve('quote', { suppliedRaw: raw(supplied, usdc) }),
          lendingReserve('base', { debtRaw: raw(owed, weth), ...reserve }),
        ],
        eModeCategory: 0,
        healthFactor: Number.NaN,
      },
    ],
    written: [],
  };
  return snapshotWith({
    ...more,
    positions: [spotBase(delta)],
    chain: { margin, holdings: { baseRaw: raw(base, weth), quoteRaw: raw(quote, usdc) } },
    guard: {
      minBaseRaw: -raw(100, weth),
      lending: { pool, minHealthFactor: 1.5, maxBaseDebtRaw: raw(50, weth), maxQuoteDebtRaw: 0n },
    },
  });
}

/** The lending steps of a decision, in words. */
export const kinds = (decision: Decision) =>
  'plan' in decision
    ? [...(decision.plan.lending?.before ?? []), ...(decision.plan.lending?.after ?? [])].map(
        ({ kind, asset }) => `${kind} ${asset}`,
      )
    : [];
