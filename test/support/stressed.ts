import type { OptionPosition, Position } from '../../src/core/position.ts';
import type { StressInput } from '../../src/core/risk/stress/stressTest.ts';
import { nowSeconds, spotBase } from './snapshot.ts';

/** A month-long option on one base. */
export function monthOption(type: 'call' | 'put', strike: number, size: number): OptionPosition {
  return {
    kind: 'option',
    label: `${type} ${strike}`,
    type,
    strike,
    expirySeconds: nowSeconds + 30 * 86_400,
    size,
    settlementPrice: null,
  };
}

/** A vault short 100 calls that owns 50 base and 200,000 quote, in pools that charge 5 bps plus 0.01 quote per base squared. */
export function stressInput(change: Partial<StressInput> = {}): StressInput {
  const positions: readonly Position[] = [monthOption('call', 3_000, -100), spotBase(50)];
  const costs = { cost: (q: number) => 1.5 * q + 0.01 * q * q, marginal: (q: number) => 1.5 + 0.02 * q };
  return {
    positions,
    view: { spot: 3_000, volatility: 0.6, rate: 0, nowSeconds, baseDecimals: 18, quoteDecimals: 6 },
    neutral: { targetDelta: 0, numeraire: 'quote' },
    lending: [],
    debtBase: 0,
    sellableBase: 50,
    quote: 200_000,
    borrowing: { minHealthFactor: 1.5, maxDebtBase: 0, mayWithdraw: false },
    market: {
      sell: costs,
      buy: costs,
      capacity: { sell: 400, buy: 400 },
      gasQuote: 2,
      largestPoolShare: 0.6,
      maxSlippageBps: 100,
    },
    priceChanges: [-0.4, -0.2, 0, 0.2, 0.4],
    volatilityChanges: [0, 0.5],
    ...change,
  };
}
