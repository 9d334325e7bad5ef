import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { MULTICALL3 } from '../../../../src/adapters/chain/index.ts';
import { balances } from '../../../../src/adapters/protocols/balances.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const tokens = () =>
  new TableChain()
    .set(erc20Abi, weth.address, 'balanceOf', [vaultAddress], 5n)
    .set(erc20Abi, usdc.address, 'balanceOf', [vaultAddress], 7n);

describe('balances', () => {
  it('gives what the account holds of base and quote, in one round', () => {
    const { value, rounds } = tokens().run(balances.read({ native: 'ignore' }, contextAt()));
    expect(rounds).toBe(1);
    expect(value.value).toEqual([
      { kind: 'spot', label: 'WETH balance', asset: 'base', amountRaw: 5n, locked: false },
      { kind: 'spot', label: 'USDC balance', asset: 'quote', amountRaw: 7n, locked: false },
    ]);
  });

  it('counts native money where it is told to, as what cannot be sold', () => {
    const abi = parseAbi(['function getEthBalance(address) view returns (uint256)']);
    const chain = tokens().set(abi, MULTICALL3, 'getEthBalance', [vaultAddress], 9n);
    const { value, rounds } = chain.run(balances.read({ native: 'base' }, contextAt()));
    expect(rounds).toBe(1);
    expect(value.value[2]).toEqual({
      kind: 'spot',
      label: 'native balance',
      asset: 'base',
      amountRaw: 9n,
      locked: true,
    });
  });

  it('refuses to count native money as a token of other decimals: an ether would be 10^12 dollars', () => {
    expect(() => tokens().run(balances.read({ native: 'quote' }, contextAt()))).toThrow(
      /native is quote, USDC of 6 decimals, expected a token of 18 decimals/,
    );
  });

  it('ignores native money unless told', () => {
    expect(balances.config.parse({})).toEqual({ native: 'ignore' });
  });
});
