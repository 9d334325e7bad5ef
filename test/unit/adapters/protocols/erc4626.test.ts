import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { erc4626 } from '../../../../src/adapters/protocols/erc4626.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const shareVault: Address = `0x${'46'.repeat(20)}`;
const views = parseAbi([
  'function asset() view returns (address)',
  'function balanceOf(address account) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function convertToAssets(uint256 shares) view returns (uint256)',
]);

/** A vault of WETH that divides by its supply, as those do that know no virtual shares. */
function vaultOf(shares: bigint, supply: bigint, assets: bigint): TableChain {
  const chain = new TableChain()
    .set(views, shareVault, 'asset', [], weth.address)
    .set(views, shareVault, 'balanceOf', [vaultAddress], shares)
    .set(views, shareVault, 'totalSupply', [], supply)
    .set(views, weth.address, 'balanceOf', [shareVault], assets)
    .set(views, usdc.address, 'balanceOf', [shareVault], 0n);
  for (const asked of [0n, 7n, shares]) {
    if (supply === 0n) chain.revert(views, shareVault, 'convertToAssets', [asked]);
    else chain.set(views, shareVault, 'convertToAssets', [asked], (asked * assets) / supply);
  }
  return chain;
}
const read = (chain: TableChain, settings = {}, context = contextAt()) =>
  chain.run(erc4626.read({ vault: shareVault, ...settings }, context)).value;

describe('shares of a vault that has none', () => {
  it('are none, although it cannot say what they would be worth', () => {
    expect(read(vaultOf(0n, 0n, 0n)).value).toEqual([]);
    expect(read(vaultOf(0n, 0n, 5n), { lookThrough: {} }).value).toEqual([]);
  });

  it('are none after the last were redeemed', () => {
    const { value, memory } = read(vaultOf(7n, 7n, 14n));
    expect(value).toMatchObject([{ asset: 'base', amountRaw: 14n }]);
    expect(read(vaultOf(0n, 0n, 0n), {}, contextAt({ memory })).value).toEqual([]);
  });
});

describe('shares that cannot be', () => {
  it('more than there are, are refused', () => {
    expect(() => read(vaultOf(8n, 7n, 14n), { lookThrough: {} })).toThrow(/at most 7/);
    expect(() => read(vaultOf(8n, 7n, 14n))).toThrow(/at most 7/);
  });

  it('of the account itself are refused: what it holds would count once more', () => {
    for (const settings of [{}, { lookThrough: {} }]) {
      expect(() => read(vaultOf(7n, 7n, 14n), { vault: vaultAddress, ...settings })).toThrow(
        /another vault than the account/,
      );
    }
  });
});

it('a share of what a vault holds that has shares of itself is what redeeming it gives', () => {
  // Three of ten shares lie in the vault itself: they are in the supply and belong to nobody.
  const chain = vaultOf(2n, 10n, 1_000n);
  expect(read(chain, { lookThrough: {} }).value).toMatchObject([{ asset: 'base', amountRaw: 200n }, {}]);
  expect(read(chain).value).toMatchObject([{ amountRaw: 200n }]);
});
