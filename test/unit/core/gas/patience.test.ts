import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseFeeToWaitFor, defaultPatience, quantileOf } from '../../../../src/core/gas/patience.ts';

const recent = [8n, 10n, 12n, 14n];

describe('patience', () => {
  it('waits on a quiet drift in a dear block, for the usual base fee', () => {
    expect(baseFeeToWaitFor(0.1, 13n, recent, defaultPatience)).toBe(10n);
  });

  it('does not wait on a breach, in a usual block, or where nothing is known', () => {
    expect(baseFeeToWaitFor(0.5, 13n, recent, defaultPatience)).toBeNull();
    expect(baseFeeToWaitFor(0.1, 10n, recent, defaultPatience)).toBeNull();
    expect(baseFeeToWaitFor(0.1, 13n, [], defaultPatience)).toBeNull();
  });

  it('waits for a fee that at least the given share of blocks did not exceed, and that some block had', () => {
    const fees = fc.array(fc.bigInt({ min: 0n, max: 100n }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fees, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
        const found = quantileOf(values, quantile) as bigint;
        expect(values).toContain(found);
        const notAbove = values.filter((value) => value <= found).length;
        expect(notAbove).toBeGreaterThanOrEqual(Math.floor(quantile * values.length));
      }),
    );
  });

  it('has no quantile of nothing', () => {
    expect(quantileOf([], 0.5)).toBeNull();
  });
});
