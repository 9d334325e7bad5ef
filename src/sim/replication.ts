import { InvalidInputError } from '../core/errors.ts';
import { type BlackScholesInput, blackScholes } from '../core/options/blackScholes.ts';
import { requireSeries } from '../core/statistics/require.ts';

/** An option written at the first price of a path and hedged at each of its prices but the last, which is expiry. */
export interface Replication extends Omit<BlackScholesInput, 'spot'> {
  /** Options written, each on one base. */
  readonly count: number;
  /** Deltas are rounded to so many decimals before they are traded; not rounded where left out. */
  readonly deltaDecimals?: number;
}

/** The hedge at one price. */
export interface ReplicationStep {
  readonly delta: number;
  /** Base bought at this price; negative where sold. */
  readonly bought: number;
  /** What has been borrowed to hold the hedge, with interest, quote. */
  readonly cumulativeCost: number;
}

/** What holding the hedge came to. */
export interface ReplicationResult {
  readonly steps: readonly ReplicationStep[];
  /** Borrowed in the end, less what the hedge is delivered for, plus what the option paid its holder: quote at expiry. */
  readonly cost: number;
}

/**
 * Hedges a written option by buying its delta at each price of an evenly spaced path with borrowed money (J. Hull,
 * "Options, Futures, and Other Derivatives", chapter "The Greek letters").
 *
 * @param prices first at the start, last at expiry
 * @throws InvalidInputError when there are fewer than two prices, or one is not above 0
 */
export function replicate(option: Replication, prices: ArrayLike<number>): ReplicationResult {
  requireSeries('prices', prices, 2);
  const { type, strike, years, rate, count, deltaDecimals } = option;
  const periods = prices.length - 1;
  const growth = Math.exp((rate * years) / periods);
  const steps: ReplicationStep[] = [];
  let [held, borrowed] = [0, 0];
  for (let step = 0; step <= periods; step += 1) {
    const spot = prices[step]!;
    if (!(spot > 0)) throw new InvalidInputError(`prices[${step}]`, spot, 'a price above 0');
    const yearsLeft = (years * (periods - step)) / periods;
    const exact = blackScholes({ ...option, spot, years: yearsLeft }).delta;
    const delta = deltaDecimals === undefined ? exact : Number(exact.toFixed(deltaDecimals));
    const bought = delta * count - held;
    held += bought;
    borrowed = borrowed * (step === 0 ? 1 : growth) + bought * spot;
    steps.push({ delta, bought, cumulativeCost: borrowed });
  }
  const spot = prices[periods]!;
  const payoff = count * Math.max(type === 'call' ? spot - strike : strike - spot, 0);
  return { steps, cost: borrowed - held * spot + payoff };
}
