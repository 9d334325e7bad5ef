import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { aavePoolAbi } from '../../../abis/aavePool.ts';
import { aavePoolConfiguratorAbi } from '../../../abis/aavePoolConfigurator.ts';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { aaveV3 } from '../../../src/adapters/protocols/index.ts';
import { borrowRateAfter, healthFactorAt, liquidationPrice } from '../../../src/core/margin.ts';
import type { Position } from '../../../src/core/position.ts';
import { type Address, toWhole } from '../../../src/core/units.ts';
import {
  aaveBorrowCall,
  aaveRepayCalls,
  callOf,
  devnetAggregators,
  devnetReserves,
  devnetTokens,
  etherEMode,
  mainnet,
} from '../../../src/devnet/index.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import { useDevnet } from '../../support/devnet.ts';
import { contextOf, openReadChain, readOne } from '../../support/vaultOnDevnet.ts';

const { weth, usdc, usdt } = devnetTokens;
const { aavePool: pool } = mainnet;
const YEAR = 365 * 86_400;

describe('an account at Aave v3', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 }, async (devnet) => ({
    safe: await devnet.createSafe({ mandate: null }),
    chain: await openReadChain(devnet),
  }));
  const aggregators: Readonly<Record<string, Address>> = {
    weth: devnetAggregators.ethUsd,
    usdc: devnetAggregators.usdcUsd,
  };

  /** Reads the Safe, or another account, at the newest block. */
  async function read(config: Partial<typeof aaveV3.sample> = {}, memory?: Memory) {
    const { devnet, prepared } = given();
    const at = await prepared.chain.head();
    const context = contextOf(devnet, prepared.safe.address, at, memory);
    const { value, rounds } = await readOne(
      prepared.chain,
      aaveV3.read({ ...aaveV3.sample, ...config }, context),
      at,
    );
    const [account] = value.margin?.lending ?? [];
    if (account === undefined) throw new Error('no lending account');
    return { ...value, account, rounds };
  }
  const owed = (positions: readonly Position[]) => positions.find(({ kind }) => kind === 'debt');
  const own = async () => {
    const { devnet, prepared } = given();
    const data = await devnet.node.read(pool, aavePoolAbi, 'getUserAccountData', [prepared.safe.address]);
    return toWhole(data[5], 18);
  };
  async function answer(symbol: string, dollars: number) {
    const { devnet } = given();
    await devnet.transact(devnet.accounts.reporter, [
      callOf(aggregators[symbol]!, devnetAggregatorAbi, 'transmit', [BigInt(Math.round(dollars * 1e8))]),
    ]);
  }
  async function configure(functionName: 'setReserveFreeze' | 'setReservePause', token: Address) {
    const { devnet } = given();
    await devnet.transact(devnet.accounts.deployer, [
      callOf(mainnet.aavePoolConfigurator, aavePoolConfiguratorAbi, functionName, [token, true]),
    ]);
  }
  async function shortOfEther() {
    const { safe } = given().prepared;
    await safe.supplyToAave([{ token: usdc, amount: 100_000 }]);
    await safe.borrowFromAave([{ token: weth, amount: 20 }]);
  }

  it('with nothing there has no positions, no bounds on its health, and the terms at which it could borrow', async () => {
    const { value, account } = await read();
    expect(value).toEqual([]);
    expect(account.healthFactor).toBe(Number.POSITIVE_INFINITY);
    expect(account.reserves.map(({ symbol }) => symbol)).toEqual(['WETH', 'USDC']);
    const [ether] = account.reserves;
    const { rates, seed, loanToValueBps, liquidationThresholdBps, borrowCap } = devnetReserves.weth;
    expect(ether).toMatchObject({
      asset: 'base',
      priceQuote: 3_000,
      suppliedRaw: 0n,
      debtRaw: 0n,
      loanToValue: Number(loanToValueBps) / 1e4,
      liquidationThreshold: Number(liquidationThresholdBps) / 1e4,
      isBorrowingEnabled: true,
      isFrozen: false,
      isPaused: false,
      availableRaw: BigInt(seed.supplied - seed.borrowed) * 10n ** 18n,
    });
    expect(ether!.rateCurve).toMatchObject({
      optimalUtilization: rates.optimalUsage,
      slopeBelow: rates.slopeBelow,
      slopeAbove: rates.slopeAbove,
    });
    expect(Number(ether!.borrowCapLeftRaw) / 1e18).toBeCloseTo(Number(borrowCap) - seed.borrowed, 1);
  });

  it('is spot that is locked and debt with interest', async () => {
    await shortOfEther();
    const { value } = await read();
    expect(value).toMatchObject([
      { kind: 'debt', asset: 'base', label: 'aave v3 WETH debt' },
      { kind: 'spot', asset: 'quote', label: 'aave v3 USDC supplied', locked: true },
    ]);
    const debt = owed(value);
    expect(debt).toMatchObject({ owedRaw: 20n * 10n ** 18n });
  });

  it('runs up interest at the rate that it states', async () => {
    await shortOfEther();
    const { devnet } = given();
    const before = owed((await read()).value);
    const { timestampSeconds } = await devnet.node.head();
    const days = 60;
    await devnet.mineBlock({ timestampSeconds: timestampSeconds + days * 86_400, arbitrage: false });
    const after = owed((await read()).value);
    if (before?.kind !== 'debt' || after?.kind !== 'debt') throw new Error('no debt');
    const growth = Number(after.owedRaw) / Number(before.owedRaw);
    expect(growth).toBeCloseTo(Math.exp((before.borrowRate * days * 86_400) / YEAR), 7);
    expect(growth).toBeGreaterThan(1.001);
  });

  it("has the market's own health factor, whatever it supplied and owes", async () => {
    const { safe } = given().prepared;
    await safe.supplyToAave([
      { token: usdc, amount: 60_000 },
      { token: weth, amount: 12 },
      { token: usdt, amount: 9_000 },
    ]);
    await safe.borrowFromAave([
      { token: usdc, amount: 10_000 },
      { token: weth, amount: 5 },
    ]);
    for (const price of [3_000, 2_000, 4_400]) {
      await answer('weth', price);
      const { account } = await read();
      expect(account.healthFactor).toBe(await own());
      expect(healthFactorAt(account) / account.healthFactor).toBeCloseTo(1, 3);
    }
  });

  it.each([
    ['short ether', { token: usdc, amount: 100_000 }, { token: weth, amount: 20 }, 'above'],
    ['long ether', { token: weth, amount: 40 }, { token: usdc, amount: 60_000 }, 'below'],
  ] as const)('is liquidated at the price that it says: %s', async (_, supply, borrow, when) => {
    const { safe } = given().prepared;
    await safe.supplyToAave([supply]);
    await safe.borrowFromAave([borrow]);
    const found = liquidationPrice((await read()).account, 3_000);
    expect(found?.when).toBe(when);
    const outward = when === 'above' ? 1 : -1;
    await answer('weth', found!.price * (1 - outward * 1e-6));
    expect(await own()).toBeGreaterThan(1);
    await answer('weth', found!.price * (1 + outward * 1e-6));
    expect(await own()).toBeLessThan(1);
  });

  it('counts quote at what its feed says where it is not a dollar', async () => {
    await shortOfEther();
    await answer('usdc', 0.97);
    const { account } = await read();
    expect(account.reserves[0]!.priceQuote).toBeCloseTo(3_000 / 0.97, 6);
    expect(account.healthFactor).toBe(await own());
  });

  it('uses the terms of its e-mode, and may borrow there what belongs to it', async () => {
    const { safe } = given().prepared;
    await safe.supplyToAave([{ token: weth, amount: 10 }]);
    await safe.borrowFromAave([{ token: weth, amount: 5 }]);
    await safe.execute([callOf(pool, aavePoolAbi, 'setUserEMode', [etherEMode.category])]);
    const { account } = await read();
    expect(account).toMatchObject({ eModeCategory: etherEMode.category, healthFactor: await own() });
    const [ether, dollars] = account.reserves;
    expect(ether!.liquidationThreshold).toBe(etherEMode.liquidationThresholdBps / 1e4);
    expect(ether!.loanToValue).toBe(etherEMode.loanToValueBps / 1e4);
    expect([ether!.isBorrowingEnabled, dollars!.isBorrowingEnabled]).toEqual([true, false]);
    await expect(safe.execute([aaveBorrowCall(safe.address, usdc, 100)])).rejects.toThrow(/reverted/);
  });

  /** Sets bits of a reserve's configuration where the pool keeps it: its own setters want a market that nobody uses yet. */
  async function mark(token: Address, flags: bigint) {
    const { node } = given().devnet;
    const reservesSlot = 52n;
    const slot = keccak256(
      encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [token, reservesSlot]),
    );
    const word = await node.request<Hex>('eth_getStorageAt', [pool, slot, 'latest']);
    const marked = toHex(BigInt(word) | flags, { size: 32 });
    await node.request('anvil_setStorageAt', [pool, slot, marked]);
  }

  it('borrows in isolation what may be borrowed there, up to the ceiling of its collateral', async () => {
    const { devnet, prepared } = given();
    const { safe } = prepared;
    const hundredths = 500n;
    await mark(usdt.address, hundredths << 212n);
    await safe.supplyToAave([{ token: usdt, amount: 50_000 }]);
    await safe.execute([callOf(pool, aavePoolAbi, 'setUserUseReserveAsCollateral', [usdt.address, true])]);
    const ether = async () => (await read()).account.reserves[0]!;
    const borrow = (amount: number) => safe.execute([aaveBorrowCall(safe.address, weth, amount)]);
    expect((await ether()).isBorrowingEnabled).toBe(false);
    await expect(borrow(1)).rejects.toThrow(/reverted/);
    await devnet.transact(devnet.accounts.deployer, [
      callOf(mainnet.aavePoolConfigurator, aavePoolConfiguratorAbi, 'setBorrowableInIsolation', [
        weth.address,
        true,
      ]),
    ]);
    expect(await ether()).toMatchObject({ isBorrowingEnabled: true, borrowCapLeftRaw: 5n * 10n ** 18n });
    await expect(borrow(5.01)).rejects.toThrow(/reverted/);
    await borrow(2);
    expect((await ether()).borrowCapLeftRaw).toBe(3n * 10n ** 18n);
    await borrow(3);
    expect((await ether()).borrowCapLeftRaw).toBe(0n);
  });

  it('borrows nothing beside a siloed token, nor such a token beside another', async () => {
    const { safe } = given().prepared;
    await safe.supplyToAave([{ token: usdt, amount: 50_000 }]);
    await safe.borrowFromAave([{ token: usdc, amount: 100 }]);
    const enabled = async () =>
      (await read()).account.reserves.slice(0, 2).map(({ isBorrowingEnabled }) => isBorrowingEnabled);
    expect(await enabled()).toEqual([true, true]);
    const siloed = 1n << 62n;
    await mark(weth.address, siloed);
    expect(await enabled()).toEqual([false, true]);
    await expect(safe.execute([aaveBorrowCall(safe.address, weth, 1)])).rejects.toThrow(/reverted/);
    await given().devnet.fund(safe.address, [{ token: usdc, amount: 200 }]);
    await safe.execute(aaveRepayCalls(safe.address, usdc, 'all'));
    await safe.borrowFromAave([{ token: weth, amount: 1 }]);
    expect(await enabled()).toEqual([true, false]);
    await expect(safe.execute([aaveBorrowCall(safe.address, usdc, 1)])).rejects.toThrow(/reverted/);
  });

  it('owes at a stable rate too, where an old market still lends at one', async () => {
    const { devnet, prepared } = given();
    const { safe } = prepared;
    await devnet.transact(devnet.accounts.deployer, [
      callOf(mainnet.aavePoolConfigurator, aavePoolConfiguratorAbi, 'setReserveStableRateBorrowing', [
        usdc.address,
        true,
      ]),
    ]);
    await safe.supplyToAave([{ token: weth, amount: 10 }]);
    const stableRate = 1n;
    await safe.execute([
      callOf(pool, aavePoolAbi, 'borrow', [usdc.address, 9_000_000_000n, stableRate, 0, safe.address]),
    ]);
    const { value, account } = await read();
    expect(value).toMatchObject([
      { kind: 'spot', asset: 'base' },
      { kind: 'debt', asset: 'quote', label: 'aave v3 USDC stable debt', owedRaw: 9_000_000_000n },
    ]);
    expect(account).toMatchObject({ healthFactor: await own() });
    expect(account.reserves[1]!.debtRaw).toBe(9_000_000_000n);
  });

  it('says which reserves are frozen or paused', async () => {
    await shortOfEther();
    await configure('setReserveFreeze', weth.address);
    await configure('setReservePause', usdc.address);
    const { account } = await read();
    expect(account.reserves.map(({ isFrozen, isPaused }) => [isFrozen, isPaused])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('tells what caps still let in once an order lands, although interest fills them meanwhile', async () => {
    const { devnet, prepared } = given();
    const { safe } = prepared;
    await safe.supplyToAave([{ token: usdc, amount: 200_000 }]);
    const { seed } = devnetReserves.weth;
    await devnet.transact(devnet.accounts.deployer, [
      callOf(mainnet.aavePoolConfigurator, aavePoolConfiguratorAbi, 'setBorrowCap', [
        weth.address,
        BigInt(seed.borrowed + 10),
      ]),
      callOf(mainnet.aavePoolConfigurator, aavePoolConfiguratorAbi, 'setSupplyCap', [
        weth.address,
        BigInt(seed.supplied + 10),
      ]),
    ]);
    const [ether] = (await read()).account.reserves;
    const { timestampSeconds } = await devnet.node.head();
    await devnet.mineBlock({ timestampSeconds: timestampSeconds + 500, arbitrage: false });
    const borrow = (amount: number) => safe.execute([aaveBorrowCall(safe.address, weth, amount)]);
    const left = toWhole(ether!.borrowCapLeftRaw!, 18);
    await expect(borrow(left + 0.05)).rejects.toThrow(/reverted/);
    await borrow(left);
    const room = toWhole(ether!.supplyCapLeftRaw!, 18);
    await expect(safe.supplyToAave([{ token: weth, amount: room + 0.05 }])).rejects.toThrow(/reverted/);
    await safe.supplyToAave([{ token: weth, amount: room }]);
    expect((await read()).account.reserves[0]).toMatchObject({ borrowCapLeftRaw: 0n, supplyCapLeftRaw: 0n });
  });

  it('tells what a larger loan would cost, kink included', async () => {
    const { safe } = given().prepared;
    await safe.supplyToAave([{ token: usdc, amount: 200_000_000 }]);
    for (const amount of [15_000, 15_000]) {
      const [ether] = (await read()).account.reserves;
      const expected = borrowRateAfter(ether!, BigInt(amount) * 10n ** 18n);
      await safe.borrowFromAave([{ token: weth, amount }]);
      expect((await read()).account.reserves[0]!.borrowRate).toBeCloseTo(expected, 6);
    }
  });

  it('counts another dollar as quote where told to, at the prices of the market; leaves it out otherwise', async () => {
    const { safe } = given().prepared;
    await safe.supplyToAave([{ token: usdt, amount: 10_000 }]);
    await safe.borrowFromAave([{ token: weth, amount: 1 }]);
    await answer('usdc', 1.02);
    const without = await read();
    expect(without.value.map(({ kind }) => kind)).toEqual(['debt']);
    expect(without.account.reserves.at(-1)).toMatchObject({ asset: 'other', symbol: 'aEthUSDT' });
    const { value, account } = await read({ countAs: [{ token: usdt.address, as: 'quote' }] });
    const [, dollars] = value;
    expect(dollars).toMatchObject({ kind: 'spot', asset: 'quote', label: 'aave v3 aEthUSDT supplied' });
    if (dollars?.kind !== 'spot') throw new Error('no dollars');
    expect(Number(dollars.amountRaw) / 1e6).toBeCloseTo(10_000 / 1.02, 2);
    expect(account.healthFactor).toBe(await own());
  });

  it('costs one round once it is known, and finds the same; a new reserve costs another, once', async () => {
    await shortOfEther();
    const first = await read();
    const second = await read({}, JSON.parse(JSON.stringify(first.memory)));
    expect(second).toEqual({ ...first, rounds: 1 });
    await given().prepared.safe.supplyToAave([{ token: usdt, amount: 5_000 }]);
    const third = await read({}, second.memory);
    expect(third.rounds).toBe(2);
    expect(third.account.reserves).toHaveLength(3);
    expect(await read({}, third.memory)).toEqual({ ...third, rounds: 1 });
  });

  it('is refused where the market does not list the quote of the vault', async () => {
    const { devnet, prepared } = given();
    const at = await prepared.chain.head();
    const context = contextOf(devnet, prepared.safe.address, at);
    const vault = { ...context.vault, quote: devnetTokens.wbtc };
    await expect(
      readOne(prepared.chain, aaveV3.read(aaveV3.sample, { ...context, vault }), at),
    ).rejects.toThrow(/quote .* a token that the Aave market lists/);
  });
});
