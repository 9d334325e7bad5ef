import { z } from 'zod';
import { uniswapV2FactoryAbi } from '../../../abis/uniswapV2Factory.ts';
import { uniswapV2PairAbi } from '../../../abis/uniswapV2Pair.ts';
import type { ConstantProductPool } from '../../core/amm/pool.ts';
import { assertConsistentPool } from '../../core/amm/poolCheck.ts';
import { all, known, type Read } from '../../core/read.ts';
import { emptyPool, type VaultTerms } from '../../core/snapshot.ts';
import { sameAddress } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import { defineVenue } from '../../ports/venue.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { type PoolTokens, readTokens } from './internal/pairTokens.ts';
import { PoolMismatchError } from './internal/poolMismatch.ts';

const config = z.strictObject({
  pool: addressSchema.describe('the pair'),
  factory: addressSchema.optional().describe('refuses a pair that this factory did not deploy'),
});
type VenueConfig = z.infer<typeof config>;

/** Every pair of Uniswap v2 takes 0.3 % of the input. */
const FEE_BPS = 30;

const memorySchema = z.object({ pool: addressSchema, token0: addressSchema, token1: addressSchema });

/** A Uniswap v2 pair: its two reserves, in one round once its tokens are known. */
export const uniswapV2 = defineVenue<VenueConfig, ConstantProductPool>({
  summary: 'a Uniswap v2 pair: its reserves',
  verified: 'contracts',
  config,
  sample: { pool: '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc' },
  *read(settings, { vault, memory }) {
    const remembered = memoryOf(memory, settings);
    const { pool } = settings;
    const [{ token0, token1 }, [reserve0Raw, reserve1Raw]] = yield* all([
      remembered ? known(remembered) : readTerms(settings, vault),
      call(uniswapV2PairAbi, pool, 'getReserves', []),
    ]);
    const next = { pool, token0, token1 };
    // Nobody has put anything in yet, or all of it was taken out.
    if (reserve0Raw === 0n || reserve1Raw === 0n)
      return { value: emptyPool('uniswapV2', pool, 'the pair holds nothing'), memory: next };
    const value: ConstantProductPool = {
      kind: 'constantProduct',
      venue: 'uniswapV2',
      address: pool,
      token0,
      token1,
      feeBps: FEE_BPS,
      reserve0Raw,
      reserve1Raw,
    };
    assertConsistentPool(value);
    return { value, memory: next };
  },
});

/** What was remembered, null where nothing was or where it is of another pair. */
function memoryOf(memory: Memory, { pool }: VenueConfig): PoolTokens | null {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.pool, pool) ? found.data : null;
}

function* readTerms({ pool, factory }: VenueConfig, vault: VaultTerms): Read<PoolTokens> {
  const { token0, token1 } = yield* readTokens(pool, vault);
  if (factory !== undefined) {
    const deployed = yield* call(uniswapV2FactoryAbi, factory, 'getPair', [token0, token1]);
    if (!sameAddress(deployed, pool)) {
      throw new PoolMismatchError(pool, 'was not deployed by the factory', { factory, deployed });
    }
  }
  return { token0, token1 };
}
