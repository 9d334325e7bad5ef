/** A band without drift whose next unit always costs the same: half widths, and the cost rate. */
export interface SymmetricBand {
  readonly act: number;
  readonly target: number;
  readonly costRate: number;
}

/** What it is computed from. */
export interface SymmetricTerms {
  /** a^2: how fast the variance of net delta grows, base^2 per year. */
  readonly varianceRate: number;
  /** c: holding x base costs c x^2 quote per year. */
  readonly riskRate: number;
  /** p: quote per base traded. */
  readonly price: number;
  /** K: quote per trade. */
  readonly gas: number;
}

const MAX_STEPS = 40;

/**
 * The stationary band for a fixed cost and a cost in proportion, without drift. With q = U - u and s = U + u the
 * conditions become c q^3 s = 6 a^2 K and c s (s^2 - q^2) = 6 a^2 p: one equation, y^8 + (p X / K) y^9 = 1 for
 * y = q / X, X^4 = 6 a^2 K / c, whose logarithm Newton's method solves from anywhere. Without gas it is the band of
 * A. Whalley and P. Wilmott (1997), without a price that of a fixed cost alone.
 */
export function symmetricBand({ varianceRate, riskRate, price, gas }: SymmetricTerms): SymmetricBand {
  const beta = (6 * varianceRate) / riskRate;
  if (gas === 0) {
    const act = Math.cbrt((beta * price) / 8);
    return { act, target: act, costRate: riskRate * act * act };
  }
  const unit = Math.sqrt(Math.sqrt(beta) * Math.sqrt(gas));
  // What does not move needs no band: so little that its root is nothing counts the same.
  if (unit === 0) return { act: 0, target: 0, costRate: 0 };
  const slope = (price / gas) * unit;
  // Exact for no price and for no gas, and between both never far off.
  let log = -Math.log1p(slope) / 9;
  for (let step = 0; step < MAX_STEPS; step++) {
    const weight = slope * Math.exp(log);
    const next = log - (8 * log + Math.log1p(weight)) / (8 + weight / (1 + weight));
    if (Math.abs(next - log) <= 1e-16) break;
    log = next;
  }
  const trade = unit * Math.exp(log);
  const sum = unit * Math.exp(-3 * log);
  const act = (sum + trade) / 2;
  const target = (beta * price) / (4 * act * sum);
  return { act, target, costRate: (riskRate * (3 * sum * sum + trade * trade)) / 12 };
}
