import { InvalidInputError } from '../../core/errors.ts';
import { takeBestTrade } from './bestTrade.ts';
import { deliver } from './delivery.ts';
import { greeksAt, type Lattice, latticeOf, type NodeGreeks } from './lattice.ts';
import {
  type BandLevels,
  type HedgingProblem,
  type LatticePolicy,
  type LatticeSize,
  type Objective,
  requireProblem,
  type TradeCost,
} from './problem.ts';

/** What is done at a node: turns costs to come after a trade into costs to come before it. */
type Act = (stay: Float64Array, values: Float64Array, node: NodeGreeks, yearsLeft: number) => void;

/**
 * The least cost at which a written option can be hedged on a lattice, starting at its Black-Scholes delta: expected
 * variance cost along the way, and trades; what the option is worth without friction is not in it (E. Bellman, 1957, backward
 * induction over time, price and hedge). Nothing is charged for unwinding at expiry.
 *
 * @returns quote
 * @throws InvalidInputError for a problem that cannot be, and exponential utility of several expiries
 */
export function leastHedgingCost(
  problem: HedgingProblem,
  size: LatticeSize,
  objective: Objective = 'quadratic',
): number {
  requireProblem(problem, size);
  const lattice = latticeOf(problem, size);
  return induction(problem, size, lattice, objective, (stay, values, { spot }) => {
    values.set(stay);
    for (const side of ['sell', 'buy'] as const) {
      takeBestTrade(stay, values, problem[side], side, spot, problem.gasQuote, lattice.hedgeStep);
    }
  });
}

/**
 * What the same problem costs under a policy, on the same lattice and at the same decision times: never less than
 * {@link leastHedgingCost}, but for the targets lying between two hedges of the grid.
 *
 * @returns quote
 * @throws InvalidInputError for a problem that cannot be, and what the policy throws
 */
export function policyHedgingCost(
  problem: HedgingProblem,
  size: LatticeSize,
  policy: LatticePolicy,
  objective: Objective = 'quadratic',
): number {
  requireProblem(problem, size);
  const lattice = latticeOf(problem, size);
  return induction(problem, size, lattice, objective, (stay, values, greeks, yearsLeft) => {
    const { spot, delta, gamma, expiries } = greeks;
    const node = { spot, yearsLeft, bookDelta: -delta, bookGamma: -gamma, expiries };
    tradeToBand(problem, lattice, stay, values, node.bookDelta, spot, policy(node));
  });
}

/** The hedge of a grid that comes closest to neutral, where every run starts. */
function startOf({ hedges, hedgeStep }: Lattice, hedge: number): { index: number; share: number } {
  const place = (hedge - hedges[0]!) / hedgeStep;
  const index = Math.min(Math.max(Math.floor(place), 0), hedges.length - 2);
  return { index, share: place - index };
}

function between(row: Float64Array, { index, share }: { index: number; share: number }): number {
  return row[index]! + share * (row[index + 1]! - row[index]!);
}

function tradeToBand(
  problem: HedgingProblem,
  lattice: Lattice,
  stay: Float64Array,
  values: Float64Array,
  bookDelta: number,
  spot: number,
  levels: BandLevels,
): void {
  const { hedges } = lattice;
  const trade = (hedge: number, targetNetDelta: number, cost: TradeCost): number => {
    const target = Math.min(Math.max(targetNetDelta - bookDelta, hedges[0]!), hedges.at(-1)!);
    const base = Math.abs(hedge - target);
    const price = problem.gasQuote + cost.feeRate * spot * base + cost.impactQuotePerBase2 * base ** 2;
    return between(stay, startOf(lattice, target)) + price;
  };
  for (let index = 0; index < hedges.length; index += 1) {
    const hedge = hedges[index]!;
    const netDelta = hedge + bookDelta;
    if (netDelta > levels.sellAct) values[index] = trade(hedge, levels.sellTarget, problem.sell);
    else if (netDelta < levels.buyAct) values[index] = trade(hedge, levels.buyTarget, problem.buy);
    else values[index] = stay[index]!;
  }
}

