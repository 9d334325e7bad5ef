import { InvalidInputError } from '../errors.ts';
import type { Exposure } from '../position.ts';
import { toWhole } from '../units.ts';

/** What is owed of one token. */
export interface DebtInput {
  readonly asset: 'base' | 'quote';
  /** With interest up to now, at or above 0. */
  readonly owedRaw: bigint;
  /** Continuously compounded, per year, in the token that is owed. */
  readonly borrowRate: number;
  /** Quote per base. */
  readonly spot: number;
  readonly baseDecimals: number;
  readonly quoteDecimals: number;
}

/**
 * Exposure of a debt: less of the token that is owed, and of theta the interest that it runs up.
 *
 * @throws InvalidInputError when what is owed is negative, spot is not finite and above 0, or the rate is not finite
 */
export function debtExposure(input: DebtInput): Exposure {
  const { asset, owedRaw, borrowRate, spot, baseDecimals, quoteDecimals } = input;
  if (owedRaw < 0n) throw new InvalidInputError('owedRaw', owedRaw, 'an amount at or above 0');
  if (!(spot > 0 && Number.isFinite(spot))) {
    throw new InvalidInputError('spot', spot, 'a finite number above 0');
  }
  if (!Number.isFinite(borrowRate)) throw new InvalidInputError('borrowRate', borrowRate, 'a finite rate');
  const owed = toWhole(owedRaw, asset === 'base' ? baseDecimals : quoteDecimals);
  const valueQuote = 0 - owed * (asset === 'base' ? spot : 1);
  return {
    delta: asset === 'base' ? 0 - owed : 0,
    gamma: 0,
    vega: 0,
    theta: borrowRate * valueQuote + 0,
    valueQuote,
  };
}
