import { erc20Abi } from 'viem';
import { beforeEach, describe, expect, it } from 'vitest';
import { opynControllerAbi, opynOtokenAbi } from '../../../../src/adapters/protocols/internal/opynAbi.ts';
import { ribbonVaultAbi } from '../../../../src/adapters/protocols/internal/ribbonAbi.ts';
import { ribbon } from '../../../../src/adapters/protocols/ribbon.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const vault: Address = `0x${'7b'.repeat(20)}`;
const controller: Address = `0x${'c0'.repeat(20)}`;
const oracle: Address = `0x${'0c'.repeat(20)}`;
const [sold, next]: readonly [Address, Address] = [`0x${'a1'.repeat(20)}`, `0x${'a2'.repeat(20)}`];
const nobody: Address = `0x${'00'.repeat(20)}`;
const ether = 10n ** 18n;
const config = { vault };

let chain: TableChain;
/** Round 9 of a theta vault: short 90 calls on 90 ether, 10 ether idle, 100 shares, of which the account has 25. */
beforeEach(() => {
  chain = new TableChain()
    .set(
      ribbonVaultAbi,
      vault,
      'vaultParams',
      [],
      [false, 18, weth.address, weth.address, 10n ** 10n, 10n ** 24n],
    )
    .set(ribbonVaultAbi, vault, 'GAMMA_CONTROLLER', [], controller)
    .set(opynControllerAbi, controller, 'oracle', [], oracle)
    .set(opynControllerAbi, controller, 'getAccountVaultCounter', [vault], 1n)
    .set(opynControllerAbi, controller, 'getVault', [vault, 1n], {
      shortOtokens: [sold],
      longOtokens: [],
      collateralAssets: [weth.address],
      shortAmounts: [90_00000000n],
      longAmounts: [],
      collateralAmounts: [90n * ether],
    })
    .set(ribbonVaultAbi, vault, 'totalSupply', [], 100n * ether)
    .set(ribbonVaultAbi, vault, 'lastQueuedWithdrawAmount', [], 0n)
    .set(erc20Abi, weth.address, 'balanceOf', [vault], 10n * ether)
    .set(ribbonVaultAbi, vault, 'shares', [vaultAddress], 25n * ether)
    .set(ribbonVaultAbi, vault, 'depositReceipts', [vaultAddress], [0, 0n, 0n])
    .set(ribbonVaultAbi, vault, 'withdrawals', [vaultAddress], [0, 0n])
    .set(ribbonVaultAbi, vault, 'roundPricePerShare', [0n], 0n)
    .set(ribbonVaultAbi, vault, 'roundPricePerShare', [9n], 0n)
    .set(ribbonVaultAbi, vault, 'roundPricePerShare', [8n], (105n * ether) / 100n);
  options(sold, nobody);
  state({});
  for (const otoken of [sold, next]) series(otoken);
});

function state({ pending = 0n, queued = 0n }) {
  chain.set(ribbonVaultAbi, vault, 'vaultState', [], [9, 90n * ether, 85n * ether, pending, queued]);
}

function options(current: Address, chosen: Address) {
  chain.set(ribbonVaultAbi, vault, 'optionState', [], [chosen, current, 0]);
}

function series(otoken: Address, balance = 0n) {
  chain
    .set(opynOtokenAbi, otoken, 'balanceOf', [vault], balance)
    .set(opynOtokenAbi, otoken, 'underlyingAsset', [], weth.address)
    .set(opynOtokenAbi, otoken, 'strikeAsset', [], usdc.address)
    .set(opynOtokenAbi, otoken, 'collateralAsset', [], weth.address)
    .set(opynOtokenAbi, otoken, 'strikePrice', [], 3_500_00000000n)
    .set(opynOtokenAbi, otoken, 'expiryTimestamp', [], 1_770_364_800n)
    .set(opynOtokenAbi, otoken, 'isPut', [], false);
}

const read = (context = contextAt()) => chain.run(ribbon.read(config, context));
const positions = () => read().value.value;

