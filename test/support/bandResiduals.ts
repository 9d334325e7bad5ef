import type { BandCosts } from '../../src/core/hedge/bands/bandCosts.ts';
import type { OptimalBand } from '../../src/core/hedge/bands/optimalBand.ts';

/** A stationary problem in base, quote and years. */
export interface ResidualProblem {
  readonly varianceRate: number;
  readonly riskRate: number;
  readonly drift: number;
  readonly gas: number;
  readonly sell: BandCosts;
  readonly buy: BandCosts;
}

const NODES = [
  0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717,
];
const WEIGHTS = [
  0.2955242247147529, 0.2692667193099963, 0.219086362515982, 0.1494513491505806, 0.0666713443086881,
];

/** Gauss-Legendre with ten nodes on each of `panels` panels. */
function integral(f: (x: number) => number, from: number, to: number, panels: number): number {
  const half = (to - from) / panels / 2;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = from + (2 * panel + 1) * half;
    NODES.forEach((node, i) => {
      sum += WEIGHTS[i]! * (f(middle - node * half) + f(middle + node * half));
    });
  }
  return sum * half;
}

/**
 * How far a band's levels and rate are from the conditions of optimality, each scaled by the size of what it compares:
 * V' follows from the rate by quadrature alone, started at the end from which errors decay.
 */
export function bandResiduals(problem: ResidualProblem, { sell, buy, costRate }: OptimalBand): number {
  const { varianceRate, riskRate, drift, gas } = problem;
  const damping = (2 * drift) / varianceRate;
  const begin = drift >= 0 ? buy.act : sell.act;
  const sold = sell.act - sell.target;
  const bought = buy.target - buy.act;
  const sellSlope = problem.sell.marginal(sold);
  const buySlope = -problem.buy.marginal(bought);
  const first = drift >= 0 ? buySlope : sellSlope;
  // V'(x) by variation of constants; V differences with the order of integration exchanged.
  const kernel = (distance: number) => Math.exp(-damping * distance);
  const repeated = (distance: number) =>
    damping === 0 ? distance : -Math.expm1(-damping * distance) / damping;
  const source = (y: number) => (2 / varianceRate) * (costRate - riskRate * y * y);
  const slope = (x: number) =>
    first * kernel(x - begin) + integral((y) => kernel(x - y) * source(y), begin, x, 24);
  const value = (x: number) =>
    first * repeated(x - begin) + integral((y) => repeated(x - y) * source(y), begin, x, 24);
  const scale = Math.max(Math.abs(sellSlope), Math.abs(buySlope));
  const slopeScale = Math.max(scale, gas / Math.max(sell.act, -buy.act));
  const valueScale = slopeScale * Math.max(sell.act, -buy.act);
  const slopes = [
    slope(sell.act) - sellSlope,
    slope(sell.target) - sellSlope,
    slope(buy.target) - buySlope,
    slope(buy.act) - buySlope,
  ];
  const values = [
    value(sell.act) - value(sell.target) - gas - problem.sell.cost(sold),
    value(buy.act) - value(buy.target) - gas - problem.buy.cost(bought),
  ];
  return Math.max(
    ...slopes.map((miss) => Math.abs(miss) / slopeScale),
    ...values.map((miss) => Math.abs(miss) / valueScale),
  );
}
