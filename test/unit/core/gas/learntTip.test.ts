import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learntTip, type PastInclusion } from '../../../../src/core/gas/learntTip.ts';

const landed = (tipWei: bigint, passedOver: number | null = 0): PastInclusion => ({ tipWei, passedOver });

describe('the tip that was learnt', () => {
  it('is what recent blocks paid where we know nothing of our own', () => {
    expect(learntTip(1_000n, [])).toBe(1_000n);
    expect(learntTip(1_000n, [landed(10n), landed(10n)])).toBe(1_000n);
  });

  it('is an eighth above what was enough where ours landed at once, and never above what others pay', () => {
    expect(learntTip(1_000n, [landed(80n), landed(80n), landed(160n)])).toBe(90n);
    expect(learntTip(50n, [landed(80n), landed(80n), landed(160n)])).toBe(50n);
  });

  it('rises by the share of ours that blocks passed over, up to double', () => {
    expect(learntTip(1_000n, [landed(80n), landed(80n), landed(80n), landed(80n, 2)])).toBe(1_250n);
    expect(learntTip(1_000n, [landed(80n, null), landed(80n, 1)])).toBe(2_000n);
  });

  it('is never more than twice what recent blocks paid', () => {
    const past = fc.array(
      fc.record({
        tipWei: fc.bigInt({ min: 0n, max: 10n ** 12n }),
        passedOver: fc.option(fc.nat(5)),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), past, (history, ours) => {
        expect(learntTip(history, ours)).toBeLessThanOrEqual(2n * history);
      }),
    );
  });
});