describe('a holder of shares', () => {
  it('has its part of the shorts, of the collateral and of what is idle', () => {
    expect(positions()).toMatchObject([
      { kind: 'option', type: 'call', strike: 3_500, size: -22.5, settlement: 'base' },
      { kind: 'spot', asset: 'base', amountRaw: (225n * ether) / 10n, locked: true },
      { kind: 'spot', label: 'ribbon idle', asset: 'base', amountRaw: (25n * ether) / 10n, locked: true },
    ]);
  });

  it('has its part of the oTokens that are not sold yet', () => {
    series(sold, 20_00000000n);
    expect(positions()).toContainEqual(
      expect.objectContaining({ kind: 'option', label: expect.stringMatching(/^opyn held/), size: 5 }),
    );
  });

  it('has no part in deposits that wait, nor in withdrawals whose price is fixed', () => {
    state({ pending: 4n * ether, queued: 20n * ether });
    chain.set(ribbonVaultAbi, vault, 'lastQueuedWithdrawAmount', [], 2n * ether);
    const found = positions();
    // 25 of the 80 shares that are in play.
    expect(found[0]).toMatchObject({ size: (-90 * 25) / 80 });
    expect(found[2]).toMatchObject({ label: 'ribbon idle', amountRaw: (4n * ether * 25n) / 80n });
  });

  it('has its own deposit that waits, shares that are leaving this round, and a withdrawal of an earlier one', () => {
    state({ pending: 4n * ether });
    chain.set(ribbonVaultAbi, vault, 'depositReceipts', [vaultAddress], [9, 3n * ether, 0n]);
    chain.set(ribbonVaultAbi, vault, 'withdrawals', [vaultAddress], [9, 5n * ether]);
    expect(positions()[0]).toMatchObject({ size: -27 });
    expect(positions()).toContainEqual(
      expect.objectContaining({ label: 'ribbon deposit waiting', amountRaw: 3n * ether }),
    );
    chain.set(ribbonVaultAbi, vault, 'withdrawals', [vaultAddress], [8, 2n * ether]);
    expect(positions()[0]).toMatchObject({ size: -22.5 });
    expect(positions()).toContainEqual(
      expect.objectContaining({ label: 'ribbon withdrawal', amountRaw: (21n * ether) / 10n }),
    );
  });

  it('of none holds nothing', () => {
    chain.set(ribbonVaultAbi, vault, 'shares', [vaultAddress], 0n);
    expect(positions()).toEqual([]);
  });

  it('of more than there are in play is refused, and so is an idle balance below what is set aside', () => {
    state({ queued: 80n * ether });
    expect(positions).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
    state({ pending: 11n * ether });
    expect(positions).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
  });
});

describe('the vault itself', () => {
  it('has all of its shorts and collateral; its balance is read elsewhere', () => {
    for (const name of ['shares', 'depositReceipts', 'withdrawals'] as const) {
      const none = { shares: 0n, depositReceipts: [0, 0n, 0n], withdrawals: [0, 0n] } as const;
      chain.set(ribbonVaultAbi, vault, name, [vault], none[name] as never);
    }
    expect(read(contextAt({ vault: { account: vault } })).value.value).toMatchObject([
      { kind: 'option', size: -90 },
      { kind: 'spot', amountRaw: 90n * ether },
    ]);
  });
});

describe('a steady state', () => {
  it('is one round, with a withdrawal whose price is known too', () => {
    chain.set(ribbonVaultAbi, vault, 'withdrawals', [vaultAddress], [8, 2n * ether]);
    const first = read();
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    expect(read(contextAt({ memory }))).toMatchObject({ rounds: 1, value: first.value });
  });

  it('takes up the option of the next round when it comes', () => {
    const memory = JSON.parse(JSON.stringify(read().value.memory));
    options(sold, next);
    series(next, 8_00000000n);
    const found = read(contextAt({ memory })).value.value;
    expect(found).toContainEqual(expect.objectContaining({ kind: 'option', size: 2 }));
  });
});
