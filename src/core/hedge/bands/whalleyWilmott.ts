import { requireAboveZero, requireAtLeastZero, requireFinite } from '../../statistics/require.ts';

/** What {@link whalleyWilmottBand} is asked. */
export interface WhalleyWilmottInput {
  /** Quote per base. */
  readonly spot: number;
  /** Base per 1.00 of price. */
  readonly gamma: number;
  /** Cost of a trade as a share of what is traded. */
  readonly costRate: number;
  /** lambda, 1/quote. */
  readonly riskAversion: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
  /** Until the option expires. */
  readonly years: number;
}

/**
 * Half the width of the band around delta within which trading costs more than the risk it takes away, base units:
 * (3/2 e^(-rT) k S gamma^2 / lambda)^(1/3) (A. Whalley and P. Wilmott, 1997). Trades go to its edge.
 *
 * @throws InvalidInputError naming the field that is out of its domain
 */
export function whalleyWilmottBand(input: WhalleyWilmottInput): number {
  const { spot, gamma, costRate, riskAversion, rate, years } = input;
  requireAboveZero('spot', spot);
  requireFinite('gamma', gamma);
  requireAtLeastZero('costRate', costRate);
  requireAboveZero('riskAversion', riskAversion);
  requireFinite('rate', rate);
  requireAtLeastZero('years', years);
  return Math.cbrt((1.5 * Math.exp(-rate * years) * costRate * spot * gamma * gamma) / riskAversion);
}
