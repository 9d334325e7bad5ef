import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resampledReturns } from '../../../../src/core/volatility/resample.ts';

const at = (timestampSeconds: number, price: number) => ({ timestampSeconds, price });

describe('resampledReturns', () => {
  it('takes the last price at or before each point of the grid', () => {
    const observations = [at(95, 1), at(100, 2), at(140, 3), at(199, 4), at(200, 8), at(310, 16)];
    const { logReturns, holes } = resampledReturns(observations, {
      intervalSeconds: 100,
      maxAgeSeconds: 100,
    });
    // At 100: 2, at 200: 8, at 300: still 8.
    expect(logReturns).toEqual([Math.log(4), 0]);
    expect(holes).toBe(0);
  });

  it('never takes the move over a hole for a return', () => {
    const observations = [at(0, 1), at(10, 2), at(100, 50), at(110, 100)];
    const { logReturns, holes } = resampledReturns(observations, { intervalSeconds: 10, maxAgeSeconds: 15 });
    // Points 0, 10 and 20 have a price, 30 to 90 have none.
    expect(logReturns).toEqual([Math.log(2), 0, Math.log(2)]);
    expect(holes).toBe(7);
  });

  it('loses no part of the move where there is no hole', () => {
    const seconds = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(
        seconds,
        fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 60, maxLength: 60 }),
        (gaps, prices) => {
          let time = 0;
          const observations = [
            at(0, 1),
            ...gaps.map((gap, index) => {
              time += gap;
              return at(time, prices[index]!);
            }),
          ];
          const { logReturns, holes } = resampledReturns(observations, {
            intervalSeconds: 7,
            maxAgeSeconds: 60,
          });
          const end = observations
            .filter(({ timestampSeconds }) => timestampSeconds <= Math.floor(time / 7) * 7)
            .at(-1)!;
          expect(holes).toBe(0);
          expect(logReturns.reduce((sum, value) => sum + value, 0)).toBeCloseTo(Math.log(end.price), 9);
        },
      ),
    );
  });

  it('gives nothing for nothing, and names what is wrong', () => {
    const options = { intervalSeconds: 10, maxAgeSeconds: 10 };
    expect(resampledReturns([], options)).toEqual({ logReturns: [], holes: 0 });
    expect(resampledReturns([at(3, 1)], options)).toEqual({ logReturns: [], holes: 0 });
    expect(() => resampledReturns([at(0, 1), at(0, 2)], options)).toThrow(
      /observations\[1\].timestampSeconds/,
    );
    expect(() => resampledReturns([at(0, 0)], options)).toThrow(/observations\[0\].price/);
    expect(() => resampledReturns([], { ...options, maxAgeSeconds: 0 })).toThrow(/maxAgeSeconds/);
    expect(() => resampledReturns([at(0, 1), at(1e9, 2)], options)).toThrow(/intervalSeconds/);
  });
});
