import type { ContractFunctionReturnType } from 'viem';
import { z } from 'zod';
import { uniswapV3FactoryAbi } from '../../../abis/uniswapV3Factory.ts';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import type { ConcentratedPool } from '../../core/amm/pool.ts';
import { assertConsistentPool } from '../../core/amm/poolCheck.ts';
import { CorruptDataError } from '../../core/errors.ts';
import { all, known, type Read } from '../../core/read.ts';
import { emptyPool, type VaultTerms } from '../../core/snapshot.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import { defineVenue } from '../../ports/venue.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, callEach } from '../chain/index.ts';
import { rememberedAs } from '../chain/rememberedAs.ts';
import { readTokens } from './internal/pairTokens.ts';
import { PoolMismatchError } from './internal/poolMismatch.ts';
import { readTicks, type TickSource, tickMemorySchema, ticksAround } from './internal/tickReads.ts';
import { bitsOf, knownTicks, type WordWindow } from './internal/tickWords.ts';

const config = z.strictObject({
  pool: addressSchema.describe('the pool'),
  priceRange: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.6)
    .describe('how far the price may fall with the ticks still known, as a share; as far up in ratio'),
  factory: addressSchema.optional().describe('refuses a pool that this factory did not deploy'),
});
type VenueConfig = z.infer<typeof config>;

/** What never changes of a pool. */
interface PoolTerms {
  readonly token0: Address;
  readonly token1: Address;
  readonly feePips: number;
  readonly tickSpacing: number;
}

/** What is remembered of a pool: enough to ask for its whole state at once. */
interface PoolMemory extends PoolTerms {
  readonly pool: Address;
  readonly window: WordWindow;
  readonly ticks: readonly number[];
}

/**
 * A Uniswap v3 pool with its ticks around the price. With what is remembered of the last read, price, liquidity, tick
 * words and ticks come in one round; a new tick takes a second one, a price that wandered beyond the known words a
 * third.
 */
export const uniswapV3 = defineVenue<VenueConfig, ConcentratedPool>({
  summary: 'a Uniswap v3 pool: price, liquidity and the ticks around it',
  verified: 'contracts',
  config,
  sample: { pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640', priceRange: 0.6 },
  *read(settings, { vault, memory }) {
    const remembered = memoryOf(memory, settings);
    const source = ticksOf(settings.pool);
    const [terms, state, near] = yield* all([
      remembered ? known(remembered) : readTerms(settings, vault),
      readState(settings.pool),
      remembered ? readTicks(source, remembered.tickSpacing, remembered.window, remembered.ticks) : known([]),
    ]);
    if (state === null) {
      const value = emptyPool('uniswapV3', settings.pool, 'it has no price yet: nobody has initialised it');
      return { value, memory };
    }
    const { window, ticks } = yield* ticksAround(
      source,
      { tick: state.tick, tickSpacing: terms.tickSpacing, priceRange: settings.priceRange },
      remembered && { window: remembered.window, ticks: near },
    );
    const pool: ConcentratedPool = {
      kind: 'concentrated',
      venue: 'uniswapV3',
      address: settings.pool,
      token0: terms.token0,
      token1: terms.token1,
      feePips: terms.feePips,
      tickSpacing: terms.tickSpacing,
      ...state,
      ticks,
      knownTicks: knownTicks(window, terms.tickSpacing),
    };
    assertConsistentPool(pool);
    const { token0, token1, feePips, tickSpacing } = terms;
    const next: PoolMemory = {
      pool: settings.pool,
      token0,
      token1,
      feePips,
      tickSpacing,
      window,
      ticks: ticks.map(({ index }) => index),
    };
    return { value: pool, memory: next };
  },
});

/** What was remembered, null where nothing was or where it is of another pool. */
function memoryOf(memory: Memory, { pool }: VenueConfig): PoolMemory | null {
  const found = readMemory(memory);
  return found !== null && sameAddress(found.pool, pool) ? found : null;
}

const memorySchema = tickMemorySchema.extend({
  pool: addressSchema,
  token0: addressSchema,
  token1: addressSchema,
  feePips: z.int(),
  tickSpacing: z.int().positive(),
});

const readMemory = rememberedAs(memorySchema);

function* readTerms({ pool, factory }: VenueConfig, vault: VaultTerms): Read<PoolTerms> {
  const [{ token0, token1 }, feePips, tickSpacing] = yield* all([
    readTokens(pool, vault),
    call(uniswapV3PoolAbi, pool, 'fee', []),
    call(uniswapV3PoolAbi, pool, 'tickSpacing', []),
  ]);
  if (factory !== undefined) {
    const deployed = yield* call(uniswapV3FactoryAbi, factory, 'getPool', [token0, token1, feePips]);
    if (!sameAddress(deployed, pool)) {
      throw new PoolMismatchError(pool, 'was not deployed by the factory', { factory, deployed, feePips });
    }
  }
  return { token0, token1, feePips, tickSpacing };
}

/** Null where the pool has no price yet. */
function* readState(
  pool: Address,
): Read<Pick<ConcentratedPool, 'sqrtPriceX96' | 'tick' | 'liquidity'> | null> {
  const [[sqrtPriceX96, tick, , , , , unlocked], liquidity] = yield* all([
    call(uniswapV3PoolAbi, pool, 'slot0', []),
    call(uniswapV3PoolAbi, pool, 'liquidity', []),
  ]);
  if (sqrtPriceX96 === 0n && !unlocked) return null;
  if (!unlocked) throw new CorruptDataError('pool', 'locked', 'an initialised pool', { facts: { pool } });
  return { sqrtPriceX96, tick, liquidity };
}

/** Ticks as a v3 pool tells them. */
function ticksOf(pool: Address): TickSource {
  const inPool = (place: number) => ({ to: pool, args: [place] as const });
  return {
    pool,
    words: (positions) => callEach(uniswapV3PoolAbi, 'tickBitmap', positions.map(inPool), bitsOf),
    nets: (indexes) => callEach(uniswapV3PoolAbi, 'ticks', indexes.map(inPool), netOf),
  };
}

/** The net liquidity of a tick, null where it is not initialised. */
function netOf([, liquidityNet, , , , , , initialised]: ContractFunctionReturnType<
  typeof uniswapV3PoolAbi,
  'view',
  'ticks'
>): bigint | null {
  return initialised ? liquidityNet : null;
}
