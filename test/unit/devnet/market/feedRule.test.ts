import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ethUsdFeedRule, feedReports } from '../../../../src/devnet/market/feedRule.ts';

const last = { answer: 300_000_000_000n, timeSeconds: 1_000_000 };

describe('when a feed reports', () => {
  it.each([
    ['49 basis points up', 301_470_000_000n, 12, false],
    ['50 basis points up', 301_500_000_000n, 12, true],
    ['50 basis points down', 298_500_000_000n, 12, true],
    ['a second before the heartbeat', 300_000_000_000n, 3_599, false],
    ['at the heartbeat', 300_000_000_000n, 3_600, true],
  ])('%s', (_case, answer, seconds, reports) => {
    const observed = { answer, timeSeconds: last.timeSeconds + seconds };
    expect(feedReports(last, observed, ethUsdFeedRule)).toBe(reports);
  });

  it('does so on the size of a move, not on its direction', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, last.answer - 1n), (move) => {
        const at = (answer: bigint) =>
          feedReports(last, { answer, timeSeconds: last.timeSeconds }, ethUsdFeedRule);
        expect(at(last.answer + move)).toBe(at(last.answer - move));
      }),
    );
  });
});
