import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { wrappedTokens } from '../../../../src/adapters/protocols/wrappedTokens.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { nowSeconds, usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const token: Address = `0x${'d7'.repeat(20)}`;
const feed: Address = `0x${'fe'.repeat(20)}`;
const views = parseAbi([
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function balanceOf(address account) view returns (uint256)',
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
]);
const settings = {
  tokens: [
    {
      token,
      as: 'quote',
      rate: 'one',
      price: { of: { feed, staleAfterSeconds: 3_600 }, against: { feed, staleAfterSeconds: 3_600 } },
    },
  ],
} as const;

function chainAt(updatedAtSeconds: number): TableChain {
  const updatedAt = BigInt(updatedAtSeconds);
  return new TableChain()
    .set(views, token, 'symbol', [], 'DAI')
    .set(views, token, 'decimals', [], 18)
    .set(views, token, 'balanceOf', [vaultAddress], 5n * 10n ** 18n)
    .set(views, feed, 'decimals', [], 8)
    .set(views, feed, 'latestRoundData', [], [1n, 10n ** 8n, updatedAt, updatedAt, 1n]);
}
const read = (chain: TableChain, config: typeof wrappedTokens.sample = { tokens: [...settings.tokens] }) =>
  chain.run(wrappedTokens.read(config, contextAt())).value.value;

describe('tokens that count as another', () => {
  it('of 18 decimals are as much of one of 6', () => {
    expect(read(chainAt(nowSeconds))).toMatchObject([{ asset: 'quote', amountRaw: 5_000_000n }]);
  });

  it('are refused at a price from after the block, which would be fresh for ever', () => {
    expect(() => read(chainAt(nowSeconds + 10 ** 9))).toThrow(/a time up to the block/);
    expect(() => read(chainAt(nowSeconds - 3_601))).toThrow(/more than 3600 s/);
  });

  it.each([weth, usdc])('are not $symbol itself, which is counted as a balance', ({ address }) => {
    const own = { tokens: [{ token: address, as: 'base' as const, rate: 'one' as const }] };
    expect(() => read(chainAt(nowSeconds), own)).toThrow(/another token than base and quote/);
  });
});
