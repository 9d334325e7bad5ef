import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { nonfungiblePositionManagerAbi } from '../../../abis/nonfungiblePositionManager.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { uniswapV3FactoryAbi } from '../../../abis/uniswapV3Factory.ts';
import { callOf } from '../../../src/devnet/index.ts';
import { defaultMandate, type Mandate } from '../../../src/devnet/vaults/mandate.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();

const moduleOf = ({ devnet }: KeeperOnDevnet) => devnet.addresses.hedgeModule;

function setMandate(keeper: KeeperOnDevnet, changes: Partial<Mandate> = {}) {
  const mandate = { ...defaultMandate(keeper.devnet.accounts), guardian: guardianOf(keeper), ...changes };
  return keeper.safe.execute([callOf(moduleOf(keeper), hedgeModuleAbi, 'setMandate', [mandate])]);
}

const guardianOf = ({ devnet }: KeeperOnDevnet) => devnet.accounts.guardian.address;

const pause = (keeper: KeeperOnDevnet) =>
  keeper.devnet.transact(keeper.devnet.accounts.guardian, [
    callOf(moduleOf(keeper), hedgeModuleAbi, 'pause', [keeper.safe.address]),
  ]);
const unpause = (keeper: KeeperOnDevnet) =>
  keeper.safe.execute([callOf(moduleOf(keeper), hedgeModuleAbi, 'unpause', [])]);

/** A third pool of the pair, which the config does not name. */
async function anotherPool({ devnet }: KeeperOnDevnet) {
  const { weth, usdc, nonfungiblePositionManager, uniswapV3Factory } = devnet.addresses;
  const onePercent = 10_000;
  const args = [usdc, weth, onePercent, 1n << 96n] as const;
  await devnet.transact(devnet.accounts.user, [
    callOf(
      nonfungiblePositionManager,
      nonfungiblePositionManagerAbi,
      'createAndInitializePoolIfNecessary',
      args,
    ),
  ]);
  return devnet.node.read(uniswapV3Factory, uniswapV3FactoryAbi, 'getPool', [usdc, weth, onePercent]);
}

describe('what the vault no longer allows', () => {
  it('the keeper is no keeper of the mandate', async () => {
    const keeper = get();
    await setMandate(keeper, { keepers: [keeper.devnet.accounts.user.address] });
    await keeper.expectNothingSent('halt', 'keeperNotAllowed', /not a keeper .* run ballast mandate/);
    await setMandate(keeper);
    await keeper.expectHedgesOnce();
  });

  it('the mandate was revoked', async () => {
    const keeper = get();
    await keeper.safe.execute([callOf(moduleOf(keeper), hedgeModuleAbi, 'revokeMandate', [])]);
    await keeper.expectNothingSent('halt', 'keeperNotAllowed', /run ballast mandate/);
    await setMandate(keeper);
    await keeper.expectHedgesOnce();
  });

  it('the module is paused', async () => {
    const keeper = get();
    await pause(keeper);
    await keeper.expectNothingSent('halt', 'paused', /paused on chain: its avatar can unpause it/);
    await unpause(keeper);
    await keeper.expectHedgesOnce();
  });

  it('the module is not enabled on the account', async () => {
    const keeper = get();
    const { safe } = keeper;
    const sentinel = '0x0000000000000000000000000000000000000001';
    await safe.execute([
      callOf(safe.address, safeAbi, 'disableModule', [sentinel, keeper.devnet.addresses.hedgeModule]),
    ]);
    await keeper.expectNothingSent('halt', 'moduleNotEnabled', /not enabled .* run ballast mandate/);
    await safe.execute([callOf(safe.address, safeAbi, 'enableModule', [moduleOf(keeper)])]);
    await keeper.expectHedgesOnce();
  });

  it('none of the configured pools is allowed any more', async () => {
    const keeper = get();
    await setMandate(keeper, { pools: [await anotherPool(keeper)] });
    await keeper.expectNothingSent(
      'halt',
      'noPool',
      /allows no way over the configured pools: run ballast mandate/,
    );
    await setMandate(keeper);
    await keeper.expectHedgesOnce();
  });

  it('the mandate trusts the feed for less long than the config: found by simulation, nothing is sent', async () => {
    const keeper = get();
    const [feed, none] = defaultMandate(keeper.devnet.accounts).baseFeeds;
    await setMandate(keeper, { baseFeeds: [{ ...feed, heartbeatSeconds: 5 }, none] });
    await keeper.expectNothingSent('hold', 'simulation', /the order would fail at block \d+: .*stale/);
    expect(await keeper.orders()).toEqual([]);
    await setMandate(keeper);
    await keeper.expectHedgesOnce();
  });

  it('one of two pools is allowed: hedges on that one', async () => {
    const keeper = get();
    const { usdcWeth3000 } = keeper.devnet.addresses;
    await setMandate(keeper, { pools: [usdcWeth3000] });
    const { decision } = await keeper.tick();
    expect(decision.kind === 'hedge' && decision.plan.legs.map(({ pool }) => pool.toLowerCase())).toEqual([
      usdcWeth3000.toLowerCase(),
    ]);
    await keeper.expectHedgesOnce();
  });
});

describe('what changes between decision and inclusion', () => {
  it('the module is paused: nothing executes, and the hedge is decided again after', async () => {
    const keeper = get();
    expect((await keeper.tick()).decision.kind).toBe('hedge');
    const { sequence } = await keeper.traces();
    await pause(keeper);
    for (let block = 0; block < 6; block += 1) await keeper.devnet.mineBlock();
    await keeper.settle();
    expect((await keeper.traces()).sequence).toBe(sequence);
    await keeper.expectNothingSent('halt', 'paused', /paused on chain/);
    await unpause(keeper);
    await keeper.expectHedgesOnce();
  });

  it('the tokens leave the vault: the order trades nothing, and what is left is looked at again', async () => {
    const keeper = get();
    const { safe, devnet } = keeper;
    const { weth } = devnet.tokens;
    expect((await keeper.tick()).decision.kind).toBe('hedge');
    const [base, quote] = await keeper.balances();
    const away = base - 10n ** 18n;
    await safe.execute([callOf(weth.address, erc20Abi, 'transfer', [devnet.accounts.user.address, away])]);
    const settled = await keeper.settle();
    expect(settled.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await keeper.events()).toEqual([]);
    expect(await keeper.balances()).toEqual([10n ** 18n, quote]);
    await devnet.fund(safe.address, [{ token: weth, amount: 29 }]);
    await keeper.expectHedgesOnce();
  });
});
