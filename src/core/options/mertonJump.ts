import { InvalidInputError } from '../errors.ts';
import { logGamma } from '../statistics/gamma.ts';
import { requireAtLeastZero, requireFinite } from '../statistics/require.ts';
import { type BlackScholesInput, blackScholes, type OptionGreeks } from './blackScholes.ts';

/** Jumps of a price: how often, and how far the logarithm of the price moves when one comes. */
export interface JumpSizes {
  /** Expected jumps per year. */
  readonly intensity: number;
  /** Mean of the log jump; the mean jump is exp(meanLogJump + stdDevLogJump^2 / 2) - 1. */
  readonly meanLogJump: number;
  readonly stdDevLogJump: number;
}

/** A European option on a price that diffuses with `volatility` and jumps besides. */
export interface MertonJumpInput extends BlackScholesInput {
  readonly jumps: JumpSizes;
}

/** What is left out of the mixture weighs less than this. */
const NEGLIGIBLE = 1e-18;
const MOST_JUMPS = 100_000;

/** The option given a number of jumps, and how likely that number is. */
interface Term {
  /** Probability of this number of jumps. */
  readonly weight: number;
  /** Its derivative with respect to the time to expiry. */
  readonly weightByYears: number;
  /** What the jumps make of the spot, their expectation having been taken off the drift. */
  readonly factor: number;
  /** Share of the total volatility's move that a move of the diffusion's makes. */
  readonly volatilityShare: number;
  /** Derivative of the total volatility with respect to the time to expiry. */
  readonly volatilityByYears: number;
  /** Total volatility, jumps included. */
  readonly volatility: number;
}

/**
 * Price and greeks of a European option under jump diffusion (R. Merton, "Option pricing when underlying stock returns are
 * discontinuous", 1976): a mixture of Black-Scholes values over the Poisson number of jumps, with as many terms as carry
 * weight in a double. Greeks are exact derivatives of that mixture; vega, vanna and volga are with respect to the
 * volatility of the diffusion. Without jumps or time it is `blackScholes`.
 *
 * @throws InvalidInputError as `blackScholes`, and when the intensity or the spread of jumps is below 0, a number is not
 * finite, or more than 100,000 jumps are to be expected
 */
export function mertonJump(input: MertonJumpInput): OptionGreeks {
  const { jumps, years } = input;
  requireAtLeastZero('jumps.intensity', jumps.intensity);
  requireFinite('jumps.meanLogJump', jumps.meanLogJump);
  requireAtLeastZero('jumps.stdDevLogJump', jumps.stdDevLogJump);
  const withoutJumps = blackScholes(input);
  // The product is 0 for intensities near the least double too.
  if (jumps.intensity * years === 0) return withoutJumps;
  const total = { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0, charm: 0 };
  const meanJump = Math.expm1(jumps.meanLogJump + 0.5 * jumps.stdDevLogJump ** 2);
  const expected = jumps.intensity * years * Math.max(1, 1 + meanJump);
  if (!(expected <= MOST_JUMPS)) {
    throw new InvalidInputError(
      'jumps.intensity',
      jumps.intensity,
      `at most ${MOST_JUMPS} jumps to be expected`,
    );
  }
  for (const term of termsOf(input, meanJump)) addTerm(total, input, jumps.intensity * meanJump, term);
  return total;
}

/** The numbers of jumps that carry weight, under the probability of the jumps or under that with the price as numeraire. */
function* termsOf({ jumps, years, volatility }: MertonJumpInput, meanJump: number): Generator<Term> {
  const { intensity, meanLogJump, stdDevLogJump } = jumps;
  const mean = intensity * years;
  const logGrowth = meanLogJump + 0.5 * stdDevLogJump ** 2;
  const weighed = [mean, mean * (1 + meanJump)];
  const first = Math.max(0, Math.floor(Math.min(...weighed) - 10 * Math.sqrt(Math.min(...weighed)) - 1));
  const most = Math.max(...weighed);
  const last = Math.ceil(most + 12 * Math.sqrt(most) + 30);
  for (let count = first; count <= last; count++) {
    const weight = Math.exp(count * Math.log(mean) - mean - logGamma(count + 1));
    const factor = Math.exp(count * logGrowth - mean * meanJump);
    if (weight * Math.max(1, factor) < NEGLIGIBLE) continue;
    const jumpVariance = (count * stdDevLogJump ** 2) / years;
    const total = Math.sqrt(volatility ** 2 + jumpVariance);
    yield {
      weight,
      weightByYears: weight * (count / years - intensity),
      factor,
      volatility: total,
      volatilityShare: total > 0 ? volatility / total : 1,
      volatilityByYears: total > 0 ? -jumpVariance / (2 * years * total) : 0,
    };
  }
}

/** Adds one number of jumps to the mixture; `drift` is what the expected jump takes off the drift, per year. */
function addTerm(
  total: { -readonly [name in keyof OptionGreeks]: number },
  { type, spot, strike, years, rate, dividendYield }: MertonJumpInput,
  drift: number,
  term: Term,
): void {
  const { weight, weightByYears, factor, volatility, volatilityShare, volatilityByYears } = term;
  const moved = spot * factor;
  const given = blackScholes({ type, spot: moved, strike, years, rate, dividendYield, volatility });
  total.price += weight * given.price;
  total.delta += weight * factor * given.delta;
  total.gamma += weight * factor * factor * given.gamma;
  total.rho += weight * given.rho;
  total.vega += weight * volatilityShare * given.vega;
  total.vanna += weight * factor * volatilityShare * given.vanna;
  // d2 v / d sigma2 = (1 - share^2) / v.
  const bend = volatility > 0 ? (1 - volatilityShare ** 2) / volatility : 0;
  total.volga += weight * (volatilityShare ** 2 * given.volga + bend * given.vega);
  // Time runs against years: each derivative with respect to years is taken off.
  const priceByYears = -given.theta + given.vega * volatilityByYears - drift * moved * given.delta;
  total.theta -= weightByYears * given.price + weight * priceByYears;
  const deltaByYears =
    -given.charm + given.vanna * volatilityByYears - drift * (given.delta + moved * given.gamma);
  total.charm -= factor * (weightByYears * given.delta + weight * deltaByYears);
}
