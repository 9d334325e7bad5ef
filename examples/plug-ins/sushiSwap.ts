import { addressSchema, all, BallastError, type ConstantProductPool, call, defineVenue } from 'ballast';
import { parseAbi } from 'viem';
import { z } from 'zod';

const pairAbi = parseAbi([
  'function token0() view returns (address)',
  'function token1() view returns (address)',
  'function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 updatedAt)',
]);

const config = z.strictObject({ pool: addressSchema.describe('the pair') });

/**
 * A venue: one kind of pool. This one reads a pair with the interface and the fee of Uniswap v2; `venue` says so, since the
 * account encodes a leg by it, and the HedgeModule trades such pairs as pairs of v2.
 */
export const sushiSwap = defineVenue<z.infer<typeof config>, ConstantProductPool>({
  summary: 'a SushiSwap pair: its reserves',
  verified: 'abi-only',
  config,
  sample: { pool: '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc' },
  *read({ pool }, { vault }) {
    const [token0, token1, [reserve0Raw, reserve1Raw]] = yield* all([
      call(pairAbi, pool, 'token0', []),
      call(pairAbi, pool, 'token1', []),
      call(pairAbi, pool, 'getReserves', []),
    ]);
    const pair = [token0, token1].map((token) => token.toLowerCase());
    if (![vault.base, vault.quote].every(({ address }) => pair.includes(address.toLowerCase())))
      throw new BallastError('POOL_MISMATCH', `the pair ${pool} is not of the vault's tokens`, {
        facts: { pool, token0, token1 },
        action: 'correct vaults[].venues[].pool',
      });
    if (reserve0Raw === 0n || reserve1Raw === 0n)
      return {
        value: { kind: 'empty', venue: 'uniswapV2', address: pool, why: 'the pair holds nothing' },
        memory: null,
      };
    return {
      value: {
        kind: 'constantProduct',
        venue: 'uniswapV2',
        address: pool,
        token0,
        token1,
        feeBps: 30,
        reserve0Raw,
        reserve1Raw,
      },
      memory: null,
    };
  },
});
