import { describe, expect, it } from 'vitest';
import { quoterV2Abi } from '../../../abis/quoterV2.ts';
import { uniswapV3FactoryAbi } from '../../../abis/uniswapV3Factory.ts';
import { toRawDown, toWhole } from '../../../src/core/units.ts';
import {
  type Devnet,
  type DevnetPool,
  type DevnetPoolName,
  devnetPools,
  parsePoolSnapshot,
  readPrice,
} from '../../../src/devnet/index.ts';
import { useDevnet } from '../../support/devnet.ts';
import { hasSharedData, sharedJson } from '../../support/sharedData.ts';

/** What selling so much WETH costs against the pool's price, fee included, in basis points. */
async function saleCostBps(devnet: Devnet, pool: DevnetPool, weth: number): Promise<number> {
  const quoteToken = pool.token0.symbol === 'WETH' ? pool.token1 : pool.token0;
  const quote = {
    tokenIn: devnet.tokens.weth.address,
    tokenOut: quoteToken.address,
    amountIn: toRawDown(weth, 18),
    fee: pool.feePips,
    sqrtPriceLimitX96: 0n,
  };
  const spot = await readPrice(devnet.node, pool);
  const [received] = await devnet.node.read(devnet.addresses.quoterV2, quoterV2Abi, 'quoteExactInputSingle', [
    quote,
  ]);
  return (1 - toWhole(received, quoteToken.decimals) / weth / spot) * 10_000;
}

/** Recorded on 30 January 2026: WETH sold, and what that cost. */
const DEPTH: readonly { pool: DevnetPoolName; cost: readonly (readonly [weth: number, bps: number])[] }[] = [
  {
    pool: 'usdcWeth500',
    cost: [
      [10, 6.7],
      [100, 22.4],
      [1_000, 388],
    ],
  },
  {
    pool: 'usdcWeth3000',
    cost: [
      [10, 34.4],
      [100, 74.1],
      [1_000, 497],
    ],
  },
  {
    pool: 'wethUsdt3000',
    cost: [
      [10, 31.0],
      [100, 40.3],
      [1_000, 142],
    ],
  },
];

describe.each([3_000, 1_234.56])('liquidity made at a price of %d', (price) => {
  const get = useDevnet({ price });

  describe.each(DEPTH)('$pool', ({ pool, cost }) => {
    it.each(cost)('sells %d WETH at the real cost of %d bps, within 15 %%', async (weth, bps) => {
      const found = await saleCostBps(get().devnet, devnetPools[pool], weth);
      expect(found).toBeGreaterThan(bps * 0.85);
      expect(found).toBeLessThan(bps * 1.15);
    });
  });

  it('has all pools at one price, so that nothing can be earned between them', async () => {
    const { devnet } = get();
    for (const pool of devnet.pools) expect(await readPrice(devnet.node, pool)).toBeCloseTo(price, 6);
  });

  it.each([0.6, 1.4])('still has a market at %d of the price', async (factor) => {
    const { devnet } = get();
    await devnet.mineBlock({ price: price * factor });
    for (const pool of devnet.pools) {
      expect(await readPrice(devnet.node, pool)).toBeCloseTo(price * factor, 6);
      const impactBps = (await saleCostBps(devnet, pool, 100)) - pool.feePips / 100;
      expect(impactBps).toBeLessThan(150);
    }
  });
});

describe('pools of the devnet', () => {
  const get = useDevnet();

  it('are found by the real factory at their real addresses', async () => {
    const { devnet } = get();
    for (const { token0, token1, feePips, address } of devnet.pools) {
      const args = [token0.address, token1.address, feePips] as const;
      const found = await devnet.node.read(
        devnet.addresses.uniswapV3Factory,
        uniswapV3FactoryAbi,
        'getPool',
        args,
      );
      expect(found).toBe(address);
    }
  });
});

