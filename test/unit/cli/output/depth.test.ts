import { describe, expect, it } from 'vitest';
import { depthLines } from '../../../../src/cli/output/depth.ts';
import { depthJson } from '../../../../src/cli/output/depthJson.ts';
import { shortAddress } from '../../../../src/cli/output/numbers.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { type Market, marketDepth } from '../../../../src/runtime/pools/depth.ts';
import { poolOfRanges } from '../../../support/pools.ts';

const pool = (address: `0x${string}`, feePips: number, [tickLower, tickUpper]: [number, number]) => ({
  ...poolOfRanges({
    feePips,
    tickSpacing: 60,
    sqrtPriceX96: sqrtPriceAtTick(196_256),
    ranges: [{ tickLower, tickUpper, liquidity: 10n ** 18n }],
  }),
  address,
});
const market: Market = {
  vault: 'eth-calls',
  chainId: 1,
  block: 21_004_512n,
  blockHash: `0x${'ab'.repeat(32)}`,
  base: { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', symbol: 'WETH', decimals: 18 },
  quote: { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 },
  pools: [
    pool('0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640', 500, [-887_220, 887_220]),
    pool('0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8', 3_000, [195_960, 196_560]),
  ],
  feedPrices: [3_000],
  gas: {
    native: { priceQuote: 3_000, baseFeePerGasWei: 10n ** 9n, priorityFeePerGasWei: 10n ** 9n },
    gasUnits: { firstLeg: 200_000, furtherLeg: 100_000 },
  },
  missing: [],
};
const command = (words: string) => `ballast ${words}`;
const terminal = { style: plainStyle, address: shortAddress, command };
const linesOf = (changes: Partial<Market> = {}, sizes: readonly number[] = [1, 10, 100, 1_000]) =>
  depthLines(marketDepth({ ...market, ...changes }, { side: 'sell', sizes }), terminal);

describe('depth', () => {
  it.each([
    ['four sizes', [1, 10, 100, 1_000]],
    ['many sizes, small and large', [0.001, 0.5, 1, 10, 100, 1_000, 12_345, 1e6, 1e9]],
  ])('fits %s into 80 columns', (_case, sizes) => {
    expect(linesOf({}, sizes).filter((line) => line.length > 80)).toEqual([]);
  });

  it('says what is counted, from which price, and when', () => {
    const text = linesOf().join('\n');
    expect(text).toContain('eth-calls   sell WETH for USDC   chain 1   block 21,004,512');
    expect(text).toContain('median of 1 feed and 2 pools');
    expect(text).toContain('gas     1.20 USDC, 0.60 more for each further pool');
    expect(text).toContain('fee, impact and gas, from the fair price');
    expect(linesOf({ gas: null }).join('\n')).toContain('fee and impact, from the fair price');
  });

  it('aligns every row under its header', () => {
    const rows = linesOf().filter((line) => /^(pool|uniswapV3|best split {2}|saved)/.test(line));
    expect(rows).toHaveLength(11);
    expect(new Set(rows.map((line) => line.length)).size).toBe(1);
  });

  it('never shows a number for what a pool cannot fill, and says why below', () => {
    const lines = linesOf();
    const thin = lines.filter((line) => line.startsWith('uniswapV3 0x8ad5…e6D8'));
    expect(thin[0]).toMatch(/–$/);
    expect(thin[1]).toMatch(/–$/);
    const note = lines.filter((line) => line.startsWith('–'));
    expect(note).toHaveLength(1);
    expect(note[0]).toMatch(/^– {2}1,000: uniswapV3 0x8ad5…e6D8 takes [\d.]+ WETH; its liquidity ends/);
  });

  it('leaves out what one pool alone would only repeat', () => {
    const lines = linesOf({ pools: market.pools.slice(0, 1), feedPrices: [], gas: null });
    expect(lines.filter((line) => line.startsWith('pool '))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('best split');
  });

  it('names what could not be read', () => {
    const missing = [{ what: 'price 1 of the config (chainlink)', why: 'no contract there' }];
    expect(linesOf({ missing })).toContain('not read  price 1 of the config (chainlink): no contract there');
  });

  it('has the same numbers as data', () => {
    const report = marketDepth(market, { side: 'sell', sizes: [10, 1_000] });
    const json = depthJson(report) as {
      pools: { sizes: Record<string, number | null | boolean>[] }[];
      best: { bps: number; parts: unknown[] }[];
    };
    const [small, large] = json.pools[1]!.sizes;
    expect(small).toMatchObject({ filled: true, gasQuote: expect.closeTo(1.2, 9) });
    expect(large).toMatchObject({ filled: false, why: 'noLiquidity', bps: null, ownBps: null });
    const text = depthLines(report, terminal).join('\n');
    expect(text).toContain(`${(small!.bps as number).toFixed(1)}`);
    expect(text).toContain(`${json.best[0]!.bps.toFixed(1)}`);
  });
});
