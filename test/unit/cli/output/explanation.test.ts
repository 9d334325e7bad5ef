import { describe, expect, it } from 'vitest';
import { explanationLines } from '../../../../src/cli/output/explanation.ts';
import type { Explanation } from '../../../../src/core/decision.ts';

const symbols = { base: 'WETH', quote: 'USDC' };
const weighed: Explanation = {
  costNowQuote: 41.2,
  waitingQuotePerHour: 3.456,
  gasQuote: 2,
  changesAtGasQuote: 18.5,
  changesAtGamma: 0.021,
  gamma: -0.05,
  horizonYears: 0.05,
  settlements: [],
};

describe('what a policy weighed, for people', () => {
  it('sets waiting against trading and says what would turn it', () => {
    expect(explanationLines(weighed, symbols)).toEqual([
      {
        label: 'waiting',
        text: '3.46 USDC an hour of risk; a hedge 41.20 USDC; gas above 18.50 USDC, or gamma below 0.02100 would change it',
      },
    ]);
  });

  it('says where nothing would, and where pools do not take it', () => {
    const alone = { ...weighed, costNowQuote: null, changesAtGasQuote: null, changesAtGamma: null };
    expect(explanationLines(alone, symbols)[0]!.text).toBe(
      '3.46 USDC an hour of risk; pools do not take all of it; no gas and no gamma alone would change it',
    );
  });

  it('names what settles in cash, what to unwind and what that costs now', () => {
    const settlement = {
      label: 'call 3000',
      expirySeconds: 1_770_364_800,
      hedgeBase: 6.5,
      unwindCostQuote: 12.3,
    };
    const texts = [settlement, { ...settlement, hedgeBase: -2, unwindCostQuote: null }].map(
      (one) => explanationLines({ ...weighed, settlements: [one] }, symbols)[1]!.text,
    );
    expect(texts[0]).toBe(
      'call 3000 settles in cash 2026-02-06 08:00 UTC: sell 6.5000 WETH of hedge, 12.30 USDC now',
    );
    expect(texts[1]).toMatch(/buy back 2\.0000 WETH of hedge, more than pools take now$/);
  });
});
