import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { opynControllerStandInAbi } from '../../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../../abis/opynOracleStandIn.ts';
import { toWhole } from '../../../src/core/units.ts';
import { type Call, callOf, nextExpiry } from '../../../src/devnet/index.ts';
import { type AccountKeeper, openAccountKeeper } from '../../support/accountKeeper.ts';
import { useDevnet } from '../../support/devnet.ts';

/** A vault with 500,000 USDC deposited, a round open, and a mandate for the devnet's keeper. */
const lab = useDevnet({}, (devnet) => devnet.createOptionVault({ depositUsdc: 500_000 }));

let keepers: AccountKeeper[] = [];

/** A keeper that brings the vault's net delta to a target. */
async function openKeeper(targetDelta: number): Promise<AccountKeeper> {
  const { devnet, prepared } = lab();
  const keeper = await openAccountKeeper(devnet, prepared.address, 'kind: optionVault', targetDelta);
  keepers.push(keeper);
  return keeper;
}

afterEach(async () => {
  for (const keeper of keepers) await keeper.end();
  keepers = [];
});

async function baseHeld(): Promise<number> {
  const { devnet, prepared } = lab();
  return toWhole(
    await devnet.node.read(devnet.tokens.weth.address, erc20Abi, 'balanceOf', [prepared.address]),
    18,
  );
}

describe('a keeper hedges an OptionVault on the devnet', () => {
  it('through the HedgeModule, and books what the chain says', async () => {
    const settled = await (await openKeeper(20)).hedge();
    expect(await baseHeld()).toBeCloseTo(20, 6);
    expect(settled.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
  });

  it('not between rounds', async () => {
    await lab().prepared.closeRound();
    expect((await (await openKeeper(20)).tick()).decision).toMatchObject({ kind: 'halt', code: 'paused' });
  });

  it('over a round: options written, hedged, settled, the hedge sold, and only then the queue paid', async () => {
    const { devnet, prepared: vault } = lab();
    const { accounts, addresses, node } = devnet;
    const asUser = (calls: readonly Call[]) => devnet.transact(accounts.user, calls);
    const expirySeconds = nextExpiry((await node.head()).timestampSeconds, 7);
    await vault.writeOptions([{ type: 'put', strike: 2_500, expirySeconds, amount: 10 }]);
    const keeper = await openKeeper(20);
    await keeper.hedge();
    // A written put is long base, so less than the target has to be bought.
    expect(await baseHeld()).toBeLessThan(20);
    expect(await baseHeld()).toBeGreaterThan(10);

    const shares = await node.read(vault.address, optionVaultAbi, 'balanceOf', [accounts.user.address]);
    const { address: user } = accounts.user;
    await asUser([callOf(vault.address, optionVaultAbi, 'requestRedeem', [shares, user, user])]);
    await expect(vault.closeRound()).rejects.toThrow('reverted');

    await devnet.mineBlock({ timestampSeconds: expirySeconds + 60 });
    await devnet.mineBlock();
    const settlement = [addresses.weth, BigInt(expirySeconds), 3_000n * 10n ** 8n] as const;
    await devnet.transact(accounts.reporter, [
      callOf(addresses.opynOracle, opynOracleStandInAbi, 'setExpiryPrice', settlement),
    ]);
    await vault.execute([
      callOf(addresses.opynController, opynControllerStandInAbi, 'settleVault', [1n, vault.address]),
    ]);
    // Settled, but the hedge is still there.
    await expect(vault.closeRound()).rejects.toThrow('reverted');
    await (await openKeeper(0)).hedge();
    expect(await baseHeld()).toBe(0);
    await vault.closeRound();

    const owed = await node.read(vault.address, optionVaultAbi, 'maxWithdraw', [user]);
    // Hedging cost something; the puts were given away.
    expect(toWhole(owed, 6)).toBeGreaterThan(499_000);
    expect(toWhole(owed, 6)).toBeLessThan(500_000);
    await asUser([callOf(vault.address, optionVaultAbi, 'redeem', [shares, user, user])]);
    expect(await node.read(addresses.usdc, erc20Abi, 'balanceOf', [user])).toBe(owed);
    expect(await node.read(vault.address, optionVaultAbi, 'totalSupply', [])).toBe(0n);
  });
});
