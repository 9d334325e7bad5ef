import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { max } from '../../../../src/core/units.ts';
import { type Fees, feesFor, gasLimitFor, highestBaseFee } from '../../../../src/engine/submit/fees.ts';

const cap = 10n ** 18n;
const wei = fc.bigInt({ min: 0n, max: 10n ** 15n });

describe('fees', () => {
  it('stay valid through a window of full blocks', () => {
    expect(highestBaseFee(8_000_000_000n, 0)).toBe(8_000_000_000n);
    expect(highestBaseFee(8_000_000_000n, 2)).toBe(10_125_000_000n);
    fc.assert(
      fc.property(wei, fc.integer({ min: 0, max: 25 }), (baseFee, blocks) => {
        let actual = baseFee;
        for (let block = 0; block < blocks; block += 1) actual += max(actual / 8n, 1n);
        expect(highestBaseFee(baseFee, blocks)).toBeGreaterThanOrEqual(actual);
      }),
    );
  });

  it.each([
    [0n, 3n],
    [1n, 4n],
    [7n, 11n],
    [8n, 13n],
  ])('stay valid where the base fee is %i wei: a full block raises it by one at least', (baseFee, third) => {
    expect(highestBaseFee(baseFee, 3)).toBe(third);
  });

  it('offer base fee and tip', () => {
    expect(feesFor(10n ** 10n, 10n ** 9n, null, cap)).toEqual({
      maxFeePerGasWei: 11n * 10n ** 9n,
      maxPriorityFeePerGasWei: 10n ** 9n,
    });
  });

  it('outbid an earlier transaction with the same nonce by an eighth on both, up to eight tips', () => {
    fc.assert(
      fc.property(wei, wei, wei, wei, (baseFee, tip, oldMax, oldTip) => {
        const outbid = { maxFeePerGasWei: oldMax, maxPriorityFeePerGasWei: oldTip };
        const fees = feesFor(baseFee, tip, outbid, cap) as Fees;
        expect(fees.maxFeePerGasWei * 8n).toBeGreaterThanOrEqual(oldMax * 9n);
        const isOutbid = fees.maxPriorityFeePerGasWei * 8n >= oldTip * 9n;
        expect(isOutbid || fees.maxPriorityFeePerGasWei === 8n * tip).toBe(true);
        expect(fees.maxFeePerGasWei).toBeGreaterThanOrEqual(baseFee + fees.maxPriorityFeePerGasWei);
      }),
    );
  });

  it('never exceed the cap, and never jam because an earlier offer was as high', () => {
    expect(feesFor(90n, 10n, null, 100n)).toEqual({ maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 10n });
    expect(feesFor(90n, 11n, null, 100n)).toBeNull();
    const outbid = { maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 95n };
    expect(feesFor(40n, 10n, outbid, 100n)).toEqual({ maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 60n });
  });

  it('add the margin to the gas limit, rounded up', () => {
    expect(gasLimitFor(160_000n, 2_500)).toBe(200_000n);
    expect(gasLimitFor(1n, 1)).toBe(2n);
  });
});
