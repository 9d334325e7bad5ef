import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pool } from '../../../../src/core/amm/pool.ts';
import { tradedAt, twoHopDepth } from '../../../../src/core/amm/twoHopDepth.ts';
import { splitOrder } from '../../../../src/core/hedge/split.ts';
import type { Address, Token } from '../../../../src/core/units.ts';
import { poolAt, raw, usdc, weth } from '../../../support/snapshot.ts';

const usdt: Token = { address: '0xdAC17F958D2ee523a2206206994597C13D831ec7', symbol: 'USDT', decimals: 6 };
const addressAt = (n: number): Address => `0x${String(n).padStart(40, '0')}`;

/** USDT against USDC, within a few ticks only: what is beyond them nobody trades. */
function narrowPool(depthQuote: number, halfWidthTicks: number): Pool {
  const pool = poolAt(1, {
    base: usdt,
    quote: usdc,
    feePips: 100,
    address: addressAt(2),
    depthBase: depthQuote,
  });
  const { tick, tickSpacing, liquidity } = pool;
  const middle = Math.floor(tick / tickSpacing);
  const at = (spacings: number) => (middle + spacings) * tickSpacing;
  return {
    ...pool,
    ticks: [
      { index: at(-halfWidthTicks), liquidityNet: liquidity },
      { index: at(halfWidthTicks), liquidityNet: -liquidity },
    ],
  };
}

const sides = fc.constantFrom('sell' as const, 'buy' as const);
const markets = fc.record({
  depthQuote: fc.integer({ min: 10_000, max: 50_000_000 }),
  halfWidthTicks: fc.integer({ min: 1, max: 40 }),
  depthBase: fc.integer({ min: 100, max: 50_000 }),
  side: sides,
});

it('where the far pool runs dry the near one trades no base that nothing is given or paid for', () => {
  fc.assert(
    fc.property(markets, ({ depthQuote, halfWidthTicks, depthBase, side }) => {
      const near = poolAt(3_000, { base: weth, quote: usdt, address: addressAt(1), depthBase });
      const way = {
        kind: 'twoHop' as const,
        near,
        far: narrowPool(depthQuote, halfWidthTicks),
        bridge: usdt.address,
      };
      const worst = side === 'sell' ? 2e-9 : 4.5e-9;
      const depth = twoHopDepth(way, side, weth.address, worst);
      const { base, quote } = tradedAt(depth, worst);
      expect(base).toBeGreaterThan(0);
      const average = quote / base;
      const [least, most] = side === 'sell' ? [worst, depth.best] : [depth.best, worst];
      expect(average).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      expect(average).toBeLessThanOrEqual(most * (1 + 1e-9));
    }),
    { numRuns: 200 },
  );
});

it('an order is never worse off for a way over a pool that runs dry', () => {
  let better = 0;
  fc.assert(
    fc.property(markets, fc.integer({ min: 1, max: 1_500 }), (market, size) => {
      const { depthQuote, halfWidthTicks, depthBase, side } = market;
      const direct = poolAt(3_000, { address: addressAt(3), depthBase: 20_000, feePips: 3_000 });
      const near = poolAt(3_000, { base: weth, quote: usdt, address: addressAt(1), depthBase });
      const far = narrowPool(depthQuote, halfWidthTicks);
      const numerator = side === 'sell' ? 25n * 10n ** 8n : 36n * 10n ** 8n;
      const order = {
        side,
        baseRaw: raw(size, weth),
        base: weth.address,
        bound: { numerator, denominator: 10n ** 18n },
      };
      const alone = splitOrder([direct], order)!;
      const both = splitOrder([direct, { kind: 'twoHop', near, far, bridge: usdt.address }], order)!;
      expect([alone.baseRaw, both.baseRaw]).toEqual([order.baseRaw, order.baseRaw]);
      const won = Number(both.quoteRaw - alone.quoteRaw) * (side === 'sell' ? 1 : -1);
      expect(won).toBeGreaterThanOrEqual(-2);
      if (won > 1e6) better += 1;
    }),
    { numRuns: 150 },
  );
  expect(better).toBeGreaterThan(50);
});
