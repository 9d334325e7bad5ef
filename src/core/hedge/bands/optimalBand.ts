import { InvalidInputError } from '../../errors.ts';
import { requireAboveZero, requireAtLeastZero, requireFinite } from '../../statistics/require.ts';
import { type BandCosts, readCost, stretchesOf } from './bandCosts.ts';
import { reachableSize } from './beyond.ts';
import { combinedLevels, type SideLevels } from './levels.ts';
import { oneTradeLevels } from './oneTrade.ts';
import { stationaryLevels } from './stationaryLevels.ts';

/** What a band is optimal for. */
export interface OptimalBandInput {
  /** Quote per base. */
  readonly spot: number;
  /** Base per 1.00 of price; its sign makes no difference. */
  readonly gamma: number;
  /** Annualised, 1.00 = 100 %: of the total variation, jumps included. */
  readonly volatility: number;
  /** lambda, 1/quote: a variance of Var a year costs lambda/2 Var. */
  readonly riskAversion: number;
  /** What a transaction costs before anything is traded, quote. */
  readonly gasQuote: number;
  /** What selling costs: base from the vault to the pools. */
  readonly sell: BandCosts;
  /** What buying costs. */
  readonly buy: BandCosts;
  /** How net delta moves by itself (charm), base per year; 0 by default. */
  readonly deltaDrift?: number;
  /** Time to the book's gamma-weighted expiry; without it the book never ends. */
  readonly horizonYears?: number;
}

/** One side of a band, in signed net delta. */
export interface BandSide {
  /** Beyond it trading costs less than waiting; infinite where it never does. */
  readonly act: number;
  /** Where a trade from `act` ends. */
  readonly target: number;
  /** Where a trade from a net delta at or beyond `act` ends. */
  targetFrom(netDelta: number): number;
}

/** When to trade and how far: above `sell.act` sell, below `buy.act` buy. */
export interface OptimalBand {
  readonly sell: BandSide;
  readonly buy: BandSide;
  /** What risk and trading cost together for ever, quote per year; the horizon is not in it. */
  readonly costRate: number;
}

function validate({ gamma, deltaDrift = 0, horizonYears = 0, ...input }: OptimalBandInput): void {
  requireAboveZero('spot', input.spot);
  requireFinite('gamma', gamma);
  requireAboveZero('volatility', input.volatility);
  requireAboveZero('riskAversion', input.riskAversion);
  requireAtLeastZero('gasQuote', input.gasQuote);
  requireFinite('deltaDrift', deltaDrift);
  if (!(horizonYears >= 0)) throw new InvalidInputError('horizonYears', horizonYears, 'years at or above 0');
  for (const side of ['sell', 'buy'] as const) {
    const costs: Partial<BandCosts> | undefined = input[side];
    if (typeof costs?.cost !== 'function' || typeof costs.marginal !== 'function') {
      throw new InvalidInputError(side, typeof costs, '{ cost(q), marginal(q) }');
    }
    readCost(side, 'marginal', costs as BandCosts, 0);
  }
}

/** Levels in a side's own direction as signed net delta. No trade crosses what the pools can take. */
function sideOf(levels: SideLevels, costs: BandCosts, sign: 1 | -1): BandSide {
  const end = (from: number, target: number) => {
    if (!(from < Number.POSITIVE_INFINITY)) return from;
    return from - reachableSize(costs, Math.max(from - target, 0));
  };
  const signed = (level: number) => sign * level + 0;
  return {
    act: signed(levels.act),
    target: signed(Math.max(levels.target, end(levels.act, levels.target))),
    targetFrom(netDelta) {
      requireFinite('netDelta', netDelta);
      const from = Math.max(sign * netDelta, levels.act);
      const target = levels.targetFrom(from);
      return signed(Math.max(target, end(from, target)));
    },
  };
}

/**
 * The band that costs least for its risk: stationary impulse control of net delta x, which moves with the variance rate
 * a^2 = (gamma S sigma)^2 and the drift given, costs c x^2 = lambda sigma^2 S^2 / 2 x^2 a year and K + C(q) per trade of q
 * (after A. Whalley and P. Wilmott, 1999, on general costs, and V. Zakamouline, 2006, on fixed and proportional ones).
 * At the levels V'(act) = V'(target) = C'(q) and V(act) - V(target) = K + C(q). With a horizon its levels and those of a
 * last trade add up in squares. Costs may differ by side, be convex, have kinks, end, and be gains.
 *
 * @example
 * const pool = { cost: (q: number) => 1.5 * q, marginal: () => 1.5 };
 * optimalBand({ spot: 3000, gamma: 0.66, volatility: 0.7, riskAversion: 1e-6, gasQuote: 9, sell: pool, buy: pool })
 * @throws InvalidInputError naming the field that is out of its domain, a side whose costs are no numbers, or `buy` where
 * buying and selling at once gains more than its gas
 */
export function optimalBand(input: OptimalBandInput): OptimalBand {
  validate(input);
  const { spot, gamma, volatility, riskAversion, gasQuote, sell, buy, deltaDrift = 0, horizonYears } = input;
  const deviation = spot * volatility;
  const riskRate = (riskAversion * deviation * deviation) / 2;
  const stationary = stationaryLevels({
    varianceRate: (gamma * deviation) ** 2,
    riskRate,
    gas: gasQuote,
    drift: deltaDrift,
    sell,
    buy,
  });
  const levelsOf = (side: 'sell' | 'buy') => {
    if (horizonYears === undefined || horizonYears === Number.POSITIVE_INFINITY) return stationary[side];
    const riskToEnd = riskRate * horizonYears;
    const costs = input[side];
    const longest = 10 * Math.sqrt(gasQuote / riskToEnd);
    const stretches = stretchesOf((q) => readCost(side, 'marginal', costs, q), longest);
    return combinedLevels(stationary[side], oneTradeLevels({ costs, stretches, gas: gasQuote, riskToEnd }));
  };
  return {
    sell: sideOf(levelsOf('sell'), sell, 1),
    buy: sideOf(levelsOf('buy'), buy, -1),
    costRate: stationary.costRate,
  };
}
