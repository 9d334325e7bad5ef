import { blackScholes } from '../../core/options/blackScholes.ts';
import type { BookOption, ExpiryGamma, HedgingProblem, LatticeSize } from './problem.ts';

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
  const { lowest, size } = rangeOf(optionsOf(problem));
  const hedgeStep = ((1 + 2 * BEYOND) * size) / (hedges - 1);
  return {
    stepYears,
    logStep,
    up,
    stay: 2 / 3,
    down: 1 / 3 - up,
    hedges: Float64Array.from({ length: hedges }, (_, index) => lowest - BEYOND * size + index * hedgeStep),
    hedgeStep,
  };
}

/** All options of a book, the one that expires last first. */
export function optionsOf(problem: HedgingProblem): readonly BookOption[] {
  return [problem, ...(problem.earlier ?? [])];
}

/** The hedges that deltas of these options ask for: the least, and how far it is to the most. */
function rangeOf(options: readonly BookOption[]): { lowest: number; size: number } {
  let [lowest, size] = [0, 0];
  for (const { type, count } of options) {
    lowest += Math.min(type === 'call' ? count : -count, 0);
    size += Math.abs(count);
  }
  return { lowest, size };
}

/** Price of the underlying at a node, and the hedge of the written book and what moves it there. */
export interface NodeGreeks {
  readonly spot: number;
  /** Base that makes the book neutral: minus its delta. */
  readonly delta: number;
  /** By how much that grows per 1.00 of price. */
  readonly gamma: number;
  readonly expiries: readonly ExpiryGamma[];
}

/** What Black and Scholes say of the options that are still alive, at a price and a time before the last expiry. */
export function greeksAt(problem: HedgingProblem, spot: number, yearsLeft: number): NodeGreeks {
  let [delta, gamma] = [0, 0];
  const expiries: ExpiryGamma[] = [];
  for (const { type, strike, years, count } of optionsOf(problem)) {
    const left = yearsLeft - (problem.years - years);
    if (!(left > 1e-9 * problem.years)) continue;
    const { volatility } = problem;
    const one = blackScholes({ type, spot, strike, years: left, rate: 0, dividendYield: 0, volatility });
    delta += count * one.delta;
    gamma += count * one.gamma;
    expiries.push({ yearsLeft: left, gamma: -count * one.gamma });
  }
  return { spot, delta, gamma, expiries };
}
