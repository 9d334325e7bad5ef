import { z } from 'zod';
import { stateViewAbi } from '../../../abis/stateView.ts';
import type { ConcentratedPool } from '../../core/amm/pool.ts';
import { assertConsistentPool } from '../../core/amm/poolCheck.ts';
import { all, known } from '../../core/read.ts';
import { type Address, type Hash, sameAddress } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import { defineVenue } from '../../ports/venue.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, callEach } from '../chain/index.ts';
import { rememberedAs } from '../chain/rememberedAs.ts';
import { PoolMismatchError } from './internal/poolMismatch.ts';
import { readTicks, type TickSource, tickMemorySchema, ticksAround } from './internal/tickReads.ts';
import { bitsOf, knownTicks } from './internal/tickWords.ts';
import { NOBODY, v4KeyShape, v4PoolOf } from './internal/v4PoolKey.ts';

const config = z.strictObject({
  ...v4KeyShape,
  priceRange: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.6)
    .describe('how far the price may fall with the ticks still known, as a share; as far up in ratio'),
  poolManager: addressSchema
    .default('0x000000000004444c5dc75cB358380D2e3dE08A90')
    .describe('where all pools of v4 are; that of mainnet unless given'),
  stateView: addressSchema
    .default('0x7fFE42C4a5DEeA5b0feC41C94C136Cf115597227')
    .describe('Uniswap’s own reader of pools; that of mainnet unless given'),
});
type VenueConfig = z.infer<typeof config>;

const memorySchema = tickMemorySchema.extend({ pool: addressSchema });
type PoolMemory = z.infer<typeof memorySchema>;

const readMemory = rememberedAs(memorySchema);

/** The protocol's fee for each direction takes half of 24 bits. */
const PROTOCOL_FEE_BITS = 12;
const PROTOCOL_FEE_MASK = 2 ** PROTOCOL_FEE_BITS - 1;

/**
 * A Uniswap v4 pool with its ticks around the price, read through StateView. With what is remembered of the last read all
 * of it comes in one round.
 */
export const uniswapV4 = defineVenue<VenueConfig, ConcentratedPool>({
  summary: 'a Uniswap v4 pool: price, fees, liquidity and the ticks around it',
  verified: 'contracts',
  config,
  sample: {
    fee: 500,
    tickSpacing: 10,
    native: 'base',
    priceRange: 0.6,
    poolManager: '0x000000000004444c5dc75cB358380D2e3dE08A90',
    stateView: '0x7fFE42C4a5DEeA5b0feC41C94C136Cf115597227',
  },
  *read(settings, { vault, memory }) {
    const { stateView, fee, tickSpacing, priceRange, native } = settings;
    const { id, address, token0, token1, hooks } = v4PoolOf(settings, vault);
    const remembered = memoryOf(memory, address);
    const source = ticksOf(stateView, address, id);
    const [[sqrtPriceX96, tick, protocolFee, feePips], liquidity, near] = yield* all([
      call(stateViewAbi, stateView, 'getSlot0', [id]),
      call(stateViewAbi, stateView, 'getLiquidity', [id]),
      remembered ? readTicks(source, tickSpacing, remembered.window, remembered.ticks) : known([]),
    ]);
    if (sqrtPriceX96 === 0n) {
      throw new PoolMismatchError(address, 'is not in the PoolManager', { id, fee, tickSpacing, hooks });
    }
    const { window, ticks } = yield* ticksAround(
      source,
      { tick, tickSpacing, priceRange },
      remembered && { window: remembered.window, ticks: near },
    );
    const pool: ConcentratedPool = {
      kind: 'concentrated',
      venue: 'uniswapV4',
      address,
      token0,
      token1,
      feePips,
      protocolFeePips: {
        zeroForOne: protocolFee & PROTOCOL_FEE_MASK,
        oneForZero: protocolFee >> PROTOCOL_FEE_BITS,
      },
      ...(native === undefined ? {} : { nativeToken0: true }),
      // Without a key no account makes a leg of it: what a hook does to a swap is not known here.
      ...(hooks === NOBODY ? { v4Key: { fee, tickSpacing } } : {}),
      tickSpacing,
      sqrtPriceX96,
      tick,
      liquidity,
      ticks,
      knownTicks: knownTicks(window, tickSpacing),
    };
    assertConsistentPool(pool);
    return { value: pool, memory: { pool: address, window, ticks: ticks.map(({ index }) => index) } };
  },
});

/** What was remembered, null where nothing was or where it is of another pool. */
function memoryOf(memory: Memory, pool: Address): PoolMemory | null {
  const found = readMemory(memory);
  return found !== null && sameAddress(found.pool, pool) ? found : null;
}

/** Ticks as StateView tells them. */
function ticksOf(stateView: Address, pool: Address, id: Hash): TickSource {
  const inPool = (place: number) => ({ to: stateView, args: [id, place] as const });
  return {
    pool,
    words: (positions) => callEach(stateViewAbi, 'getTickBitmap', positions.map(inPool), bitsOf),
    nets: (indexes) => callEach(stateViewAbi, 'getTickLiquidity', indexes.map(inPool), netOf),
  };
}

/** The net liquidity of a tick, null where nothing begins or ends there. */
function netOf([gross, net]: readonly [bigint, bigint]): bigint | null {
  return gross === 0n ? null : net;
}
