const MOD_256 = 1n << 256n;
const MOD_128 = 1n << 128n;

/** Fee growth of one token on the far side of a tick, as the pool keeps it per unit of liquidity, 128 fractional bits. */
export interface TickFeeGrowth {
  readonly index: number;
  readonly outsideX128: bigint;
}

/**
 * Fees of one token per unit of liquidity that were earned between two ticks since the pool began (Uniswap v3 Core
 * whitepaper, 2021, section 6.3). The pool counts modulo 2^256 and only differences mean anything.
 */
export function feeGrowthInsideX128(
  globalX128: bigint,
  currentTick: number,
  lower: TickFeeGrowth,
  upper: TickFeeGrowth,
): bigint {
  const below = currentTick >= lower.index ? lower.outsideX128 : globalX128 - lower.outsideX128;
  const above = currentTick < upper.index ? upper.outsideX128 : globalX128 - upper.outsideX128;
  return mod(globalX128 - below - above, MOD_256);
}

/**
 * What a position would be paid now, raw: what was put aside for it, and what its liquidity earned since.
 *
 * @param lastX128 fee growth inside its range when it was last touched
 */
export function uncollectedRaw(
  owedRaw: bigint,
  liquidity: bigint,
  insideX128: bigint,
  lastX128: bigint,
): bigint {
  const earned = (mod(insideX128 - lastX128, MOD_256) * liquidity) / MOD_128;
  return mod(owedRaw + earned, MOD_128);
}

function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}
