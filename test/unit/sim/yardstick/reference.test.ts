import { describe, expect, it } from 'vitest';
import { leastHedgingCost } from '../../../../src/sim/yardstick/induction.ts';
import { hasSharedData, sharedJson } from '../../../support/sharedData.ts';

interface FiniteItem {
  readonly id: string;
  readonly inputs: {
    readonly count: number;
    readonly spot: number;
    readonly strike: number;
    readonly days: number;
    readonly volatility: number;
    readonly riskAversion: number;
    readonly feeRate: number;
    readonly gasQuote: number;
    readonly decisions: number;
  };
  readonly expected: { readonly certaintyEquivalentCost: number };
  readonly tolerance: { readonly certaintyEquivalentCost: { readonly relative: number } };
}

describe('the least cost of hedging against an independent solution', () => {
  it.skipIf(!hasSharedData)('agrees for 30 days at the money with 720 decisions', () => {
    const items = sharedJson<readonly FiniteItem[]>('reference/optimal_band.open.json');
    const { inputs, expected, tolerance } = items.find(({ id }) => id === 'finite-30d-atm')!;
    const { count, spot, strike, days, volatility, riskAversion, feeRate, gasQuote, decisions } = inputs;
    const cost = { feeRate, impactQuotePerBase2: 0 };
    const problem = { type: 'call', count, spot, strike, volatility, riskAversion, gasQuote } as const;
    const least = leastHedgingCost(
      { ...problem, years: days / 365, sell: cost, buy: cost },
      { decisions, hedges: 551 },
    );
    const relative = Math.abs(least / expected.certaintyEquivalentCost - 1);
    expect(relative).toBeLessThan(tolerance.certaintyEquivalentCost.relative);
  });
});
