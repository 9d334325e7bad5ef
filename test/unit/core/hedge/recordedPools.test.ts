import { describe, expect, it } from 'vitest';
import { ladderTo, swapByLadder } from '../../../../src/core/amm/ladder.ts';
import type { ConcentratedPool } from '../../../../src/core/amm/pool.ts';
import { swapByLoop } from '../../../../src/core/amm/swapLoop.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { splitOrder } from '../../../../src/core/hedge/split.ts';
import { max } from '../../../../src/core/units.ts';
import { recordedPool } from '../../../support/pools.ts';
import { hasSharedData } from '../../../support/sharedData.ts';
import { raw, weth } from '../../../support/snapshot.ts';

const files = [
  'tycho-USDC-WETH-500-20260130.json',
  'tycho-USDC-WETH-3000-20260130.json',
  'tycho-WETH-USDT-3000-20260130.json',
];
const pools: readonly ConcentratedPool[] = hasSharedData ? files.map(recordedPool) : [];
/** A tenth below the spot of that day, 2722.73 USDC. */
const bound = { numerator: 2_450n * 10n ** 6n, denominator: 10n ** 18n };

describe.skipIf(!hasSharedData)('the whole tick sets of mainnet pools', () => {
  it.each(files.map((file, i) => [file, i] as const))(
    '%s: the ladder is the loop at every 50th tick and between',
    (_, i) => {
      const pool = pools[i]!;
      for (const zeroForOne of [true, false]) {
        const end = sqrtPriceAtTick(pool.tick + (zeroForOne ? -20_000 : 20_000));
        const { rungs } = ladderTo(pool, zeroForOne, end);
        expect(rungs.length).toBeGreaterThan(100);
        for (let rung = 1; rung < rungs.length; rung += 50) {
          const { amountInRaw, amountOutRaw } = rungs[rung]!;
          for (const amountRaw of [amountInRaw, amountInRaw + 12_345n]) {
            const request = { zeroForOne, amountRaw };
            expect(swapByLadder(pool, request, true)).toEqual(swapByLoop(pool, request, true));
          }
          const request = { zeroForOne, amountRaw: amountOutRaw + 6_789n };
          expect(swapByLadder(pool, request, false)).toEqual(swapByLoop(pool, request, false));
        }
      }
    },
  );

  it.each([10, 100, 1_000, 5_000])('together take %d WETH at least as well as the best of them', (size) => {
    const order = {
      side: 'sell' as const,
      baseRaw: raw(size, weth),
      base: weth.address,
      bound,
      furtherLegQuoteRaw: 0.5e6,
    };
    const together = splitOrder(pools, order)!;
    const alone = pools.map((pool) => splitOrder([pool], order)).filter((one) => one !== null);
    const most = alone.reduce((baseRaw, one) => max(baseRaw, one.baseRaw), 0n);
    expect(together.baseRaw >= most).toBe(true);
    for (const one of alone) {
      if (one.baseRaw !== together.baseRaw) continue;
      const gas = 500_000 * (together.parts.length - 1);
      expect(Number(together.quoteRaw) - gas).toBeGreaterThanOrEqual(Number(one.quoteRaw) - 3);
    }
    // From 1,000 WETH on no single pool of that day was the right answer.
    expect(together.parts.length).toBeGreaterThanOrEqual(size >= 100 ? 2 : 1);
  });
});