function induction(
  problem: HedgingProblem,
  { decisions }: LatticeSize,
  lattice: Lattice,
  objective: Objective,
  act: Act,
): number {
  if (objective === 'exponential' && (problem.earlier ?? []).length > 0) {
    throw new InvalidInputError('objective', objective, 'quadratic for a book of several expiries');
  }
  const { stepYears, logStep, hedges } = lattice;
  const width = hedges.length;
  const spotAt = (place: number) => problem.spot * Math.exp(place * logStep);
  let next = new Float64Array((2 * decisions + 1) * width);
  let optionNext = payoffs(problem, decisions, spotAt);
  let values = new Float64Array((2 * decisions - 1) * width);
  const stay = new Float64Array(width);
  for (let time = decisions - 1; time >= 0; time -= 1) {
    const yearsLeft = (decisions - time) * stepYears;
    const option = new Float64Array(2 * time + 1);
    for (let node = 0; node <= 2 * time; node += 1) {
      // The branches of node n of a time are nodes n, n + 1 and n + 2 of the next.
      option[node] = expected(lattice, optionNext[node]!, optionNext[node + 1]!, optionNext[node + 2]!);
      const greeks = greeksAt(problem, spotAt(node - time), yearsLeft);
      if (objective === 'quadratic') stayQuadratic(problem, lattice, greeks, next, node * width, stay);
      else
        stayExponential(
          problem,
          lattice,
          greeks.spot,
          next,
          node * width,
          optionNext,
          option[node]!,
          node,
          stay,
        );
      const row = values.subarray(node * width, (node + 1) * width);
      act(stay, row, greeks, yearsLeft);
      deliver(problem, lattice, greeks.spot, yearsLeft, row);
    }
    [next, values] = [values, next];
    optionNext = option;
  }
  const start = greeksAt(problem, problem.spot, problem.years);
  return between(next.subarray(0, width), startOf(lattice, start.delta));
}

function payoffs(
  { type, strike }: HedgingProblem,
  decisions: number,
  spotAt: (place: number) => number,
): Float64Array {
  return Float64Array.from({ length: 2 * decisions + 1 }, (_, node) => {
    const spot = spotAt(node - decisions);
    return Math.max(type === 'call' ? spot - strike : strike - spot, 0);
  });
}

function expected({ up, stay, down }: Lattice, low: number, middle: number, high: number): number {
  return down * low + stay * middle + up * high;
}

/** Variance cost over the step, riskAversion / 2 x (volatility x spot x net delta)^2 dt, and the expected cost after it. */
function stayQuadratic(
  { riskAversion, volatility }: HedgingProblem,
  { hedges, stepYears, up, stay: middle, down }: Lattice,
  { spot, delta }: NodeGreeks,
  next: Float64Array,
  offset: number,
  stay: Float64Array,
): void {
  const width = hedges.length;
  const rate = 0.5 * riskAversion * (volatility * spot) ** 2 * stepYears;
  for (let index = 0; index < width; index += 1) {
    const netDelta = hedges[index]! - delta;
    const low = offset + index;
    stay[index] =
      rate * netDelta ** 2 + down * next[low]! + middle * next[low + width]! + up * next[low + 2 * width]!;
  }
}

/** Certainty equivalent under exponential utility of what hedge and option make over the step and of the cost after it. */
function stayExponential(
  { riskAversion, count }: HedgingProblem,
  { hedges, logStep, up, stay: middle, down }: Lattice,
  spot: number,
  next: Float64Array,
  offset: number,
  optionNext: Float64Array,
  option: number,
  node: number,
  stay: Float64Array,
): void {
  const width = hedges.length;
  const falls = spot * Math.expm1(-logStep);
  const rises = spot * Math.expm1(logStep);
  const [low, flat, high] = [0, 1, 2].map((branch) => count * (optionNext[node + branch]! - option));
  for (let index = 0; index < width; index += 1) {
    const hedge = hedges[index]!;
    const place = offset + index;
    // Loss of each branch: what the option gained on us, less what the hedge gained, and what is still to come.
    const a = low! - hedge * falls + next[place]!;
    const b = flat! + next[place + width]!;
    const c = high! - hedge * rises + next[place + 2 * width]!;
    const worst = Math.max(a, b, c);
    const sum =
      down * Math.exp(riskAversion * (a - worst)) +
      middle * Math.exp(riskAversion * (b - worst)) +
      up * Math.exp(riskAversion * (c - worst));
    stay[index] = worst + Math.log(sum) / riskAversion;
  }
}
