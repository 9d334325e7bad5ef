import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lyra } from '../../src/adapters/protocols/index.ts';
import { exposureOf, totalExposure } from '../../src/core/exposure/exposure.ts';
import type { OptionPosition, Position } from '../../src/core/position.ts';
import type { BlockFacts } from '../../src/core/snapshot.ts';
import { type Address, SECONDS_PER_YEAR, type Token, toWhole } from '../../src/core/units.ts';
import type { Memory } from '../../src/ports/protocol.ts';
import { describeProtocol } from '../support/protocolSuite.ts';
import { contextOf, openReadChain, readOne, unwrap } from '../support/vaultOnDevnet.ts';
import { etherKey, type LyraMarketOnDevnet, lyraTypes, startLyraMarket } from './lyraMarket.ts';

const DAY_SECONDS = 86_400;
/** What the market's interest is by its own defaults. */
const RATE = 0.05;

let market: LyraMarketOnDevnet;
let chain: Awaited<ReturnType<typeof openReadChain>>;
let revert: () => Promise<void>;

beforeAll(async () => {
  market = await startLyraMarket();
  chain = await openReadChain(market.devnet);
  await market.open(1n, lyraTypes.longCall, 3);
  await market.open(2n, lyraTypes.longPut, 2);
  await market.open(2n, lyraTypes.shortCallBase, 2.5, 1.25);
  await market.open(3n, lyraTypes.shortCallQuote, 1, 1_500);
  await market.open(1n, lyraTypes.shortPutQuote, 4, 4_000);
});
beforeEach(async () => {
  revert = await market.devnet.snapshot();
});
afterEach(() => revert?.());
afterAll(() => market?.devnet.stop());

const token = (symbol: string, address: Address): Token => ({ symbol, address, decimals: 18 });
const config = () => ({
  registry: market.system.lyraRegistry.address,
  market: market.system.optionMarket.address,
});

function contextFor(account: Address, at: BlockFacts, memory: Memory) {
  const { baseAsset, quoteAsset } = market.system.snx;
  const context = contextOf(market.devnet, account, at, memory);
  const pair = { base: token('sETH', baseAsset.address), quote: token('sUSD', quoteAsset.address) };
  return { ...context, vault: { ...context.vault, ...pair, rate: RATE } };
}

async function read(memory?: Memory) {
  const at = await chain.head();
  const { value, rounds } = await readOne(
    chain,
    lyra.read(config(), contextFor(market.trader, at, memory)),
    at,
  );
  const options = value.value.filter((position): position is OptionPosition => position.kind === 'option');
  return { ...value, options, rounds, at };
}

/** A number of 18 decimals of either sign, as ethers gives it. */
function whole(wad: unknown): number {
  const raw = BigInt(String(wad));
  return raw < 0n ? -toWhole(-raw, 18) : toWhole(raw, 18);
}

async function spotPrice(): Promise<number> {
  return whole((await market.system.snx.exchangeRates.rateAndInvalid(etherKey))[0]);
}

const viewAt = async (at: BlockFacts) => ({
  spot: await spotPrice(),
  volatility: Number.NaN,
  rate: RATE,
  nowSeconds: at.timestampSeconds,
  baseDecimals: 18,
  quoteDecimals: 18,
});

describeProtocol('lyra', lyra as never, () => ({
  account: market.trader,
  head: () => chain.head(),
  read: (account, at, memory) => readOne(chain, lyra.read(config(), contextFor(account, at, memory)), at),
  moveOn: async () => {
    await market.open(3n, lyraTypes.longPut, 1);
    await market.setPrice(1_600);
  },
  view: () => ({
    spot: 1_742,
    nowSeconds: Math.floor(Date.now() / 1_000),
    baseDecimals: 18,
    quoteDecimals: 18,
  }),
}));

