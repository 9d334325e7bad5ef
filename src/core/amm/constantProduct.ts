import { InvalidInputError } from '../errors.ts';

const BPS_IN_ONE = 10_000n;

/** The two sides of a pair as a swap sees them; amounts raw. */
export interface PairReserves {
  readonly reserveInRaw: bigint;
  readonly reserveOutRaw: bigint;
  /** Fee on the input; Uniswap v2 pairs take 30. */
  readonly feeBps: number;
}

/** A swap of an exact input against two reserves. */
export interface ConstantProductSwap extends PairReserves {
  readonly amountInRaw: bigint;
}

/** A swap for an exact output against two reserves. */
export interface ConstantProductPurchase extends PairReserves {
  readonly amountOutRaw: bigint;
}

/**
 * What a pair that keeps the product of its reserves gives for an input, fee included, raw and rounded down as the pair
 * checks it (Uniswap v2 Core whitepaper, 2020, section 3.2.1).
 *
 * @throws InvalidInputError when an amount is not above 0 or the fee is not from 0 to 9,999 bps
 */
export function constantProductOut(swap: ConstantProductSwap): bigint {
  const { amountInRaw, reserveInRaw, reserveOutRaw, feeBps } = swap;
  requirePositive({ amountInRaw });
  requireReserves(swap);
  const effectiveIn = amountInRaw * (BPS_IN_ONE - BigInt(feeBps));
  return (effectiveIn * reserveOutRaw) / (reserveInRaw * BPS_IN_ONE + effectiveIn);
}

/**
 * What a pair asks for an output, fee included, raw: the quotient and one more, as Uniswap v2's router does, which is
 * one unit more than the pair insists on where the division leaves nothing.
 *
 * @returns null where the pair does not hold more than the output
 * @throws InvalidInputError when an amount is not above 0 or the fee is not from 0 to 9,999 bps
 */
export function constantProductIn(purchase: ConstantProductPurchase): bigint | null {
  const { amountOutRaw, reserveInRaw, reserveOutRaw, feeBps } = purchase;
  requirePositive({ amountOutRaw });
  requireReserves(purchase);
  if (amountOutRaw >= reserveOutRaw) return null;
  const kept = BPS_IN_ONE - BigInt(feeBps);
  return (reserveInRaw * amountOutRaw * BPS_IN_ONE) / ((reserveOutRaw - amountOutRaw) * kept) + 1n;
}

/**
 * Checks the two sides of a pair.
 *
 * @throws InvalidInputError when a reserve is not above 0 or the fee is not from 0 to 9,999 bps
 */
export function requireReserves({ reserveInRaw, reserveOutRaw, feeBps }: PairReserves): void {
  requirePositive({ reserveInRaw, reserveOutRaw });
  if (!Number.isInteger(feeBps) || feeBps < 0 || feeBps >= 10_000) {
    throw new InvalidInputError('feeBps', feeBps, 'an integer from 0 to 9,999');
  }
}

function requirePositive(amounts: Readonly<Record<string, bigint>>): void {
  for (const [field, value] of Object.entries(amounts)) {
    if (value <= 0n) throw new InvalidInputError(field, value, 'an amount above 0');
  }
}
