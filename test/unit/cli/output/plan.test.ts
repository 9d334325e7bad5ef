import { describe, expect, it } from 'vitest';
import { lendingWords } from '../../../../src/cli/output/plan.ts';
import type { OrderPlan } from '../../../../src/core/decision.ts';
import type { VaultSetup } from '../../../../src/engine/world.ts';
import { raw, snapshotWith, usdc, vaultAddress, weth } from '../../../support/snapshot.ts';

describe('what an order does beside swaps, in words', () => {
  const vault = { terms: snapshotWith().vault } satisfies Pick<VaultSetup, 'terms'>;
  const plan: OrderPlan = {
    side: 'sell',
    baseRaw: 0n,
    quoteLimitRaw: 0n,
    expectedQuoteRaw: 0n,
    minFillBps: 0,
    legs: [],
  };

  it('names withdrawals of liquidity first, with what they bring, and then lending steps as they happen', () => {
    const words = lendingWords(
      {
        ...plan,
        withdrawals: [
          {
            label: 'uniswap v3 #7',
            manager: vaultAddress,
            tokenId: 7n,
            liquidity: 1n,
            baseRaw: raw(12.5, weth),
            quoteRaw: raw(3, usdc),
          },
        ],
        lending: {
          before: [{ kind: 'repay', asset: 'base', amountRaw: raw(2, weth), pool: vaultAddress }],
          after: [{ kind: 'supply', asset: 'quote', amountRaw: raw(40, usdc), pool: vaultAddress }],
        },
      },
      vault,
    );
    expect(words).toMatch(
      /^withdraw uniswap v3 #7 \(12\.50* WETH, 3\.00 USDC\); repay 2\.0* WETH; supply 40\.00 USDC$/,
    );
  });

  it('is nothing of an order of swaps alone', () => {
    expect(lendingWords(plan, vault)).toBe('');
  });
});