describe('positions of Lyra v1', () => {
  it('are long and short options, with the collateral of the short ones', async () => {
    const { value, options } = await read();
    expect(options.map(({ type, strike, size, settlement }) => [type, strike, size, settlement])).toEqual([
      ['call', 1_500, 3, 'quote'],
      ['put', 2_000, 2, 'quote'],
      ['call', 2_000, -2.5, 'base'],
      ['call', 2_500, -1, 'quote'],
      ['put', 1_500, -4, 'quote'],
    ]);
    const collateral = value.flatMap((one) => (one.kind === 'spot' ? [[one.asset, one.amountRaw]] : []));
    expect(collateral.map(([asset]) => asset)).toEqual(['base', 'quote', 'quote']);
    expect(collateral[0]![1]).toBe(1_250_000_000_000_000_000n);
  });

  it('each have the volatility of their own strike, which trades move', async () => {
    const { options } = await read();
    const { optionMarket } = market.system;
    for (const { strike, impliedVolatility } of options) {
      const strikeId = { 1500: 1, 2000: 2, 2500: 3 }[strike]!;
      const [{ skew }, { iv }] = await optionMarket.getStrikeAndBoard(strikeId);
      expect(impliedVolatility).toBeCloseTo(whole(iv) * whole(skew), 14);
    }
    const ofCall = async () => (await read()).options[0]!.impliedVolatility!;
    const before = await ofCall();
    await market.open(1n, lyraTypes.longCall, 5);
    expect(await ofCall()).toBeGreaterThan(before);
  });

  it('are refused in a vault of another pair', async () => {
    const at = await chain.head();
    const context = contextOf(market.devnet, market.trader, at);
    const [outcome] = await chain.read([lyra.read(config(), context)], at);
    expect(() => unwrap(outcome)).toThrow(/is not a market of WETH in USDC/);
  });

  it('are gone once they are closed', async () => {
    const { optionMarket, optionToken } = market.system;
    const [first] = await optionToken.getOwnerPositions(market.trader);
    const close = { strikeId: first.strikeId, positionId: first.positionId, iterations: 1 };
    const whole = { optionType: first.optionType, amount: first.amount, setCollateralTo: 0 };
    const bounds = { minTotalCost: 0, maxTotalCost: 2n ** 255n, rewardBeneficiary: market.trader };
    await market.send(optionMarket, 'closePosition', [{ ...close, ...whole, ...bounds }]);
    expect((await read()).options).toHaveLength(4);
  });
});

describe('collateral of written Lyra options', () => {
  it.each([1_742, 1_400, 2_400])('is asked for as the market itself does, at %d', async (price) => {
    await market.setPrice(price);
    const { margin, options } = await read();
    const { optionGreekCache, optionToken } = market.system;
    const tokens = (await optionToken.getOwnerPositions(market.trader)).filter(
      (one: { optionType: number }) => one.optionType >= lyraTypes.shortCallBase,
    );
    const spot = (await market.system.snx.exchangeRates.rateAndInvalid(etherKey))[0];
    const shorts = options.filter(({ size }) => size < 0);
    expect(margin?.written).toHaveLength(3);
    for (const [index, one] of tokens.entries()) {
      const { lockedRaw, requiredRaw } = margin!.written![index]!;
      const { strike, expirySeconds } = shorts[index]!;
      const strikeRaw = BigInt(strike) * 10n ** 18n;
      const least = await optionGreekCache.getMinCollateral(
        one.optionType,
        strikeRaw,
        expirySeconds,
        spot,
        one.amount,
      );
      expect(Number(requiredRaw) / Number(BigInt(String(least)))).toBeCloseTo(1, 11);
      const isLiquidatable = await optionToken.canLiquidate(one, expirySeconds, strikeRaw, spot);
      expect(lockedRaw < requiredRaw!).toBe(isLiquidatable);
    }
  });
});

