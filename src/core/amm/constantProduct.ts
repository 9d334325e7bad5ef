import { InvalidInputError } from '../errors.ts';

const BPS_IN_ONE = 10_000n;

/** A swap of an exact input against two reserves; amounts raw. */
export interface ConstantProductSwap {
  readonly amountInRaw: bigint;
  readonly reserveInRaw: bigint;
  readonly reserveOutRaw: bigint;
  /** Fee on the input; Uniswap v2 pairs take 30. */
  readonly feeBps: number;
}

/**
 * What a pair that keeps the product of its reserves gives for an input, fee included, raw and rounded down as the pair
 * checks it (Uniswap v2 Core whitepaper, 2020, section 3.2.1).
 *
 * @throws InvalidInputError when an amount is not above 0 or the fee is not from 0 to 9,999 bps
 */
export function constantProductOut(swap: ConstantProductSwap): bigint {
  const { amountInRaw, reserveInRaw, reserveOutRaw, feeBps } = swap;
  for (const [field, amount] of Object.entries({ amountInRaw, reserveInRaw, reserveOutRaw })) {
    if (amount <= 0n) throw new InvalidInputError(field, amount, 'an amount above 0');
  }
  if (!Number.isInteger(feeBps) || feeBps < 0 || feeBps >= 10_000) {
    throw new InvalidInputError('feeBps', feeBps, 'an integer from 0 to 9,999');
  }
  const effectiveIn = amountInRaw * (BPS_IN_ONE - BigInt(feeBps));
  return (effectiveIn * reserveOutRaw) / (reserveInRaw * BPS_IN_ONE + effectiveIn);
}