describe('liquidity that is withdrawn', () => {
  const get = useDevnet();

  it('leaves a thin pool, and the others as they were', async () => {
    const { devnet } = get();
    const [deep, other] = [devnetPools.usdcWeth500, devnetPools.usdcWeth3000];
    const impact = async (pool: DevnetPool) => (await saleCostBps(devnet, pool, 10)) - pool.feePips / 100;
    const before = [await impact(deep), await impact(other)] as const;
    await devnet.withdrawLiquidity(deep, 0.9);
    expect((await impact(deep)) / before[0]).toBeGreaterThan(9);
    expect(await impact(other)).toBe(before[1]);
  });

  it('can be all of it: nothing is swapped there, and the market goes on elsewhere', async () => {
    const { devnet } = get();
    await devnet.withdrawLiquidity(devnetPools.usdcWeth500, 1);
    const block = await devnet.mineBlock({ price: 2_900 });
    expect(block.refused).toEqual([]);
    const prices = await Promise.all(devnet.pools.map((pool) => readPrice(devnet.node, pool)));
    expect(prices.map(Math.round)).toEqual([3_000, 2_900, 2_900]);
  });

  it.each([0, -1, 1.1, Number.NaN])('is no share of %d', async (share) => {
    await expect(get().devnet.withdrawLiquidity(devnetPools.usdcWeth500, share)).rejects.toThrow(/share/);
  });
});

interface RecordedQuotes {
  readonly entries: Readonly<Record<string, { readonly value: number | string }>>;
}

describe.skipIf(!hasSharedData)('a pool rebuilt from a recorded one', () => {
  const folder = 'data/pools/degenbot-v3-WBTC-WETH-3000-24407242';
  /** Amounts need more digits than a double has: keep them as strings. */
  const exact = (text: string) => text.replace(/("value":\s*)(\d+)/g, '$1"$2"');
  const get = useDevnet(hasSharedData ? { pools: [parsePoolSnapshot(sharedJson(`${folder}.json`))] } : {});

  it('stands beside the pools of our own shape, which keep theirs', () => {
    expect(get().devnet.pools.map(({ name }) => name)).toEqual([
      'USDC/WETH 0.05%',
      'USDC/WETH 0.3%',
      'WETH/USDT 0.3%',
      'WBTC/WETH 0.3%',
    ]);
  });

  it('has no positions, and so nothing to withdraw', async () => {
    const withdrawal = get().devnet.withdrawLiquidity(devnetPools.wbtcWeth3000, 1);
    await expect(withdrawal).rejects.toThrow(/no liquidity that could be withdrawn/);
  });

  it('gives all 80 answers that the real quoter gave', async () => {
    const { devnet } = get();
    const { entries } = sharedJson<RecordedQuotes>(`${folder}.quotes.json`, exact);
    const answers = await Promise.all(Object.keys(entries).map((key) => quoteByKey(devnet, key)));
    expect(answers.map(String)).toEqual(Object.values(entries).map(({ value }) => String(value)));
    expect(answers).toHaveLength(80);
  });
});

/** Lowest and highest square root price: a swap that exceeds the liquidity ends there, as in the recording. */
const LOWEST = 4_295_128_740n;
const HIGHEST = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341n;

/** Asks what a recorded key such as `0xCBCd…|quoteExactInputSingle|WBTC->WETH|10` asked. */
async function quoteByKey({ node, addresses, tokens }: Devnet, key: string): Promise<bigint> {
  const [, method, direction, amountText] = key.split('|') as [string, string, string, string];
  const fromWbtc = direction === 'WBTC->WETH';
  const [tokenIn, tokenOut] = fromWbtc
    ? [tokens.wbtc.address, tokens.weth.address]
    : [tokens.weth.address, tokens.wbtc.address];
  const amount = BigInt(amountText);
  const pair = { tokenIn, tokenOut, fee: 3_000, sqrtPriceLimitX96: fromWbtc ? LOWEST : HIGHEST };
  const [answer] =
    method === 'quoteExactInputSingle'
      ? await node.read(addresses.quoterV2, quoterV2Abi, method, [{ ...pair, amountIn: amount }])
      : await node.read(addresses.quoterV2, quoterV2Abi, 'quoteExactOutputSingle', [{ ...pair, amount }]);
  return answer;
}