describe('our greeks against the greek cache of the market', () => {
  /** The market's own volatility of a strike, averaged as its cache does. */
  async function cachedVolatility(boardId: bigint, strikeId: unknown): Promise<number> {
    const { optionGreekCache } = market.system;
    const { optionValueIvGWAVPeriod, optionValueSkewGWAVPeriod } =
      await optionGreekCache.getGreekCacheParams();
    const iv = await optionGreekCache.getIvGWAV(boardId, optionValueIvGWAVPeriod);
    const skew = await optionGreekCache.getSkewGWAV(strikeId, optionValueSkewGWAVPeriod);
    return whole((BigInt(String(iv)) * BigInt(String(skew))) / 10n ** 18n);
  }

  /** How the market makes vegas of different expiries comparable: over the square root of whole days, at least 7. */
  function standardVegaFactor(secondsLeft: number): number {
    const days = Math.floor(Math.max(secondsLeft, 7 * DAY_SECONDS) / DAY_SECONDS);
    return Math.sqrt(30 / days) / 100;
  }

  it.each([
    [1_742.01337, 0],
    [900, 0],
    [3_400, 3 * DAY_SECONDS],
    [1_500, 20 * DAY_SECONDS],
    [2_010, 27 * DAY_SECONDS],
    [1_499, 28 * DAY_SECONDS - 3_600],
  ])('agree in price, delta and vega at %d after %d seconds', async (price, seconds) => {
    await market.setPrice(price);
    if (seconds > 0) await market.pass(seconds);
    const { optionGreekCache } = market.system;
    const [board] = await market.boards();
    await market.send(optionGreekCache, 'updateBoardCachedGreeks', [board]);
    const { timestampSeconds: nowSeconds } = await chain.head();
    const { expiry, strikes } = await optionGreekCache.getOptionBoardCache(board);
    const expirySeconds = Number(expiry);
    expect(strikes).toHaveLength(3);
    for (const strikeId of strikes) {
      const { strikePrice, greeks } = await optionGreekCache.getStrikeCache(strikeId);
      const impliedVolatility = await cachedVolatility(board!, strikeId);
      const exposure = (type: 'call' | 'put') =>
        exposureOf(
          {
            kind: 'option',
            label: type,
            type,
            strike: whole(strikePrice),
            expirySeconds,
            size: 1,
            settlementPrice: null,
            impliedVolatility,
          },
          {
            spot: price,
            volatility: Number.NaN,
            rate: RATE,
            nowSeconds,
            baseDecimals: 18,
            quoteDecimals: 18,
          },
        );
      const [ourCall, ourPut] = [exposure('call'), exposure('put')];
      const secondsLeft = expirySeconds - nowSeconds;
      expect(ourCall.valueQuote / price).toBeCloseTo(whole(greeks.callPrice) / price, 14);
      expect(ourPut.valueQuote / price).toBeCloseTo(whole(greeks.putPrice) / price, 14);
      expect(ourCall.delta).toBeCloseTo(whole(greeks.callDelta), 14);
      expect(ourPut.delta).toBeCloseTo(whole(greeks.putDelta), 14);
      const standardVega = ourCall.vega * standardVegaFactor(secondsLeft);
      expect(standardVega / price).toBeCloseTo(whole(greeks.stdVega) / price, 14);
    }
  });

  it('add up to the net delta that the market sees of its traders', async () => {
    const { optionGreekCache } = market.system;
    const [board] = await market.boards();
    await market.send(optionGreekCache, 'updateBoardCachedGreeks', [board]);
    const { options, at } = await read();
    const priced: Position[] = [];
    for (const option of options) {
      const strikeId = { 1500: 1, 2000: 2, 2500: 3 }[option.strike]!;
      priced.push({ ...option, impliedVolatility: await cachedVolatility(board!, strikeId) });
    }
    const { delta, valueQuote } = totalExposure(priced, await viewAt(at));
    expect(delta).toBeCloseTo(whole(await optionGreekCache.getGlobalNetDelta()), 11);
    const { netGreeks } = await optionGreekCache.getGlobalCache();
    expect(valueQuote).toBeCloseTo(whole(netGreeks.netOptionValue), 8);
  });

  it('are those of the market’s own surface where nobody has traded on it yet', async () => {
    await market.addBoard({
      expiresIn: 45 * DAY_SECONDS,
      baseIV: '0.8',
      strikePrices: ['1600', '1900'],
      skews: ['0.95', '1.05'],
    });
    const boards = await market.boards();
    const { optionGreekCache, optionMarket } = market.system;
    const board = boards[1]!;
    const [strikeId] = await optionMarket.getBoardStrikes(board);
    const { greeks } = await optionGreekCache.getStrikeCache(strikeId);
    const { updatedAt, expiry } = await optionGreekCache.getOptionBoardCache(board);
    const secondsLeft = Number(expiry) - Number(updatedAt);
    expect(secondsLeft / SECONDS_PER_YEAR).toBeCloseTo(45 / 365, 6);
    await market.open(BigInt(String(strikeId)), lyraTypes.longCall, 0.0001);
    const { options } = await read();
    const option = options.find(({ strike }) => strike === 1_600)!;
    expect(option.impliedVolatility).toBeCloseTo(0.8 * 0.95, 5);
    const view = { ...(await viewAt(await chain.head())), nowSeconds: Number(updatedAt) };
    const { delta } = exposureOf({ ...option, size: 1, impliedVolatility: 0.76 }, view);
    expect(delta).toBeCloseTo(whole(greeks.callDelta), 12);
  });
});

describe('Lyra options after their expiry', () => {
  const settled = async (price: number) => {
    await market.pass(28 * DAY_SECONDS + 60);
    await market.setPrice(price);
    const [board] = await market.boards();
    await market.send(market.system.optionMarket, 'settleExpiredBoard', [board]);
  };

  it('are worth what settling at the present price would make them, until the board is settled', async () => {
    await market.pass(28 * DAY_SECONDS + 60);
    await market.setPrice(2_200);
    const { options, at } = await read();
    const view = await viewAt(at);
    expect(options.map((option) => exposureOf(option, view).valueQuote)).toEqual(
      [2_100, 0, -500, 0, 0].map((n) => n + 0),
    );
  });

  it.each([2_200, 1_300, 2_700])('are what they can be redeemed for once it is, at %d', async (price) => {
    await settled(price);
    const { value, options, margin } = await read();
    expect(options).toEqual([]);
    expect(margin).toBeUndefined();
    const sums = { base: 0n, quote: 0n };
    for (const one of value) if (one.kind === 'spot') sums[one.asset] += one.amountRaw;
    const { optionToken, shortCollateral, snx } = market.system;
    const balances = async () =>
      Promise.all(
        [snx.baseAsset, snx.quoteAsset].map(async (asset) =>
          BigInt(String(await asset.balanceOf(market.trader))),
        ),
      );
    const before = await balances();
    const tokens = await optionToken.getOwnerPositions(market.trader);
    const ids = tokens.map(({ positionId }: { positionId: unknown }) => positionId);
    await market.send(shortCollateral, 'settleOptions', [ids]);
    const after = await balances();
    expect({ base: after[0]! - before[0]!, quote: after[1]! - before[1]! }).toEqual(sums);
    expect((await read()).value).toEqual([]);
  });
});
