import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FillFacts, fillQuality } from '../../../../src/core/execution/fillQuality.ts';

/** 10 ETH bought at 2,012 on the mean, planned at 2,010, decided at 2,000, filled two blocks later at a fair 2,004. */
const bought: FillFacts = {
  side: 'buy',
  base: 10,
  quote: 20_120,
  plannedBase: 10,
  plannedQuote: 20_100,
  plannedFeeQuote: 10,
  plannedGasQuote: 6,
  paidGasQuote: 4,
  decidedAtBlock: 100n,
  filledAtBlock: 102n,
  fairAtDecision: 2_000,
  fairAtFill: 2_004,
};

/** The same mirrored at 2,000: 10 ETH sold at 1,988, planned at 1,990, fair price down to 1,996. */
const sold: FillFacts = { ...bought, side: 'sell', quote: 19_880, plannedQuote: 19_900, fairAtFill: 1_996 };

describe('a fill against its plan', () => {
  it('of a purchase, by hand', () => {
    const quality = fillQuality(bought);
    expect(quality.slippageBps).toBeCloseTo((2 / 2_010) * 10_000, 9);
    expect(quality.waitingMoveBps).toBeCloseTo(20, 9);
    expect(quality.shortfall).toEqual({ totalQuote: 120, delayQuote: 40, feeQuote: 10, impactQuote: 70 });
    expect(quality).toMatchObject({ filledShare: 1, delayBlocks: 2, plannedGasQuote: 6, paidGasQuote: 4 });
  });

  it('of a sale is its mirror image', () => {
    const quality = fillQuality(sold);
    expect(quality.slippageBps).toBeCloseTo((2 / 1_990) * 10_000, 9);
    expect(quality.waitingMoveBps).toBeCloseTo(20, 9);
    expect(quality.shortfall).toEqual(fillQuality(bought).shortfall);
  });

  it('better than planned is negative', () => {
    expect(fillQuality({ ...bought, quote: 20_080 }).slippageBps).toBeLessThan(0);
    expect(fillQuality({ ...sold, quote: 19_920 }).slippageBps).toBeLessThan(0);
  });

  it('of half the plan pays half the fee and compares prices, not amounts', () => {
    const half = fillQuality({ ...bought, base: 5, quote: 10_060 });
    expect(half.filledShare).toBe(0.5);
    expect(half.feeQuote).toBe(5);
    expect(half.slippageBps).toBeCloseTo(fillQuality(bought).slippageBps, 9);
  });

  it('whose block nobody looked at has no shortfall, and says so', () => {
    const unseen = fillQuality({ ...bought, fairAtFill: null });
    expect(unseen).toMatchObject({ shortfall: null, waitingMoveBps: null, delayBlocks: 2 });
    expect(unseen.slippageBps).toBeCloseTo(fillQuality(bought).slippageBps, 9);
  });

  it.each(['base', 'quote', 'plannedBase', 'plannedQuote', 'fairAtDecision', 'fairAtFill'] as const)(
    'refuses a %s that is not positive',
    (field) => {
      for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
        expect(() => fillQuality({ ...bought, [field]: value })).toThrow(field);
    },
  );

  const amount = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  const facts = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    base: amount,
    quote: amount,
    plannedBase: amount,
    plannedQuote: amount,
    plannedFeeQuote: amount,
    plannedGasQuote: amount,
    paidGasQuote: amount,
    decidedAtBlock: fc.constant(1n),
    filledAtBlock: fc.constant(2n),
    fairAtDecision: amount,
    fairAtFill: amount,
  });

  it('falls apart into delay, fee and impact, which add up to it', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const { totalQuote, delayQuote, feeQuote, impactQuote } = fillQuality(some).shortfall ?? {
          totalQuote: Number.NaN,
          delayQuote: 0,
          feeQuote: 0,
          impactQuote: 0,
        };
        const scale = Math.abs(totalQuote) + Math.abs(delayQuote) + feeQuote;
        expect(Math.abs(delayQuote + feeQuote + impactQuote - totalQuote)).toBeLessThanOrEqual(1e-12 * scale);
      }),
    );
  });
});
