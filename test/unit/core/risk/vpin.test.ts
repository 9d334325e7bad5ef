import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkBuyVolume, bulkVpin, type Trade, vpin } from '../../../../src/core/risk/vpin.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

const trade = fc.record({
  volume: fc.double({ min: 0, max: 5, noNaN: true }),
  side: fc.constantFrom<'buy' | 'sell'>('buy', 'sell'),
});

describe('vpin', () => {
  it('is the one-sided share of the last full buckets', () => {
    const trades: readonly Trade[] = [
      { volume: 2.5, side: 'buy' },
      { volume: 1.5, side: 'sell' },
      { volume: 0.9, side: 'sell' },
    ];
    // Buckets of 1: +1, +1, half and half, -1; what is left does not fill one.
    expect(vpin(trades, { bucketVolume: 1, bucketCount: 4 })).toBeCloseTo(3 / 4, 12);
    expect(vpin(trades, { bucketVolume: 1, bucketCount: 2 })).toBeCloseTo(1 / 2, 12);
  });

  it('fills a bucket with many small trades, rounding or not', () => {
    const trades = Array.from({ length: 1000 }, (): Trade => ({ volume: 0.1, side: 'buy' }));
    expect(vpin(trades, { bucketVolume: 1, bucketCount: 100 })).toBeCloseTo(1, 9);
  });

  it('lies between 0 and 1 and does not see the side’s name', () => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 20, maxLength: 60 }), (trades) => {
        fc.pre(trades.reduce((sum, { volume }) => sum + volume, 0) > 6);
        const buckets = { bucketVolume: 1, bucketCount: 5 };
        const found = vpin(trades, buckets);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1 + 1e-12);
        const mirrored = trades.map(
          ({ volume, side }): Trade => ({ volume, side: side === 'buy' ? 'sell' : 'buy' }),
        );
        expect(vpin(mirrored, buckets)).toBeCloseTo(found, 12);
      }),
    );
  });

  it('names what is wrong', () => {
    const buckets = { bucketVolume: 1, bucketCount: 1 };
    expect(() => vpin([], buckets)).toThrow(/bucketCount/);
    expect(() => vpin([{ volume: -1, side: 'buy' }], buckets)).toThrow(/trades\[0\].volume/);
    expect(() => vpin([{ volume: 1, side: 'hold' as 'buy' }], buckets)).toThrow(/trades\[0\].side/);
    expect(() => vpin([], { bucketVolume: 0, bucketCount: 1 })).toThrow(/bucketVolume/);
    expect(() => vpin([{ volume: 1e300, side: 'buy' }], buckets)).toThrow(/bucketVolume/);
    expect(() => bulkVpin([1, 2], buckets)).toThrow(/bucketCloses.length/);
    expect(() => bulkVpin([1, 2, -3], buckets)).toThrow(/bucketCloses\[2\]/);
    expect(() => bulkVpin([1, 2, 3], { bucketVolume: 1, bucketCount: 3 })).toThrow(/bucketCount/);
  });

  it('calls a price that stands still balanced', () => {
    expect(bulkVpin([5, 5, 5, 5], { bucketVolume: 10, bucketCount: 3 })).toBe(0);
    expect(bulkBuyVolume(1, 0, 10)).toBe(10);
  });
});

interface Inputs {
  readonly bucketSize?: number;
  readonly bucketNotional?: number;
  readonly nBuckets: number;
  readonly trades?: readonly (readonly [number, 'buy' | 'sell'])[];
  readonly bucketClosePrices?: readonly number[];
  readonly bucketVolume: number;
  readonly n: number;
  readonly dP: readonly number[];
  readonly sigma: number;
  readonly V: number;
}
interface Expected {
  readonly vpin: number;
  readonly buyVolume: readonly number[];
}

const items = referenceItems<Inputs, Expected>('vpin');

describe.skipIf(!hasSharedData)('published vpin', () => {
  it.each(items.map((item) => [item.id, item] as const))('%s', (_, { inputs, expected }) => {
    if (inputs.trades !== undefined) {
      const trades = inputs.trades.map(([volume, side]) => ({ volume, side }));
      const bucketVolume = inputs.bucketSize ?? inputs.bucketNotional!;
      expect(vpin(trades, { bucketVolume, bucketCount: inputs.nBuckets })).toBeCloseTo(expected.vpin, 9);
    } else if (inputs.bucketClosePrices !== undefined) {
      const buckets = { bucketVolume: inputs.bucketVolume, bucketCount: inputs.n };
      expect(bulkVpin(inputs.bucketClosePrices, buckets)).toBeCloseTo(expected.vpin, 9);
    } else {
      inputs.dP.forEach((move, index) => {
        expect(bulkBuyVolume(move, inputs.sigma, inputs.V)).toBeCloseTo(expected.buyVolume[index]!, 9);
      });
    }
  });
});
