import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { type Address, toWhole } from '../../../src/core/units.ts';
import { tickFleet } from '../../../src/engine/tick.ts';
import { openForkStage } from '../../../src/runtime/rehearse/forkStage.ts';
import { openFork } from '../../../src/runtime/worlds/fork.ts';
import { type AccountKeeper, openAccountKeeper } from '../../support/accountKeeper.ts';
import { giveKeyFunds } from '../../support/accountStages.ts';
import { useDevnet } from '../../support/devnet.ts';
import { toolsWith } from '../../support/keeperOnDevnet.ts';

const lab = useDevnet();
let keepers: AccountKeeper[] = [];

/** A config whose account is of some kind, and that wants to be at a net delta. */
async function configOf(account: Address, text: string, targetDelta: number) {
  const keeper = await openAccountKeeper(lab().devnet, account, text, targetDelta);
  keepers.push(keeper);
  return keeper.config;
}

afterEach(async () => {
  for (const keeper of keepers) await keeper.end();
  keepers = [];
});

/** Forks a config, hedges there, and tells what the account holds of base before and after. */
async function hedgedOnFork(config: AccountKeeper['config'], account: Address) {
  const { devnet } = lab();
  const fork = await openFork(config, toolsWith(devnet.accounts.keeper.privateKey), { journalPath: null });
  const held = async () => {
    const { weth } = devnet.tokens;
    return toWhole(await fork.node.read(weth.address, erc20Abi, 'balanceOf', [account]), 18);
  };
  try {
    const before = await held();
    const [first] = await tickFleet(fork.world, fork.vaults);
    expect(first!.decision).toMatchObject({ kind: 'hedge' });
    await fork.builder.build({});
    await tickFleet(fork.world, fork.vaults);
    return { before, after: await held() };
  } finally {
    await fork.close();
  }
}

describe('a fork hedges by a key of its own', () => {
  it('a Safe by a role, which it takes from the real keeper there', async () => {
    const { devnet } = lab();
    const { weth, usdc } = devnet.tokens;
    const safe = await devnet.createRolesSafe({
      holdings: [
        { token: weth, amount: 30 },
        { token: usdc, amount: 100_000 },
      ],
    });
    const text = `kind: safeRoles, roles: "${safe.terms.roles}", sellPerDay: 50, spendPerDay: 150000, minPrice: 2000, maxPrice: 4000, maxSlippageBps: 150`;
    const config = await configOf(safe.address, text, 10);
    const { before, after } = await hedgedOnFork(config, safe.address);
    expect(before).toBe(30);
    expect(after).toBeCloseTo(10, 6);
    await expect(
      openForkStage(config, toolsWith(devnet.accounts.keeper.privateKey), null),
    ).rejects.toMatchObject({ code: 'REHEARSAL_UNJUDGED' });
  });

  it('an OptionVault in a round, whose mandate it joins', async () => {
    const { address } = await lab().devnet.createOptionVault({ depositUsdc: 500_000 });
    const { before, after } = await hedgedOnFork(await configOf(address, 'kind: optionVault', 20), address);
    expect(before).toBe(0);
    expect(after).toBeCloseTo(20, 6);
  });

  it('but not an OptionVault without the module, nor a plain key: the reason says what to do', async () => {
    const { devnet } = lab();
    const { keeper } = devnet.accounts;
    const tools = toolsWith(keeper.privateKey);
    const { address } = await devnet.createOptionVault({ depositUsdc: 1_000, mandate: null });
    await expect(
      openFork(await configOf(address, 'kind: optionVault', 20), tools, { journalPath: null }),
    ).rejects.toMatchObject({
      code: 'KEEPER_NOT_APPOINTED',
      action: expect.stringContaining('ballast mandate'),
    });
    await giveKeyFunds(devnet, keeper);
    await expect(
      openFork(await configOf(keeper.address, 'kind: eoa', 20), tools, { journalPath: null }),
    ).rejects.toMatchObject({
      code: 'KEEPER_NOT_APPOINTED',
      action: expect.stringContaining('anvil fork of your own'),
    });
  });
});
