import { describe, expect, it } from 'vitest';
import { safe } from '../../../../src/adapters/accounts/safe.ts';
import type { HedgeDecision } from '../../../../src/core/decision.ts';
import { bindOrder } from '../../../../src/engine/order/order.ts';
import { defaultSubmission } from '../../../../src/engine/world.ts';
import { nowSeconds, poolAddress, snapshotWith, vaultAddress } from '../../../support/snapshot.ts';

const decision: HedgeDecision = {
  kind: 'hedge',
  code: 'beyondBand',
  why: 'net delta is beyond the sell level',
  warnings: [],
  numbers: { spot: 3_000, exposure: null, netDelta: 1, band: null, cost: null },
  plan: {
    side: 'sell',
    baseRaw: 10n ** 18n,
    quoteLimitRaw: 2_990n * 10n ** 6n,
    expectedQuoteRaw: 2_998n * 10n ** 6n,
    minFillBps: 5_000,
    legs: [
      {
        kind: 'swap',
        venue: 'uniswapV3',
        pool: poolAddress,
        baseRaw: 10n ** 18n,
        sqrtPriceLimitX96: 1n << 96n,
      },
    ],
  },
  netDeltaAfter: 0,
};

describe('the deadline of an order', () => {
  it('lies one block after the last of the window', () => {
    const order = bindOrder(decision, snapshotWith(), { ...defaultSubmission, windowBlocks: 1 });
    expect(order.deadlineSeconds).toBe(nowSeconds + 24);
  });

  it.each([0.25, 0.4, 2.5])('is a whole second, as the chain counts, with blocks of %d s', (blockSeconds) => {
    const snapshot = snapshotWith();
    const order = bindOrder(decision, snapshot, { ...defaultSubmission, windowBlocks: 2, blockSeconds });
    expect(order.deadlineSeconds).toBe(nowSeconds + Math.ceil(3 * blockSeconds));
    expect(() => safe.encode(safe.sample, snapshot.vault, order, vaultAddress)).not.toThrow();
  });
});
