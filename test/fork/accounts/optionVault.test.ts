import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { opynControllerStandInAbi } from '../../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../../abis/opynOracleStandIn.ts';
import { toWhole } from '../../../src/core/units.ts';
import { type Call, callOf, nextExpiry } from '../../../src/devnet/index.ts';
import { startDevRelay } from '../../../src/devnet/relay/index.ts';
import { type TickResult, tickFleet } from '../../../src/engine/tick.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../../src/runtime/demo/config.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import type { OpenWorld } from '../../../src/runtime/worlds/tools.ts';
import { useDevnet } from '../../support/devnet.ts';
import { toolsWith } from '../../support/keeperOnDevnet.ts';

/** A vault with 500,000 USDC deposited, a round open, and a mandate for the devnet's keeper. */
const lab = useDevnet({}, (devnet) => devnet.createOptionVault({ depositUsdc: 500_000 }));

const ends: (() => Promise<unknown>)[] = [];

/** A keeper that brings the vault's net delta to a target. */
async function openKeeper(targetDelta: number): Promise<OpenWorld> {
  const { devnet, prepared } = lab();
  const relay = await startDevRelay({ rpcUrl: devnet.url });
  const removePool = devnet.addPrivatePool(relay.pool);
  const folder = await mkdtemp(join(tmpdir(), 'ballast-vault-'));
  const text = devnetConfigText({
    devnet,
    account: prepared.address,
    heldOtokens: [],
    relayUrl: relay.url,
    journalPath: join(folder, 'journal.sqlite'),
    variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
  })
    .replace('kind: safe', 'kind: optionVault')
    .replace('halfWidth: { base: 4 }', 'halfWidth: { base: 0.01 }')
    .replace('    volatility:', `    targetDelta: ${targetDelta}\n    volatility:`);
  const tools = toolsWith(devnet.accounts.keeper.privateKey);
  const world = await openLive(parseConfig('test.yaml', text, tools), tools);
  ends.unshift(
    () => world.close(),
    async () => removePool(),
    () => relay.stop(),
    () => rm(folder, { recursive: true, force: true }),
  );
  return world;
}

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function tick({ world, vaults }: OpenWorld): Promise<TickResult> {
  const [result] = await tickFleet(world, vaults);
  return result as TickResult;
}

/** Decides, lets a block take the order, and books it. */
async function hedge(keeper: OpenWorld): Promise<TickResult> {
  expect((await tick(keeper)).decision).toMatchObject({ kind: 'hedge' });
  await lab().devnet.mineBlock();
  const settled = await tick(keeper);
  expect(settled.open).toEqual([]);
  return settled;
}

async function baseHeld(): Promise<number> {
  const { devnet, prepared } = lab();
  return toWhole(
    await devnet.node.read(devnet.tokens.weth.address, erc20Abi, 'balanceOf', [prepared.address]),
    18,
  );
}

describe('a keeper hedges an OptionVault on the devnet', () => {
  it('through the HedgeModule, and books what the chain says', async () => {
    const settled = await hedge(await openKeeper(20));
    expect(await baseHeld()).toBeCloseTo(20, 6);
    expect(settled.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
  });

  it('not between rounds', async () => {
    await lab().prepared.closeRound();
    expect((await tick(await openKeeper(20))).decision).toMatchObject({ kind: 'halt', code: 'paused' });
  });

  it('over a round: options written, hedged, settled, the hedge sold, and only then the queue paid', async () => {
    const { devnet, prepared: vault } = lab();
    const { accounts, addresses, node } = devnet;
    const asUser = (calls: readonly Call[]) => devnet.transact(accounts.user, calls);
    const expirySeconds = nextExpiry((await node.head()).timestampSeconds, 7);
    await vault.writeOptions([{ type: 'put', strike: 2_500, expirySeconds, amount: 10 }]);
    const keeper = await openKeeper(20);
    await hedge(keeper);
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
    await hedge(await openKeeper(0));
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
