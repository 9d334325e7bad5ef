import { z } from 'zod';
import { nonfungiblePositionManagerAbi } from '../../../../abis/nonfungiblePositionManager.ts';
import { uniswapV3FactoryAbi } from '../../../../abis/uniswapV3Factory.ts';
import { uniswapV3PoolAbi } from '../../../../abis/uniswapV3Pool.ts';
import { CorruptDataError } from '../../../core/errors.ts';
import { all, type Read } from '../../../core/read.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { call, tryCall } from '../../chain/index.ts';
import { feeGrowthInsideX128, uncollectedRaw } from './feeGrowth.ts';

/** What never changes of a position's NFT, in plain JSON; `pool` is null for another pair than the vault's. */
export const positionTermsSchema = z.object({
  id: z.string().regex(/^\d+$/),
  pool: addressSchema.nullable(),
  baseIsToken0: z.boolean(),
  tickLower: z.int(),
  tickUpper: z.int(),
});
/** See {@link positionTermsSchema}. */
export type PositionTerms = z.infer<typeof positionTermsSchema>;

/** What a position holds now; null where the NFT exists no longer. */
export interface PositionState {
  readonly liquidity: bigint;
  /** Uncollected fees and withdrawn tokens not yet paid out, raw. */
  readonly owed0Raw: bigint;
  readonly owed1Raw: bigint;
}

/** Which NFT manager, and the two tokens of the pair. */
export interface NftPlace {
  readonly manager: Address;
  readonly base: Address;
  readonly quote: Address;
}

/** The terms of an NFT that is met for the first time. */
export function* readPositionTerms(id: bigint, { manager, base, quote }: NftPlace): Read<PositionTerms> {
  const [factory, position] = yield* all([
    call(nonfungiblePositionManagerAbi, manager, 'factory', []),
    call(nonfungiblePositionManagerAbi, manager, 'positions', [id]),
  ]);
  const [, , token0, token1, feePips, tickLower, tickUpper] = position;
  const baseIsToken0 = sameAddress(token0, base);
  const other = baseIsToken0 ? token1 : token0;
  const onPair = sameAddress(other, quote) && (baseIsToken0 || sameAddress(token1, base));
  const pool = onPair
    ? yield* call(uniswapV3FactoryAbi, factory, 'getPool', [token0, token1, feePips])
    : null;
  return { id: String(id), pool, baseIsToken0, tickLower, tickUpper };
}

/** What a position holds now, in one round; null where the NFT was burnt or its pair is not the vault's. */
export function* readPositionState(terms: PositionTerms, manager: Address): Read<PositionState | null> {
  const { pool, tickLower, tickUpper } = terms;
  if (pool === null) return null;
  const [position, [, tick], global0X128, global1X128, lower, upper] = yield* all([
    tryCall(nonfungiblePositionManagerAbi, manager, 'positions', [BigInt(terms.id)]),
    call(uniswapV3PoolAbi, pool, 'slot0', []),
    call(uniswapV3PoolAbi, pool, 'feeGrowthGlobal0X128', []),
    call(uniswapV3PoolAbi, pool, 'feeGrowthGlobal1X128', []),
    call(uniswapV3PoolAbi, pool, 'ticks', [tickLower]),
    call(uniswapV3PoolAbi, pool, 'ticks', [tickUpper]),
  ]);
  if (position === null) return null;
  const [, , , , , , , liquidity, last0X128, last1X128, owed0Raw, owed1Raw] = position;
  const [, , lowerOutside0X128, lowerOutside1X128, , , , lowerInitialised] = lower;
  const [, , upperOutside0X128, upperOutside1X128, , , , upperInitialised] = upper;
  if (liquidity > 0n && !(lowerInitialised && upperInitialised)) {
    throw new CorruptDataError(
      `ticks of position ${terms.id}`,
      'not initialised',
      'initialised ticks under liquidity',
    );
  }
  const owed = (put: bigint, globalX128: bigint, outside: readonly [bigint, bigint], lastX128: bigint) => {
    if (liquidity === 0n) return put;
    const below = { index: tickLower, outsideX128: outside[0] };
    const above = { index: tickUpper, outsideX128: outside[1] };
    return uncollectedRaw(put, liquidity, feeGrowthInsideX128(globalX128, tick, below, above), lastX128);
  };
  return {
    liquidity,
    owed0Raw: owed(owed0Raw, global0X128, [lowerOutside0X128, upperOutside0X128], last0X128),
    owed1Raw: owed(owed1Raw, global1X128, [lowerOutside1X128, upperOutside1X128], last1X128),
  };
}
