import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  feeGrowthInsideX128,
  uncollectedRaw,
} from '../../../../src/adapters/protocols/internal/feeGrowth.ts';

const MOD = 1n << 256n;
const word = fc.bigInt(0n, MOD - 1n);
const wrap = (value: bigint) => ((value % MOD) + MOD) % MOD;

describe('fee growth inside a range', () => {
  it('follows swaps over the range as the pool counts them, whatever the counters started from', () => {
    // A model pool: every swap earns at the current tick, then the price moves and flips the ticks that it crosses.
    const swaps = fc.array(
      fc.record({ growth: fc.bigInt(0n, 1n << 130n), tick: fc.integer({ min: -30, max: 30 }) }),
    );
    fc.assert(
      fc.property(word, word, word, swaps, (global0, lowerOutside, upperOutside, moves) => {
        const lower = { index: -10, outsideX128: lowerOutside };
        const upper = { index: 10, outsideX128: upperOutside };
        let global = global0;
        let tick = 0;
        let earnedInside = 0n;
        const before = feeGrowthInsideX128(global, tick, lower, upper);
        for (const { growth, tick: next } of moves) {
          global = wrap(global + growth);
          if (tick >= -10 && tick < 10) earnedInside += growth;
          for (const edge of [lower, upper]) {
            if (tick >= edge.index !== next >= edge.index) edge.outsideX128 = wrap(global - edge.outsideX128);
          }
          tick = next;
        }
        const after = feeGrowthInsideX128(global, tick, lower, upper);
        expect(wrap(after - before)).toBe(wrap(earnedInside));
      }),
    );
  });
});

describe('uncollected fees', () => {
  it('are what was put aside and what was earned since, rounded down', () => {
    expect(uncollectedRaw(5n, 3n, (1n << 128n) + 7n, 7n)).toBe(8n);
    expect(uncollectedRaw(5n, 3n, (1n << 127n) + 7n, 7n)).toBe(6n);
  });

  it('do not mind the counter running over', () => {
    expect(uncollectedRaw(0n, 10n, 1n << 127n, MOD - (1n << 127n))).toBe(10n);
  });
});
