import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveTipWei, isEnoughBump } from '../../../../src/devnet/relay/feeRules.ts';
import { transaction } from './support.ts';

const wei = fc.bigInt({ min: 0n, max: 10n ** 15n });
const caps = fc.record({ feeCapWei: wei, tipCapWei: wei }).map(transaction);

describe('geth’s price bump', () => {
  it('is never enough without raising both caps', () => {
    fc.assert(
      fc.property(caps, caps, (held, offered) => {
        const isRaised = offered.feeCapWei > held.feeCapWei && offered.tipCapWei > held.tipCapWei;
        return isRaised || !isEnoughBump(held, offered);
      }),
    );
  });

  it('is enough exactly from the smallest amounts that are 10 % above', () => {
    fc.assert(
      fc.property(caps, (held) => {
        const above = (value: bigint) => (value === 0n ? 1n : (value * 110n + 99n) / 100n);
        const enough = transaction({ feeCapWei: above(held.feeCapWei), tipCapWei: above(held.tipCapWei) });
        const short = transaction({ feeCapWei: enough.feeCapWei - 1n, tipCapWei: enough.tipCapWei });
        expect(isEnoughBump(held, enough)).toBe(true);
        expect(isEnoughBump(held, short)).toBe(false);
      }),
    );
  });
});

describe('the effective tip', () => {
  it('is what is left of both caps over the base fee, and negative under it', () => {
    fc.assert(
      fc.property(caps, wei, (offered, baseFeeWei) => {
        const tip = effectiveTipWei(offered, baseFeeWei);
        expect(tip <= offered.tipCapWei).toBe(true);
        expect(tip + baseFeeWei <= offered.feeCapWei).toBe(true);
        expect(tip === offered.tipCapWei || tip + baseFeeWei === offered.feeCapWei).toBe(true);
        expect(tip < 0n).toBe(offered.feeCapWei < baseFeeWei);
      }),
    );
  });
});
