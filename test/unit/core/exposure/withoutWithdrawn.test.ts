import { describe, expect, it } from 'vitest';
import { withoutWithdrawn } from '../../../../src/core/exposure/withoutWithdrawn.ts';
import type { Position } from '../../../../src/core/position.ts';
import { ownRange } from '../../../support/ownRange.ts';
import { raw, spotBase, weth } from '../../../support/snapshot.ts';

describe('positions without liquidity that was withdrawn on paper', () => {
  const range = ownRange(7n, 'base', raw(10, weth), { baseRaw: 5n, quoteRaw: 0n });
  const fees: Position = {
    kind: 'spot',
    label: 'uniswap v3 #7 uncollected',
    asset: 'base',
    amountRaw: 5n,
    locked: true,
  };
  const { nft: _nft, ...unnamed } = ownRange(9n, 'base', raw(1, weth));
  const others = [spotBase(1), ownRange(8n, 'base', raw(1, weth)), unnamed];
  const positions = [range, fees, ...others];

  it('are the same where nothing was', () => {
    expect(withoutWithdrawn(positions)).toBe(positions);
    expect(withoutWithdrawn(positions, [{ tokenId: 9n, liquidity: 1n }])).toEqual(positions);
  });

  it('lose the range and its fees', () => {
    expect(withoutWithdrawn(positions, [{ tokenId: 7n, liquidity: range.liquidity }])).toEqual(others);
  });

  it('keep what is left of a range, whose fees are gone all the same', () => {
    const [left, ...rest] = withoutWithdrawn(positions, [{ tokenId: 7n, liquidity: 3n }]);
    expect(left).toMatchObject({
      liquidity: range.liquidity - 3n,
      nft: { uncollectedBaseRaw: 0n, uncollectedQuoteRaw: 0n },
    });
    expect(rest).toEqual(others);
  });
});
