import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oracleBound, quoteLimit } from '../../../../src/core/hedge/bound.ts';
import { oracleAt } from '../../../support/snapshot.ts';

const oracle = oracleAt(3_000);
const oneBase = 10n ** 18n;

describe('the quote limit of an order', () => {
  it('is the oracle’s bound when the pool promises much more', () => {
    const bound = oracleBound('sell', oracle, 100);
    const terms = { side: 'sell' as const, baseRaw: oneBase, bound, quoteToleranceBps: 500 };
    expect(quoteLimit({ ...terms, expectedQuoteRaw: 3_000_000_000n })).toBe(2_970_000_000n);
  });

  it('is the pool’s own promise less the tolerance when that is tighter', () => {
    const bound = oracleBound('sell', oracle, 100);
    const terms = { side: 'sell' as const, baseRaw: oneBase, bound, quoteToleranceBps: 10 };
    expect(quoteLimit({ ...terms, expectedQuoteRaw: 3_010_000_000n })).toBe(3_006_990_000n);
  });

  it('caps what a purchase pays the same way round', () => {
    const bound = oracleBound('buy', oracle, 100);
    const terms = { side: 'buy' as const, baseRaw: oneBase, bound, quoteToleranceBps: 10 };
    expect(quoteLimit({ ...terms, expectedQuoteRaw: 2_990_000_000n })).toBe(2_992_990_000n);
    expect(quoteLimit({ ...terms, expectedQuoteRaw: 3_029_000_000n })).toBe(3_030_000_000n);
  });

  it('rounds the pool’s own promise against the trade', () => {
    const free = { numerator: 1n, denominator: 10n ** 18n };
    const terms = { baseRaw: oneBase, expectedQuoteRaw: 1_001n, quoteToleranceBps: 10 };
    // 999.999 and 1,002.001.
    expect(quoteLimit({ ...terms, side: 'sell', bound: free })).toBe(1_000n);
    expect(quoteLimit({ ...terms, side: 'buy', bound: oracleBound('buy', oracle, 100) })).toBe(1_002n);
    expect(quoteLimit({ ...terms, side: 'sell', bound: { ...free, numerator: 2_500n } })).toBe(2_500n);
    expect(
      quoteLimit({
        ...terms,
        side: 'sell',
        expectedQuoteRaw: 0n,
        baseRaw: 1n,
        bound: { numerator: 1n, denominator: 3n },
      }),
    ).toBe(1n);
  });

  it('is never looser than the oracle’s bound, to the last unit', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 24n });
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.integer({ min: 0, max: 9_999 }),
        fc.constantFrom('sell', 'buy'),
        (baseRaw, expectedQuoteRaw, bps, side) => {
          const bound = oracleBound(side, oracle, bps);
          const limit = quoteLimit({ side, baseRaw, expectedQuoteRaw, bound, quoteToleranceBps: 20 });
          const exact = baseRaw * bound.numerator;
          if (side === 'sell') expect(limit * bound.denominator >= exact).toBe(true);
          else expect(limit * bound.denominator <= exact).toBe(true);
        },
      ),
    );
  });
});
