import { MAX_TICK, MIN_TICK } from '../../../core/amm/tickMath.ts';
import { CorruptDataError } from '../../../core/errors.ts';

/** One of up to four legs, as a token id holds it. */
export interface TokenIdLeg {
  /** The token that sizes are counted in. */
  readonly asset: 0 | 1;
  /** Contracts of this leg per contract of the position. */
  readonly optionRatio: number;
  readonly isLong: boolean;
  /** The token that the leg moves: 0 for a call on token0, 1 for a put on it. */
  readonly tokenType: 0 | 1;
  /** The leg that shares its collateral; its own index where none does. */
  readonly riskPartner: number;
  /** Middle of the range, a tick. */
  readonly strike: number;
  /** Ticks of the range over the tick spacing. */
  readonly width: number;
}

/** What a Panoptic token id says. */
export interface TokenId {
  /** The lowest 64 bits: pool and tick spacing together. */
  readonly poolId: bigint;
  /** First six bytes of the Uniswap pool's address, counted up where two pools share them. */
  readonly poolPattern: bigint;
  readonly tickSpacing: number;
  readonly legs: readonly TokenIdLeg[];
}

const LEG_BITS = 48n;
const POOL_BITS = 64n;
const MOST_LEGS = 4;

const bits = (word: bigint, offset: bigint, count: bigint) => (word >> offset) & ((1n << count) - 1n);

/**
 * Takes a Panoptic v1 token id apart (`contracts/types/TokenId.sol` of `panoptic-labs/panoptic-v1-core`).
 *
 * @throws CorruptDataError when it is no id that the protocol would mint: no leg, a gap between legs, a leg of width 0, a
 *   risk partner that is no leg
 */
export function decodeTokenId(id: bigint): TokenId {
  const fault = (found: string, expected: string) =>
    new CorruptDataError(`Panoptic token id ${id}`, found, expected);
  if (id < 0n || id >= 1n << 256n) throw fault('not a word', '256 bits');
  const words = Array.from({ length: MOST_LEGS }, (_, index) =>
    bits(id, POOL_BITS + LEG_BITS * BigInt(index), LEG_BITS),
  );
  const count = words.findIndex((word) => bits(word, 1n, 7n) === 0n);
  const active = count < 0 ? words : words.slice(0, count);
  if (words.slice(active.length).some((word) => word !== 0n))
    throw fault('a leg behind a gap', 'legs without gaps');
  const tickSpacing = Number(bits(id, 48n, 16n));
  if (active.length === 0) throw fault('no leg', 'at least one leg');
  if (tickSpacing === 0) throw fault('tick spacing 0', 'a tick spacing above 0');
  const legs = active.map(decodeLeg);
  for (const { width, riskPartner } of legs) {
    if (width === 0) throw fault('a leg of width 0', 'a width above 0');
    if (riskPartner >= legs.length) throw fault(`risk partner ${riskPartner}`, 'a leg of the position');
  }
  return { poolId: bits(id, 0n, POOL_BITS), poolPattern: bits(id, 0n, 48n), tickSpacing, legs };
}

function decodeLeg(word: bigint): TokenIdLeg {
  return {
    asset: bits(word, 0n, 1n) === 0n ? 0 : 1,
    optionRatio: Number(bits(word, 1n, 7n)),
    isLong: bits(word, 8n, 1n) === 1n,
    tokenType: bits(word, 9n, 1n) === 0n ? 0 : 1,
    riskPartner: Number(bits(word, 10n, 2n)),
    strike: Number(BigInt.asIntN(24, bits(word, 12n, 24n))),
    width: Number(bits(word, 36n, 12n)),
  };
}

/**
 * The ticks between which a leg's liquidity stands; half a width that is no whole number of ticks is rounded outwards at
 * the top and inwards at the bottom.
 *
 * @throws CorruptDataError when they are no ticks of the pool
 */
export function legTicks({ strike, width }: TokenIdLeg, tickSpacing: number) {
  const half = (width * tickSpacing) / 2;
  const [tickLower, tickUpper] = [strike - Math.floor(half), strike + Math.ceil(half)];
  const onGrid = tickLower % tickSpacing === 0 && tickUpper % tickSpacing === 0;
  if (!onGrid || tickLower < MIN_TICK || tickUpper > MAX_TICK) {
    throw new CorruptDataError(
      'ticks of a Panoptic leg',
      `${tickLower} to ${tickUpper}`,
      `multiples of ${tickSpacing}`,
    );
  }
  return { tickLower, tickUpper };
}

/** Raw amounts of a pool's two tokens. */
export type TokenAmounts = readonly [token0Raw: bigint, token1Raw: bigint];

/** Two amounts in one word: token0 in the lower half, token1 in the upper. */
export function decodeLeftRight(word: bigint): TokenAmounts {
  return [bits(word, 0n, 128n), bits(word, 128n, 128n)];
}
