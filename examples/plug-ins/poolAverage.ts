import { addressSchema, all, BallastError, call, definePriceFeed, sqrtPriceAtTick } from 'ballast';
import { parseAbi } from 'viem';
import { z } from 'zod';

const poolAbi = parseAbi([
  'function token0() view returns (address)',
  'function observe(uint32[] secondsAgos) view returns (int56[] tickCumulatives, uint160[] secondsPerLiquidity)',
]);
const Q192 = 2n ** 192n;

const config = z.strictObject({
  pool: addressSchema.describe('a Uniswap v3 pool of the pair that is not traded on'),
  windowSeconds: z.number().int().min(60).max(86_400).describe('the price is the mean over so long'),
});

/** A price feed: here the time-weighted mean price of a Uniswap v3 pool, which the pool itself remembers. */
export const poolAverage = definePriceFeed<z.infer<typeof config>>({
  summary: 'the mean price of a Uniswap v3 pool over a window',
  verified: 'contracts',
  config,
  sample: { pool: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8', windowSeconds: 60 },
  *read({ pool, windowSeconds }, { vault, block }) {
    const [token0, [cumulatives]] = yield* all([
      call(poolAbi, pool, 'token0', []),
      call(poolAbi, pool, 'observe', [[windowSeconds, 0]]),
    ]);
    const [from, to] = cumulatives;
    if (from === undefined || to === undefined)
      throw new BallastError('CORRUPT_DATA', `the pool ${pool} observed nothing`);
    const sqrtPriceX96 = sqrtPriceAtTick(Math.round(Number(to - from) / windowSeconds));
    const squared = sqrtPriceX96 * sqrtPriceX96;
    // Raw quote per raw base: the pool prices token0 in token1.
    const isBaseFirst = token0.toLowerCase() === vault.base.address.toLowerCase();
    const [numerator, denominator] = isBaseFirst ? [squared, Q192] : [Q192, squared];
    const scale = 10 ** (vault.base.decimals - vault.quote.decimals);
    return {
      source: `poolAverage ${pool}`,
      price: (Number(numerator) / Number(denominator)) * scale,
      numerator,
      denominator,
      updatedAtSeconds: block.timestampSeconds,
      staleAfterSeconds: windowSeconds,
      fault: null,
    };
  },
});
