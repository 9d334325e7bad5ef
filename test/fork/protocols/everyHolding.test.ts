import { describe, expect, it } from 'vitest';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { nonfungiblePositionManagerAbi } from '../../../abis/nonfungiblePositionManager.ts';
import { squeethControllerStandInAbi } from '../../../abis/squeethControllerStandIn.ts';
import * as protocols from '../../../src/adapters/protocols/index.ts';
import { maxUsableTick, minUsableTick } from '../../../src/core/amm/tickMath.ts';
import { exposureOf, totalExposure } from '../../../src/core/exposure/exposure.ts';
import type { MarketView, Position } from '../../../src/core/position.ts';
import type { Address, Hex } from '../../../src/core/units.ts';
import {
  burnV4Call,
  callOf,
  type Devnet,
  depositSharesCalls,
  devnetAggregators,
  devnetPools,
  devnetShares,
  devnetTokens,
  devnetV4Pools,
  mainnet,
  nextExpiry,
  placeShareVault,
  placeStandIns,
  standIns,
} from '../../../src/devnet/index.ts';
import type { ChainProtocol, Memory } from '../../../src/ports/protocol.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { interview } from '../../../src/runtime/init/interview.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { useDevnet } from '../../support/devnet.ts';
import { contextOf, openReadChain, unwrap } from '../../support/vaultOnDevnet.ts';

const { weth, usdc } = devnetTokens;
const { ethUsdc500, usdcWeth3000 } = devnetV4Pools;
const PRICE = 3_000;
const MOVE = 0.001;
const ETHER = 10n ** 18n;
const EVERYTHING = (1n << 128n) - 1n;
/** Names and configs of what is read. */
const held: Readonly<Record<string, unknown>> = {
  balances: { native: 'base' },
  uniswapV3Position: protocols.uniswapV3Position.sample,
  uniswapV4Position: protocols.uniswapV4Position.sample,
  opyn: protocols.opyn.sample,
  aaveV3: protocols.aaveV3.sample,
  squeeth: { ...protocols.squeeth.sample, strategies: [] },
};

