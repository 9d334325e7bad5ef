import { InvalidInputError } from '../../errors.ts';
import { blackScholes, type OptionType } from '../../options/blackScholes.ts';
import { requireAboveZero, requireAtLeastZero, requireFinite } from '../../statistics/require.ts';

/** What widths and the volatility of a hedge follow from. */
export interface ZakamoulineTerms {
  /** Quote per base. */
  readonly spot: number;
  /** Base per 1.00 of price, of all that is hedged; its sign is in `position`. */
  readonly gamma: number;
  /** Until expiry. */
  readonly years: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /** Cost of a trade as a share of what is traded. */
  readonly costRate: number;
  /** lambda, 1/quote. */
  readonly riskAversion: number;
  readonly position: 'short' | 'long';
}

/** The parts of a band. */
export interface ZakamoulineWidths {
  /** Half width that is left where there is no gamma, base units. */
  readonly h0: number;
  /** Half width by gamma, base units. */
  readonly h1: number;
  /** How much the variance is taken lower for a bought option; written options have it raised by as much. */
  readonly k: number;
  /** At which the band's centre is the delta. */
  readonly modifiedVolatility: number;
}

/** A single option, and how dear it is to hedge. */
export interface ZakamoulineInput extends Omit<ZakamoulineTerms, 'gamma'> {
  readonly type: OptionType;
  /** Quote per base. */
  readonly strike: number;
}

/** The band around the delta of one option held long, base units. */
export interface ZakamoulineBand extends ZakamoulineWidths {
  readonly gamma: number;
  /** Delta at the modified volatility: the centre. */
  readonly modifiedDelta: number;
  readonly halfWidth: number;
  readonly lower: number;
  readonly upper: number;
}

function validate(terms: Omit<ZakamoulineTerms, 'gamma'>): void {
  requireAboveZero('spot', terms.spot);
  requireAboveZero('years', terms.years);
  requireFinite('rate', terms.rate);
  requireAboveZero('volatility', terms.volatility);
  requireAtLeastZero('costRate', terms.costRate);
  requireAboveZero('riskAversion', terms.riskAversion);
  if (terms.position !== 'short' && terms.position !== 'long') {
    throw new InvalidInputError('position', terms.position, 'short or long');
  }
}

/**
 * Widths and volatility of V. Zakamouline's (2006) approximation of the utility-based hedge: H0 = k / (lambda S sigma^2 T),
 * H1 = 1.12 k^0.31 T^0.05 (e^(-rT) / sigma)^0.25 (|gamma| / lambda)^0.5 and
 * K = -4.76 k^0.78 T^-0.02 (e^(-rT) / sigma)^0.25 (lambda S^2 |gamma|)^0.15. For n options with n gamma the widths are those
 * of one with n lambda, times n.
 *
 * @throws InvalidInputError naming the field out of its domain, or `costRate` where a bought option would have no variance
 */
export function zakamoulineWidths(terms: ZakamoulineTerms): ZakamoulineWidths {
  validate(terms);
  requireFinite('gamma', terms.gamma);
  const { spot, gamma, years, rate, volatility, costRate, riskAversion, position } = terms;
  const size = Math.abs(gamma);
  const discounted = (Math.exp(-rate * years) / volatility) ** 0.25;
  const h0 = costRate / (riskAversion * spot * volatility * volatility * years);
  const h1 = 1.12 * costRate ** 0.31 * years ** 0.05 * discounted * Math.sqrt(size / riskAversion);
  const k =
    -4.76 * costRate ** 0.78 * years ** -0.02 * discounted * (riskAversion * spot * spot * size) ** 0.15 + 0;
  const share = position === 'short' ? 1 - k : 1 + k;
  if (!(share > 0)) {
    throw new InvalidInputError(
      'costRate',
      costRate,
      'a cost at which a bought option keeps a variance above 0',
    );
  }
  return { h0, h1, k, modifiedVolatility: volatility * Math.sqrt(share) };
}

/**
 * The band of one option: the holding of base, for one written option (or less that, for one bought), is left alone
 * between `lower` and `upper` and brought to the nearer of both beyond.
 *
 * @throws InvalidInputError naming the field out of its domain, or `costRate` where a bought option would have no variance
 */
export function zakamoulineBand(input: ZakamoulineInput): ZakamoulineBand {
  validate(input);
  const option = { ...input, dividendYield: 0 };
  const { gamma } = blackScholes(option);
  const widths = zakamoulineWidths({ ...input, gamma });
  const { delta: modifiedDelta } = blackScholes({ ...option, volatility: widths.modifiedVolatility });
  const halfWidth = widths.h0 + widths.h1;
  const [lower, upper] = [modifiedDelta - halfWidth, modifiedDelta + halfWidth];
  return { ...widths, gamma, modifiedDelta, halfWidth, lower, upper };
}
