import { encodeAbiParameters, keccak256, parseAbiParameters, sliceHex } from 'viem';
import { z } from 'zod';
import { positionManagerAbi } from '../../../../abis/positionManager.ts';
import { stateViewAbi } from '../../../../abis/stateView.ts';
import { InvalidInputError } from '../../../core/errors.ts';
import { all, type Read } from '../../../core/read.ts';
import { type Address, type Hash, sameAddress } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { call } from '../../chain/index.ts';
import { uncollectedRaw } from './feeGrowth.ts';

/** What never changes of a v4 position's NFT, in plain JSON; `pool` is null for another pair than the vault's. */
export const v4PositionTermsSchema = z.object({
  id: z.string().regex(/^\d+$/),
  poolId: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
  pool: addressSchema.nullable(),
  baseIsToken0: z.boolean(),
  tickLower: z.int(),
  tickUpper: z.int(),
});
/** See {@link v4PositionTermsSchema}. */
export type V4PositionTerms = z.infer<typeof v4PositionTermsSchema>;

/** What a position holds now, raw. */
export interface V4PositionState {
  readonly liquidity: bigint;
  readonly owed0Raw: bigint;
  readonly owed1Raw: bigint;
}

/** Where positions are, and which tokens they are looked for in. */
export interface V4Place {
  readonly positionManager: Address;
  readonly stateView: Address;
  readonly base: Address;
  readonly quote: Address;
  /** What the chain's own coin counts as; undefined = nobody said. */
  readonly native?: 'base' | 'quote' | 'ignore' | undefined;
}

const NATIVE: Address = '0x0000000000000000000000000000000000000000';
/** Lowest bit of a hook's address: it may change what withdrawing pays. */
const TAKES_FROM_WITHDRAWALS = 1n;
const TICK_BITS = 24;
const TICK_LOWER_AT = 8n;
const TICK_UPPER_AT = 32n;

/**
 * The terms of an NFT that is met for the first time.
 *
 * @throws InvalidInputError (in the read) where its pool is of the chain's own coin and nobody said what that counts as, or
 * its hook may take from what is withdrawn
 */
export function* readV4PositionTerms(id: bigint, place: V4Place): Read<V4PositionTerms> {
  const [key, info] = yield* call(positionManagerAbi, place.positionManager, 'getPoolAndPositionInfo', [id]);
  const { currency0, currency1, fee, tickSpacing, hooks } = key;
  const poolId = keccak256(
    encodeAbiParameters(parseAbiParameters('address, address, uint24, int24, address'), [
      currency0,
      currency1,
      fee,
      tickSpacing,
      hooks,
    ]),
  );
  const sides = [sideOf(currency0, id, place), sideOf(currency1, id, place)];
  const onPair = sides.includes('base') && sides.includes('quote');
  if (onPair && (BigInt(hooks) & TAKES_FROM_WITHDRAWALS) === 1n) {
    throw new InvalidInputError(
      `uniswap v4 position ${id}`,
      `a pool with the hook ${hooks}, which may take from what is withdrawn`,
      'a pool whose positions are worth their liquidity: hold it in an account of its own',
    );
  }
  return {
    id: String(id),
    poolId,
    pool: onPair ? sliceHex(poolId, 12) : null,
    baseIsToken0: sides[0] === 'base',
    tickLower: tickAt(info, TICK_LOWER_AT),
    tickUpper: tickAt(info, TICK_UPPER_AT),
  };
}

/** What a position holds now, in one round: nothing where its pair is not the vault's. */
export function* readV4PositionState(
  { id, poolId, pool, tickLower, tickUpper }: V4PositionTerms,
  { positionManager, stateView }: V4Place,
): Read<V4PositionState> {
  if (pool === null) return { liquidity: 0n, owed0Raw: 0n, owed1Raw: 0n };
  const salt: Hash = `0x${BigInt(id).toString(16).padStart(64, '0')}`;
  const [[liquidity, last0X128, last1X128], [inside0X128, inside1X128]] = yield* all([
    call(stateViewAbi, stateView, 'getPositionInfo', [poolId, positionManager, tickLower, tickUpper, salt]),
    call(stateViewAbi, stateView, 'getFeeGrowthInside', [poolId, tickLower, tickUpper]),
  ]);
  return {
    liquidity,
    owed0Raw: uncollectedRaw(0n, liquidity, inside0X128, last0X128),
    owed1Raw: uncollectedRaw(0n, liquidity, inside1X128, last1X128),
  };
}

function sideOf(currency: Address, id: bigint, place: V4Place): 'base' | 'quote' | null {
  if (sameAddress(currency, place.base)) return 'base';
  if (sameAddress(currency, place.quote)) return 'quote';
  if (currency !== NATIVE) return null;
  if (place.native === undefined) {
    throw new InvalidInputError(
      'native',
      `nothing, but position ${id} is in a pool of the chain's own coin`,
      'base, quote or ignore',
    );
  }
  return place.native === 'ignore' ? null : place.native;
}

/** Position info packs both ticks, each as a signed number of 24 bits. */
function tickAt(info: bigint, from: bigint): number {
  return Number(BigInt.asIntN(TICK_BITS, info >> from));
}
