import { getAddress } from 'viem';
import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { opynControllerStandInAbi } from '../../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../../abis/opynOracleStandIn.ts';
import { hedgeModuleAddress } from '../../../src/adapters/chain/deployment.ts';
import { type Address, type Hex, toWhole } from '../../../src/core/units.ts';
import { type Call, callOf, defaultMandate, nextExpiry } from '../../../src/devnet/index.ts';
import type { VaultSetup } from '../../../src/engine/world.ts';
import { optionVaultSteps } from '../../../src/runtime/mandate/optionVaultMandate.ts';
import { prepareMandate } from '../../../src/runtime/mandate/prepare.ts';
import { verifyBatch } from '../../../src/runtime/mandate/verify.ts';
import { type AccountKeeper, openAccountKeeper } from '../../support/accountKeeper.ts';
import { useDevnet } from '../../support/devnet.ts';
import { toolsWith } from '../../support/keeperOnDevnet.ts';

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

describe('ballast mandate for an OptionVault', () => {
  async function proposed(address = lab().prepared.address) {
    const { devnet } = lab();
    const keeper = await openAccountKeeper(devnet, address, 'kind: optionVault', 20);
    keepers.push(keeper);
    const tools = toolsWith(devnet.accounts.keeper.privateKey);
    const prepared = await prepareMandate(keeper.config, keeper.config.vaults[0]!, [], tools);
    const trials = await verifyBatch({ rpcUrl: devnet.url, chainId: devnet.chainId, ...prepared });
    expect(trials.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
    return { ...prepared, titles: prepared.calls.map(({ title }) => title), trials };
  }

  it('is what its owner sends in a round, tried on a fork as the owner', async () => {
    const { sender, owners, titles, calls, waitsFor, trials } = await proposed();
    expect({ sender: sender.toLowerCase(), owners, titles, waitsFor }).toEqual({
      sender: lab().devnet.accounts.owner.address.toLowerCase(),
      owners: null,
      titles: ['set the mandate'],
      waitsFor: null,
    });
    expect(calls[0]!.to).toBe(lab().prepared.address);
    expect(trials.find(({ name }) => name === 'a hedge within the mandate')?.found).toMatch(/goes through/);
    expect(trials.find(({ name }) => name === 'the same by another key')?.found).toMatch(/^refused/);
  });

  it('waits for a round between rounds', async () => {
    await lab().prepared.closeRound();
    const { titles, waitsFor } = await proposed();
    expect(titles).toEqual([]);
    expect(waitsFor).toMatch(/openRound/);
  });

  it('goes by notice and settlement where somebody has shares, twice, and is in force at the end', async () => {
    const { devnet } = lab();
    const vault = await devnet.createOptionVault({ depositUsdc: 50_000, mandate: null });
    await vault.closeRound();
    const asOwner = async (calls: readonly { title: string; to: Address; data: Hex }[]) => {
      await devnet.transact(
        devnet.accounts.owner,
        calls.map(({ title: label, to, data }) => ({ label, to, data })),
      );
    };
    const passNotice = async () => {
      const { timestampSeconds } = await devnet.node.head();
      await devnet.mineBlock({ timestampSeconds: timestampSeconds + 3 * 86_400 + 1 });
      await devnet.transact(devnet.accounts.user, [callOf(vault.address, optionVaultAbi, 'settle', [])]);
    };
    const first = await proposed(vault.address);
    expect(first.titles).toEqual(['announce the module']);
    expect(first.waitsFor).toMatch(/notice of three days.*2 of 2/);
    await asOwner(first.calls);
    const waiting = await proposed(vault.address);
    expect(waiting.titles).toEqual([]);
    expect(waiting.waitsFor).toMatch(/settlement after \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    await passNotice();
    const second = await proposed(vault.address);
    expect(second.titles).toEqual(['enable it on the vault', 'announce the module']);
    await asOwner(second.calls);
    await passNotice();
    const third = await proposed(vault.address);
    expect(third.titles).toEqual(['let the owner call it']);
    expect(third.waitsFor).toMatch(/openRound/);
    await asOwner(third.calls);
    const { timestampSeconds } = await devnet.node.head();
    await asOwner([
      {
        title: 'open a round',
        ...callOf(vault.address, optionVaultAbi, 'openRound', [[], BigInt(timestampSeconds + 86_400)]),
      },
    ]);
    const last = await proposed(vault.address);
    expect(last.titles).toEqual(['set the mandate']);
    await asOwner(last.calls);
    const { keepers: named } = await devnet.node.read(hedgeModuleAddress, hedgeModuleAbi, 'mandateOf', [
      vault.address,
    ]);
    expect(named).toEqual([getAddress(devnet.accounts.keeper.address)]);
  });

  it('needs no notice before the first deposit', () => {
    const facts = {
      owner: lab().devnet.accounts.owner.address,
      isDeployed: true,
      isEnabled: false,
      isTarget: false,
      noticeEndsAt: 0n,
      lastSettledAt: 0n,
      hasHolders: false,
      isRoundOpen: true,
    };
    const { weth, usdc } = lab().devnet.tokens;
    const terms = { account: lab().prepared.address, base: weth, quote: usdc };
    const steps = (paysByAllowance: boolean) =>
      optionVaultSteps(
        { ...defaultMandate(lab().devnet.accounts), paysByAllowance },
        { terms } as unknown as VaultSetup,
        hedgeModuleAddress,
        facts,
        undefined,
      );
    expect(steps(false)).toMatchObject({
      calls: [
        { title: 'enable it on the vault' },
        { title: 'let the owner call it' },
        { title: 'set the mandate' },
      ],
      waitsFor: null,
    });
    expect(() => steps(true)).toThrow(expect.objectContaining({ code: 'MANDATE_INCOMPLETE' }));
  });
});