describe('one Safe that holds some of everything', () => {
  const given = useDevnet({ venues: ['uniswapV4'], lending: ['aaveV3'], price: PRICE }, prepare);

  async function prepare(devnet: Devnet) {
    await placeStandIns(devnet, ['squeeth']);
    const safe = await devnet.createSafe({
      holdings: [
        { token: weth, amount: 12 },
        { token: usdc, amount: 40_000 },
      ],
    });
    const { timestampSeconds } = await devnet.node.head();
    await safe.writeOptions([
      { type: 'call', strike: 3_200, expirySeconds: nextExpiry(timestampSeconds, 14), amount: 15 },
      { type: 'put', strike: 2_800, expirySeconds: nextExpiry(timestampSeconds, 30), amount: 9 },
    ]);
    const v3Id = await safe.provideLiquidity({
      pool: devnetPools.usdcWeth500,
      lowerPrice: 2_700,
      upperPrice: 3_300,
      baseAmount: 20,
      quoteAmount: 60_000,
    });
    const v4Pools = [ethUsdc500, usdcWeth3000];
    const v4Ids = [];
    for (const pool of v4Pools) {
      const full = { tickLower: minUsableTick(pool.tickSpacing), tickUpper: maxUsableTick(pool.tickSpacing) };
      v4Ids.push(await safe.provideV4Liquidity(pool, { ...full, liquidity: 10n ** 15n }));
    }
    await safe.supplyToAave([{ token: usdc, amount: 90_000 }]);
    await safe.borrowFromAave([{ token: weth, amount: 14 }]);
    await devnet.setEther(safe.address, 10n * ETHER);
    await safe.execute([
      callOf(
        standIns.squeethController,
        squeethControllerStandInAbi,
        'mintWPowerPerpAmount',
        [0n, 30n * ETHER, 0n],
        8n * ETHER,
      ),
      callOf(standIns.wPowerPerp, erc20Abi, 'transfer', [devnet.accounts.user.address, 30n * ETHER]),
    ]);
    const mark = [(55n * ETHER) / 100n, (54n * ETHER) / 100n, (112n * ETHER) / 100n] as const;
    await devnet.transact(devnet.accounts.user, [
      callOf(standIns.squeethController, squeethControllerStandInAbi, 'setMarket', mark),
    ]);
    return { safe, v3Id, v4Ids, v4Pools, chain: await openReadChain(devnet) };
  }

  /** Reads all of it at the newest block; memories as one list. */
  async function read(memories?: readonly Memory[]) {
    const { devnet, prepared } = given();
    const { chain, safe } = prepared;
    const at = await chain.head();
    const reads = Object.entries(held).map(([kind, config], index) => {
      const protocol = (protocols as Readonly<Record<string, unknown>>)[kind] as ChainProtocol;
      return protocol.read(config, contextOf(devnet, safe.address, at, memories?.[index]));
    });
    const before = chain.counters();
    const outcomes = (await chain.read(reads, at)).map(unwrap);
    const rounds = chain.counters().rounds - before.rounds;
    return {
      positions: outcomes.flatMap(({ value }) => value),
      memories: outcomes.map(({ memory }) => memory),
      rounds,
    };
  }
  const viewAt = (spot: number, nowSeconds: number): MarketView => ({
    spot,
    volatility: 0.6,
    rate: 0,
    nowSeconds,
    baseDecimals: 18,
    quoteDecimals: 6,
  });

  /** Oracle and pools move together. */
  async function moveTo(price: number) {
    const { devnet } = given();
    await devnet.mineBlock({ price, feed: false });
    await devnet.transact(devnet.accounts.reporter, [
      callOf(devnetAggregators.ethUsd, devnetAggregatorAbi, 'transmit', [BigInt(Math.round(price * 1e8))]),
    ]);
  }

  /**
   * What the Safe is worth by the contracts themselves: liquidity is taken out for it, loans are what their tokens say, the
   * power perp is its contract's mark. Only options are priced by our model, since nobody else prices them here.
   */
  async function worth(price: number, options: readonly Position[]): Promise<number> {
    const { devnet, prepared } = given();
    const { node } = devnet;
    const { safe, v3Id, v4Ids, v4Pools } = prepared;
    const balance = (token: Address) => node.read(token, erc20Abi, 'balanceOf', [safe.address]);
    const manager = mainnet.nonfungiblePositionManager;
    const [, , , , , , , liquidity] = await node.read(manager, nonfungiblePositionManagerAbi, 'positions', [
      v3Id,
    ]);
    const leave = { tokenId: v3Id, liquidity, amount0Min: 0n, amount1Min: 0n, deadline: EVERYTHING };
    const collect = {
      tokenId: v3Id,
      recipient: safe.address,
      amount0Max: EVERYTHING,
      amount1Max: EVERYTHING,
    };
    await safe.execute([
      callOf(manager, nonfungiblePositionManagerAbi, 'decreaseLiquidity', [leave]),
      callOf(manager, nonfungiblePositionManagerAbi, 'collect', [collect]),
      ...v4Pools.map((pool, index) => burnV4Call(pool, v4Ids[index]!, safe.address)),
    ]);
    const controller = standIns.squeethController;
    const [ether, wrapped, dollars, lent, owed, mark, factor, vault] = await Promise.all([
      node.request<Hex>('eth_getBalance', [safe.address, 'latest']),
      balance(weth.address),
      balance(usdc.address),
      balance(mainnet.aaveUsdc),
      balance(mainnet.aaveWethVariableDebt),
      node.read(controller, squeethControllerStandInAbi, 'getDenormalizedMark', [420]),
      node.read(controller, squeethControllerStandInAbi, 'getExpectedNormalizationFactor'),
      node.read(controller, squeethControllerStandInAbi, 'vaults', [1n]),
    ]);
    const [, , collateral, short] = vault;
    const base = Number(BigInt(ether) + wrapped + collateral - owed) / 1e18;
    const perpQuote = (-Number(short) / 1e18) * (Number(mark) / 1e18) * (Number(factor) / 1e18) * 1e4;
    const { timestampSeconds } = await node.head();
    const optionsQuote = totalExposure(options, viewAt(price, timestampSeconds)).valueQuote;
    return base * price + Number(dollars + lent) / 1e6 + perpQuote + optionsQuote;
  }

  /** What `ballast init` finds where nobody is there to be asked. */
  function initOf(vault: Address) {
    const nobody = { registry, environment: () => undefined, keystores: [], onProgress: () => {}, ask: null };
    return interview(
      { rpc: given().devnet.url, vault, base: 'WETH', quote: 'USDC', journal: 'x.sqlite' },
      nobody,
    );
  }

  it('is read in one round, each kind of position among what was found', async () => {
    const first = await read();
    const { positions, rounds } = await read(JSON.parse(JSON.stringify(first.memories)));
    expect(rounds).toBe(1);
    expect(positions).toEqual(first.positions);
    expect(new Set(positions.map(({ kind }) => kind))).toEqual(
      new Set(['spot', 'option', 'liquidity', 'debt', 'powerPerp']),
    );
  });

  it('is found by init: positions that no list names by what the account was sent', async () => {
    const { devnet, prepared } = given();
    const { safe, v4Ids } = prepared;
    await placeShareVault(devnet, usdc);
    await devnet.fund(safe.address, [{ token: usdc, amount: 30 }]);
    await safe.execute(depositSharesCalls(safe.address, usdc, 30));
    const found = await initOf(safe.address);
    const partsOf = (kind: string) =>
      found.discovery.positions.used.map(({ part }) => part).filter((part) => part.kind === kind);
    expect(partsOf('uniswapV4Position')).toMatchObject([
      { ids: expect.arrayContaining(v4Ids.map(Number)), native: 'base' },
    ]);
    expect(partsOf('erc4626').map(({ vault }) => String(vault).toLowerCase())).toEqual([
      devnetShares.shareVault.toLowerCase(),
    ]);
    expect(partsOf('aaveV3')).toHaveLength(1);
    expect(found.discovery.positions.isHistoryKnown).toBe(true);
    expect(found.text).not.toContain('could not be read');
  });

  it('of a Safe whose keeper has a role, init writes the role, and only pools that it may use', async () => {
    const { devnet } = given();
    const safe = await devnet.createRolesSafe({ holdings: [{ token: weth, amount: 30 }] });
    const { discovery, text } = await initOf(safe.address);
    expect(discovery.account).toMatchObject({
      kind: 'safeRoles',
      role: { roles: safe.terms.roles.toLowerCase() },
    });
    expect(text).toMatch(/kind: safeRoles\n[\s\S]*sellPerDay: 1000\n {6}spendPerDay: 3000000\n/);
    expect(text).not.toMatch(/^ +mandate:/m);
    expect(discovery.venues.used.map(({ part }) => part.kind)).toEqual(['uniswapV3', 'uniswapV3']);
    const config = parseConfig('mine.yaml', text, { registry, environment: () => undefined });
    expect(config.vaults[0]!.account.kind).toBe('safeRoles');
  });

  it('has the delta that its total value has when oracle and pools move together by 0.1 %', async () => {
    const { devnet } = given();
    const { positions } = await read();
    const { timestampSeconds } = await devnet.node.head();
    const view = viewAt(PRICE, timestampSeconds);
    const { delta } = totalExposure(positions, view);
    const gross = positions.reduce((sum, position) => sum + Math.abs(exposureOf(position, view).delta), 0);
    // Collateral of written options cannot be taken out while they run: it is tokens that lie in Opyn.
    const inOpyn = positions.filter(({ kind, label }) => kind === 'option' || label.startsWith('opyn'));
    const values: number[] = [];
    for (const price of [PRICE * (1 + MOVE), PRICE * (1 - MOVE)]) {
      const back = await devnet.snapshot();
      await moveTo(price);
      const moved = await read();
      const own = totalExposure(moved.positions, viewAt(price, timestampSeconds)).valueQuote;
      const value = await worth(price, inOpyn);
      expect(own / value).toBeCloseTo(1, 5);
      values.push(value);
      await back();
    }
    const [up, down] = values as [number, number];
    const central = (up - down) / (2 * MOVE * PRICE);
    expect(Math.abs(delta - central)).toBeLessThan(1e-5 * gross);
  });
});
