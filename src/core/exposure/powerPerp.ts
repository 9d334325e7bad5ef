import { InvalidInputError } from '../errors.ts';
import type { Exposure } from '../position.ts';
import { requireAboveZero, requireAtLeastZero } from '../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../units.ts';

/** Time over which a power perp pays the whole of what its mark stands above its index: 17.5 days (Squeeth). */
export const FUNDING_PERIOD_SECONDS = 420 * 3600;

/** The index of a power perp is spot^2 over this (Squeeth). */
const INDEX_SCALE = 10_000;
const FUNDING_PERIOD_YEARS = FUNDING_PERIOD_SECONDS / SECONDS_PER_YEAR;

/** A holding of a squared power perpetual, funded in kind like Squeeth. */
export interface PowerPerpInput {
  /** Units of the perp, negative when short. */
  readonly size: number;
  /** What is left of one unit after the funding paid so far, 1 at launch. */
  readonly normalizationFactor: number;
  /** Its price over that of the index. */
  readonly markToIndex: number;
  /** Quote per base. */
  readonly spot: number;
}

/**
 * Exposure of a squared power perpetual: value is size x spot^2 x normalization factor x mark / index over 10,000 (D.
 * White, D. Robinson, Z. Koticha and others, "Everlasting options" and "Power perpetuals", 2021; the scale is Squeeth's).
 *
 * Delta and gamma hold mark / index fixed. Vega is through the volatility that the mark implies, mark / index =
 * exp(volatility^2 x funding period), and 0 where the mark is not above the index and implies none. Theta is the funding
 * at the present mark.
 *
 * @throws InvalidInputError when the size is not finite, or another number is not finite and above 0
 */
export function powerPerpExposure(input: PowerPerpInput): Exposure {
  const { size, normalizationFactor, markToIndex, spot } = input;
  if (!Number.isFinite(size)) throw new InvalidInputError('size', size, 'a finite number of units');
  requireAboveZero('normalizationFactor', normalizationFactor);
  requireAboveZero('markToIndex', markToIndex);
  requireAboveZero('spot', spot);
  const valueQuote = (size * spot * spot * normalizationFactor * markToIndex) / INDEX_SCALE + 0;
  const logMark = Math.log(markToIndex);
  const impliedVolatility = Math.sqrt(Math.max(logMark, 0) / FUNDING_PERIOD_YEARS);
  return {
    delta: (2 * valueQuote) / spot,
    gamma: (2 * valueQuote) / (spot * spot),
    vega: 2 * impliedVolatility * FUNDING_PERIOD_YEARS * valueQuote + 0,
    theta: 0 - (valueQuote * logMark) / FUNDING_PERIOD_YEARS,
    valueQuote,
  };
}

/**
 * The normalization factor after some time at one mark: it falls by (mark / index)^(-seconds / funding period).
 *
 * @throws InvalidInputError when a number is not finite and above 0, or the seconds are negative
 */
export function normalizationFactorAfter(
  { normalizationFactor, markToIndex }: Pick<PowerPerpInput, 'normalizationFactor' | 'markToIndex'>,
  seconds: number,
): number {
  requireAboveZero('normalizationFactor', normalizationFactor);
  requireAboveZero('markToIndex', markToIndex);
  requireAtLeastZero('seconds', seconds);
  return normalizationFactor * markToIndex ** (-seconds / FUNDING_PERIOD_SECONDS);
}
