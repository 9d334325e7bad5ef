import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf } from '../../../src/report/histogram.ts';

describe('a distribution', () => {
  it('counts every value once, in bins that touch and are symmetric around zero', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const { bins, of } = distributionOf(values);
        expect(of).toBe(values.length);
        if (bins.length === 0) return;
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        expect(bins[0]!.from).toBeCloseTo(-bins.at(-1)!.to, 6);
      }),
    );
  });

  it('tells quantiles that rise with their share', () => {
    const values = Float64Array.from({ length: 10_001 }, (_, index) => index - 5_000);
    const { quantiles, mean } = distributionOf(values);
    expect(mean).toBeCloseTo(0, 9);
    expect(quantiles.find(({ share }) => share === 0.01)?.value).toBe(-4_900);
    expect(quantiles.find(({ share }) => share === 0.5)?.value).toBe(0);
  });

  it('has no bins where all hours are alike, and nothing where there are none', () => {
    expect(distributionOf([0, 0, 0])).toMatchObject({ of: 3, bins: [] });
    expect(distributionOf([-Number.MIN_VALUE])).toMatchObject({ of: 1, bins: [] });
    expect(distributionOf([])).toMatchObject({ of: 0, bins: [], quantiles: [] });
  });
});
