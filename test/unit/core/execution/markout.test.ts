import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MarkoutFacts, markoutOf } from '../../../../src/core/execution/markout.ts';

describe('looking back on a fill', () => {
  /**
   * Bought at 2,010 on the mean while the fair price was 2,000; that pushed the pool to 2,020. Later the fair price is
   * 1,990 and the pool at 1,995: of 20 displacement 15 are gone, and the fair price fell by 10.
   */
  const bought: MarkoutFacts = {
    side: 'buy',
    fillPrice: 2_010,
    fairAtFill: 2_000,
    fairLater: 1_990,
    poolAfter: 2_020,
    poolLater: 1_995,
  };

  it('of a purchase, by hand', () => {
    expect(markoutOf(bought)).toEqual({
      markoutBps: -100,
      executionCostBps: 50,
      adverseSelectionBps: 50,
      impactDecayBps: 75,
      reversionBps: 125,
    });
  });

  it('of a sale is its mirror image', () => {
    const sold: MarkoutFacts = {
      side: 'sell',
      fillPrice: 1_990,
      fairAtFill: 2_000,
      fairLater: 2_010,
      poolAfter: 1_980,
      poolLater: 2_005,
    };
    expect(markoutOf(sold)).toEqual(markoutOf(bought));
  });

  it('tells a pool that came back from a price that went away', () => {
    const decayed = markoutOf({ ...bought, fairLater: 2_000, poolLater: 2_000 });
    expect(decayed).toMatchObject({ impactDecayBps: 100, adverseSelectionBps: 0 });
    const moved = markoutOf({ ...bought, fairLater: 1_980, poolLater: 2_000 });
    expect(moved).toMatchObject({ impactDecayBps: 0, adverseSelectionBps: 100 });
  });

  it('knows no decay where the pools’ prices are not known', () => {
    for (const unknown of [{ poolAfter: null }, { poolLater: null }])
      expect(markoutOf({ ...bought, ...unknown })).toMatchObject({
        impactDecayBps: null,
        reversionBps: null,
        markoutBps: -100,
      });
  });

  const price = fc.double({ min: 100, max: 10_000, noNaN: true });
  const facts = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    fillPrice: price,
    fairAtFill: price,
    fairLater: price,
    poolAfter: price,
    poolLater: price,
  });

  it('its parts add up: reversion is decay plus adverse selection, markout the loss of both sides', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const found = markoutOf(some);
        const { markoutBps, executionCostBps, adverseSelectionBps } = found;
        expect((found.impactDecayBps ?? 0) + adverseSelectionBps).toBeCloseTo(
          found.reversionBps ?? Number.NaN,
          4,
        );
        expect(-executionCostBps - adverseSelectionBps).toBeCloseTo(markoutBps, 4);
      }),
    );
  });
});
