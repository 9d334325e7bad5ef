import { z } from 'zod';
import { uniswapV3FactoryAbi } from '../../../abis/uniswapV3Factory.ts';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import type { ConcentratedPool, TickLiquidity } from '../../core/amm/pool.ts';
import { assertConsistentPool } from '../../core/amm/poolCheck.ts';
import { BallastError, CorruptDataError } from '../../core/errors.ts';
import { all, known, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import { defineVenue } from '../../ports/venue.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import {
  covers,
  initialisedTicks,
  knownTicks,
  type WordWindow,
  widened,
  wordsAround,
  wordsIn,
} from './internal/tickWords.ts';

const config = z.strictObject({
  pool: addressSchema,
  priceRange: z
    .number()
    .min(0.01)
    .max(0.99)
    .default(0.6)
    .describe('how far the price may fall with the ticks still known, as a share; as far up in ratio'),
  factory: addressSchema.optional().describe('refuses a pool that this factory did not deploy'),
});
type VenueConfig = z.infer<typeof config>;

/** The pool of the config trades another pair than the vault, or is not the factory's. */
export class PoolMismatchError extends BallastError {
  constructor(pool: Address, what: string, facts: Readonly<Record<string, string | number>>) {
    super('POOL_MISMATCH', `pool ${pool} ${what}`, {
      facts: { pool, ...facts },
      action: "correct this venue's pool",
    });
  }
}

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
    const [terms, state, near] = yield* all([
      remembered ? known(remembered) : readTerms(settings, vault),
      readState(settings.pool),
      remembered
        ? readTicks(settings.pool, remembered.tickSpacing, remembered.window, remembered.ticks)
        : known([]),
    ]);
    const wanted = wordsAround(state.tick, terms.tickSpacing, settings.priceRange);
    const keep = remembered !== null && covers(remembered.window, wanted);
    const window = keep ? remembered.window : widened(wanted);
    const ticks = keep
      ? near
      : yield* readTicks(
          settings.pool,
          terms.tickSpacing,
          window,
          near.map(({ index }) => index),
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
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.pool, pool) ? found.data : null;
}

const memorySchema = z.object({
  pool: addressSchema,
  token0: addressSchema,
  token1: addressSchema,
  feePips: z.int(),
  tickSpacing: z.int().positive(),
  window: z.object({ lowest: z.int(), highest: z.int() }),
  ticks: z.array(z.int()),
});

function* readTerms({ pool, factory }: VenueConfig, vault: VaultTerms): Read<PoolTerms> {
  const [token0, token1, feePips, tickSpacing] = yield* all([
    call(uniswapV3PoolAbi, pool, 'token0', []),
    call(uniswapV3PoolAbi, pool, 'token1', []),
    call(uniswapV3PoolAbi, pool, 'fee', []),
    call(uniswapV3PoolAbi, pool, 'tickSpacing', []),
  ]);
  const { base, quote } = vault;
  const pair = [base.address, quote.address].map((address) => address.toLowerCase()).sort();
  if (token0.toLowerCase() !== pair[0] || token1.toLowerCase() !== pair[1]) {
    const facts = { token0, token1, base: base.address, quote: quote.address };
    throw new PoolMismatchError(pool, `does not trade ${base.symbol} against ${quote.symbol}`, facts);
  }
  if (factory !== undefined) {
    const deployed = yield* call(uniswapV3FactoryAbi, factory, 'getPool', [token0, token1, feePips]);
    if (!sameAddress(deployed, pool)) {
      throw new PoolMismatchError(pool, 'was not deployed by the factory', { factory, deployed, feePips });
    }
  }
  return { token0, token1, feePips, tickSpacing };
}

function* readState(pool: Address): Read<Pick<ConcentratedPool, 'sqrtPriceX96' | 'tick' | 'liquidity'>> {
  const [[sqrtPriceX96, tick, , , , , unlocked], liquidity] = yield* all([
    call(uniswapV3PoolAbi, pool, 'slot0', []),
    call(uniswapV3PoolAbi, pool, 'liquidity', []),
  ]);
  if (!unlocked) throw new CorruptDataError('pool', 'locked', 'an initialised pool', { facts: { pool } });
  return { sqrtPriceX96, tick, liquidity };
}

/** The initialised ticks of a window of words, ascending; in one round when `expected` holds all of them. */
function* readTicks(
  pool: Address,
  tickSpacing: number,
  window: WordWindow,
  expected: readonly number[],
): Read<readonly TickLiquidity[]> {
  const positions = wordsIn(window);
  const [words, liquidity] = yield* all([
    all(positions.map((position) => call(uniswapV3PoolAbi, pool, 'tickBitmap', [position]))),
    readNets(pool, expected),
  ]);
  const initialised = positions.flatMap((position, index) =>
    initialisedTicks(position, words[index]!, tickSpacing),
  );
  const missing = yield* readNets(
    pool,
    initialised.filter((index) => !liquidity.has(index)),
  );
  return initialised.map((index) => {
    const liquidityNet = liquidity.get(index) ?? missing.get(index);
    if (liquidityNet === undefined || liquidityNet === null) {
      throw new CorruptDataError('tick', `${index} not initialised`, 'initialised, as its bit says', {
        facts: { pool },
      });
    }
    return { index, liquidityNet };
  });
}

/** The net liquidity of ticks by index, null where a tick is not initialised; no round for none. */
function* readNets(pool: Address, indexes: readonly number[]): Read<ReadonlyMap<number, bigint | null>> {
  const ticks = yield* all(indexes.map((index) => call(uniswapV3PoolAbi, pool, 'ticks', [index])));
  return new Map(
    ticks.map(([, liquidityNet, , , , , , initialised], index) => [
      indexes[index]!,
      initialised ? liquidityNet : null,
    ]),
  );
}
