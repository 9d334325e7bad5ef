import { blackScholes } from '../../core/options/blackScholes.ts';
import type { HedgingProblem, LatticeSize } from './problem.ts';

/** Share of the book's size that hedges reach beyond each end of its delta. */
const BEYOND = 0.05;

/** A trinomial tree of the price without drift, and a grid of hedges. */
export interface Lattice {
  readonly stepYears: number;
  /** ln S moves by this, up or down, or stays. */
  readonly logStep: number;
  readonly up: number;
  readonly stay: number;
  readonly down: number;
  /** Hedges, base, ascending and evenly spaced. */
  readonly hedges: Float64Array;
  readonly hedgeStep: number;
}

/**
 * The tree: three branches with ln S moving by v sqrt(3 dt), the middle one with probability 2/3, the others such that the
 * price is a martingale (after P. Boyle, 1986). The logarithm's variance per step is v^2 dt up to terms of its square.
 */
export function latticeOf(problem: HedgingProblem, { decisions, hedges }: LatticeSize): Lattice {
  const stepYears = problem.years / decisions;
  const logStep = problem.volatility * Math.sqrt(3 * stepYears);
  const up = 1 / 3 / (Math.exp(logStep) + 1);
  const lowest = problem.type === 'call' ? -BEYOND : -1 - BEYOND;
  const hedgeStep = ((1 + 2 * BEYOND) * problem.count) / (hedges - 1);
  return {
    stepYears,
    logStep,
    up,
    stay: 2 / 3,
    down: 1 / 3 - up,
    hedges: Float64Array.from({ length: hedges }, (_, index) => lowest * problem.count + index * hedgeStep),
    hedgeStep,
  };
}

/** Price of the underlying, and delta, gamma and value of one option, at a node. */
export interface NodeGreeks {
  readonly spot: number;
  readonly delta: number;
  readonly gamma: number;
}

/** What Black and Scholes say at a price and time. */
export function greeksAt(problem: HedgingProblem, spot: number, yearsLeft: number): NodeGreeks {
  const { type, strike, volatility } = problem;
  const { delta, gamma } = blackScholes({
    type,
    spot,
    strike,
    years: yearsLeft,
    rate: 0,
    dividendYield: 0,
    volatility,
  });
  return { spot, delta, gamma };
}
