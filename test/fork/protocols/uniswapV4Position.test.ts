import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { positionManagerAbi } from '../../../abis/positionManager.ts';
import { uniswapV4Position } from '../../../src/adapters/protocols/index.ts';
import { maxUsableTick, minUsableTick, tickAtSqrtPrice } from '../../../src/core/amm/tickMath.ts';
import { exposureOf } from '../../../src/core/exposure/exposure.ts';
import type { Position } from '../../../src/core/position.ts';
import type { Hex } from '../../../src/core/units.ts';
import { burnV4Call, callOf, type DevnetV4Pool, devnetV4Pools, mainnet } from '../../../src/devnet/index.ts';
import { sqrtPriceOf } from '../../../src/devnet/market/market.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import { useDevnet } from '../../support/devnet.ts';
import { contextOf, openReadChain, readOne } from '../../support/vaultOnDevnet.ts';

const { ethUsdc500, usdcWeth3000 } = devnetV4Pools;
const LIQUIDITY = 10n ** 17n;

describe('Uniswap v4 positions of an account', () => {
  const given = useDevnet({ venues: ['uniswapV4'], price: 3_000 }, async (devnet) => ({
    safe: await devnet.createSafe({ mandate: null }),
    chain: await openReadChain(devnet),
  }));

  async function read(config: Partial<typeof uniswapV4Position.sample> = {}, memory?: Memory) {
    const { devnet, prepared } = given();
    const at = await prepared.chain.head();
    const context = contextOf(devnet, prepared.safe.address, at, memory);
    const settings = { ...uniswapV4Position.sample, ...config };
    const { value, rounds } = await readOne(prepared.chain, uniswapV4Position.read(settings, context), at);
    return { ...value, rounds };
  }
  /** Ticks of a range of prices, dollars per ether. */
  function rangeOf(pool: DevnetV4Pool, lower: number, upper: number, liquidity = LIQUIDITY) {
    const ticks = [lower, upper].map(
      (price) => Math.round(tickAtSqrtPrice(sqrtPriceOf(pool, price)) / pool.tickSpacing) * pool.tickSpacing,
    );
    return { tickLower: Math.min(...ticks), tickUpper: Math.max(...ticks), liquidity };
  }
  const fullRange = ({ tickSpacing }: DevnetV4Pool) => ({
    tickLower: minUsableTick(tickSpacing),
    tickUpper: maxUsableTick(tickSpacing),
    liquidity: LIQUIDITY,
  });
  /** Whole base and quote, ether counted as base, of the Safe's wallet. */
  async function wallet() {
    const { devnet, prepared } = given();
    const { weth, usdc } = devnet.tokens;
    const account = prepared.safe.address;
    const [ether, wrapped, dollars] = await Promise.all([
      devnet.node.request<Hex>('eth_getBalance', [account, 'latest']),
      devnet.node.read(weth.address, erc20Abi, 'balanceOf', [account]),
      devnet.node.read(usdc.address, erc20Abi, 'balanceOf', [account]),
    ]);
    return { base: Number(BigInt(ether) + wrapped) / 1e18, quote: Number(dollars) / 1e6 };
  }
  /** What positions are worth at a price, and the base that they come to. */
  function worth(positions: readonly Position[], spot: number) {
    const view = { spot, volatility: 0.6, rate: 0, nowSeconds: 0, baseDecimals: 18, quoteDecimals: 6 };
    const parts = positions.map((position) => exposureOf(position, view));
    const delta = parts.reduce((sum, part) => sum + part.delta, 0);
    return { base: delta, quote: parts.reduce((sum, part) => sum + part.valueQuote, 0) - delta * spot };
  }
  async function tradeAround(prices: readonly number[]) {
    for (const price of prices) await given().devnet.mineBlock({ price });
  }

  it.each([
    ['in range, of ether itself', ethUsdc500, rangeOf(ethUsdc500, 2_700, 3_300)],
    ['in range, base as token1', usdcWeth3000, rangeOf(usdcWeth3000, 2_700, 3_300)],
    ['full range', ethUsdc500, fullRange(ethUsdc500)],
    ['full range, base as token1', usdcWeth3000, fullRange(usdcWeth3000)],
    ['above the price: all base', ethUsdc500, rangeOf(ethUsdc500, 3_400, 3_800)],
    ['below the price: all quote', usdcWeth3000, rangeOf(usdcWeth3000, 2_300, 2_700)],
  ])('is what burning it pays out, fees too: %s', async (_, pool, range) => {
    const { prepared } = given();
    const id = await prepared.safe.provideV4Liquidity(pool, range);
    await tradeAround([3_200, 2_850, 3_050]);
    const { value } = await read();
    const held = worth(value, 3_050);
    const before = await wallet();
    await prepared.safe.execute([burnV4Call(pool, id, prepared.safe.address)]);
    const after = await wallet();
    expect(after.base - before.base).toBeCloseTo(held.base, 9);
    expect(after.quote - before.quote).toBeCloseTo(held.quote, 4);
    expect((await read()).value).toEqual([]);
  });

  it('earns fees while it is in the range alone', async () => {
    const { safe } = given().prepared;
    await safe.provideV4Liquidity(ethUsdc500, rangeOf(ethUsdc500, 2_700, 3_300));
    await safe.provideV4Liquidity(ethUsdc500, rangeOf(ethUsdc500, 4_000, 5_000));
    await tradeAround([3_100, 2_900, 3_000]);
    const { value } = await read();
    expect(value.map(({ kind, label }) => [kind, label.replace(/#\d+/, '#')])).toEqual([
      ['liquidity', 'uniswap v4 #'],
      ['liquidity', 'uniswap v4 #'],
      ['spot', 'uniswap v4 # fees'],
      ['spot', 'uniswap v4 # fees'],
    ]);
  });

  it('finds what is minted later by itself, and notices what was given away', async () => {
    const { safe } = given().prepared;
    const named = await safe.provideV4Liquidity(ethUsdc500, rangeOf(ethUsdc500, 2_700, 3_300));
    const config = { ids: [Number(named)], scanFrom: undefined };
    const first = await read(config);
    expect(first.value).toHaveLength(1);
    expect(await read(config, first.memory)).toEqual({ ...first, rounds: 1 });
    await safe.provideV4Liquidity(usdcWeth3000, fullRange(usdcWeth3000));
    const second = await read(config, JSON.parse(JSON.stringify(first.memory)));
    expect(second.value).toHaveLength(2);
    expect(await read(config, second.memory)).toEqual({ ...second, rounds: 1 });
    const { user } = given().devnet.accounts;
    await safe.execute([
      callOf(mainnet.positionManager, positionManagerAbi, 'transferFrom', [
        safe.address,
        user.address,
        named,
      ]),
    ]);
    expect((await read(config, second.memory)).value).toHaveLength(1);
  });

  it('is refused where there are more than were found: a delta without them would be wrong', async () => {
    const { safe } = given().prepared;
    await safe.provideV4Liquidity(ethUsdc500, rangeOf(ethUsdc500, 2_700, 3_300));
    await expect(read({ ids: [], scanFrom: undefined })).rejects.toThrow(
      /holds 1 Uniswap v4 positions, 0 are known/,
    );
  });

  it('is refused in a pool of ether where nobody said what ether counts as', async () => {
    const { safe } = given().prepared;
    await safe.provideV4Liquidity(usdcWeth3000, fullRange(usdcWeth3000));
    expect((await read({ native: undefined })).value).toHaveLength(1);
    await safe.provideV4Liquidity(ethUsdc500, fullRange(ethUsdc500));
    await expect(read({ native: undefined })).rejects.toThrow(/pool of the chain's own coin/);
    expect((await read({ native: 'ignore' })).value).toHaveLength(1);
  });
});
