import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_TICKS, parseRecordedPool, recordedPoolJson } from '../../../../src/core/amm/recordedPool.ts';
import { concentratedPools, magnitudes } from '../../../support/arbitraryPools.ts';

const usdc = { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 } as const;
const weth = { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', symbol: 'WETH', decimals: 18 } as const;

const records = fc
  .record({ pool: concentratedPools, gross: fc.option(magnitudes(100)), block: fc.option(fc.nat()) })
  .map(({ pool, gross, block }) => ({
    chainId: 1,
    block: block === null ? null : BigInt(block),
    blockHash: null,
    token0: usdc,
    token1: weth,
    balance0Raw: gross,
    balance1Raw: null,
    pool: {
      ...pool,
      ticks: pool.ticks.map((tick) => ({ ...tick, liquidityGross: gross })),
      knownTicks: ALL_TICKS,
    },
  }));

const [sample] = fc.sample(records, { numRuns: 1, seed: 7 });
const json = recordedPoolJson(sample!);

describe('a recorded pool', () => {
  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(records, (recorded) => {
        const text = JSON.stringify(recordedPoolJson(recorded));
        expect(parseRecordedPool(JSON.parse(text))).toEqual(recorded);
      }),
    );
  });

  it('may leave out when and where it was made, and what it held', () => {
    const { chainId, block, balance0, ...rest } = json;
    expect(parseRecordedPool(rest)).toMatchObject({ chainId: null, block: null, balance0Raw: null });
  });

  it.each([
    ['that is no object', null, /integer/],
    ['without a pool', { ...json, pool: undefined }, /pool/],
    ['with a short address', { ...json, pool: '0x12' }, /40 hexadecimal digits/],
    ['without ticks', { ...json, ticks: undefined }, /ticks.*list/],
    ['with a tick that is no integer', { ...json, ticks: [{ tick: 1.5 }] }, /integer/],
    [
      'whose token has no decimals',
      { ...json, token0: { ...usdc, decimals: undefined } },
      /token0\.decimals/,
    ],
    ['whose token has no symbol', { ...json, token1: { ...weth, symbol: 3 } }, /token1\.symbol/],
    ['with another active liquidity', { ...json, liquidity: '7' }, /liquidity/],
    ['with half of its ticks', { ...json, ticks: (json.ticks as unknown[]).slice(1) }, /liquidity/],
    ['whose price is not at its tick', { ...json, tick: Number(json.tick) + 5 }, /sqrtPriceX96/],
  ])('%s is refused', (_case, record, message) => {
    expect(() => parseRecordedPool(record)).toThrow(message);
  });
});
