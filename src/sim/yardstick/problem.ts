import { InvalidInputError } from '../../core/errors.ts';
import {
  requireAboveZero,
  requireAtLeastZero,
  requireFinite,
  requireInteger,
} from '../../core/statistics/require.ts';

/** What a trade of one side costs in quote, gas apart: feeRate x spot x q + impact x q^2 for q base. */
export interface TradeCost {
  readonly feeRate: number;
  readonly impactQuotePerBase2: number;
}

/** An option of a book, written or bought. */
export interface BookOption {
  readonly type: 'call' | 'put';
  readonly strike: number;
  readonly years: number;
  /** Options written, each on one base; below 0 for bought ones. */
  readonly count: number;
}

/** A written option and what hedging it costs until it expires: the problem that a policy is measured on. */
export interface HedgingProblem {
  readonly type: 'call' | 'put';
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  /** Per year; the price moves without drift and nothing bears interest. */
  readonly volatility: number;
  /** Options written, each on one base. */
  readonly count: number;
  /** Per quote: a variance of Var per year costs riskAversion / 2 x Var. */
  readonly riskAversion: number;
  readonly gasQuote: number;
  readonly sell: TradeCost;
  readonly buy: TradeCost;
  /** What else is in the book and expires before; base is delivered at expiry, so that net delta stays as it is. */
  readonly earlier?: readonly BookOption[];
}

/** How finely the problem is cut up. */
export interface LatticeSize {
  /** Equal times at which a trade is possible, the start among them; the last is one step before expiry. */
  readonly decisions: number;
  /** Hedge sizes, from 5 % of the book beyond one end of its delta to 5 % beyond the other. */
  readonly hedges: number;
}

/** Signed net delta, base: beyond `act` trade to `target`; selling happens above, buying below. */
export interface BandLevels {
  readonly sellAct: number;
  readonly sellTarget: number;
  readonly buyAct: number;
  readonly buyTarget: number;
}

/** Gamma of all that expires at one time. */
export interface ExpiryGamma {
  readonly yearsLeft: number;
  /** Signed, base per 1.00 quote. */
  readonly gamma: number;
}

/** Where a policy is asked: a price and a time, and the book's exposure there. */
export interface PolicyNode {
  readonly spot: number;
  /** Until the last expiry. */
  readonly yearsLeft: number;
  /** Of the written book, base; negative for written calls. */
  readonly bookDelta: number;
  /** Of the written book, base per 1.00 quote: at or below 0 where everything was written. */
  readonly bookGamma: number;
  /** The parts of `bookGamma`, the last expiry first. */
  readonly expiries: readonly ExpiryGamma[];
}

/** A policy as a lattice sees it. */
export type LatticePolicy = (node: PolicyNode) => BandLevels;

/** What of the cost is counted: the variance as a rate along the way, or exponential utility of what is left in the end. */
export type Objective = 'quadratic' | 'exponential';

/** Refuses a problem, or a lattice for it, that cannot be. @throws InvalidInputError naming what is out of its range */
export function requireProblem(problem: HedgingProblem, size: LatticeSize): void {
  requireAboveZero('spot', problem.spot);
  requireAboveZero('strike', problem.strike);
  requireAboveZero('years', problem.years);
  requireAboveZero('volatility', problem.volatility);
  requireAboveZero('count', problem.count);
  requireAboveZero('riskAversion', problem.riskAversion);
  requireAtLeastZero('gasQuote', problem.gasQuote);
  for (const side of ['sell', 'buy'] as const) {
    requireAtLeastZero(`${side}.feeRate`, problem[side].feeRate);
    requireAtLeastZero(`${side}.impactQuotePerBase2`, problem[side].impactQuotePerBase2);
  }
  requireInteger('decisions', size.decisions, 2, 20_000);
  requireInteger('hedges', size.hedges, 11, 100_001);
  for (const { type } of [problem, ...(problem.earlier ?? [])]) {
    if (type !== 'call' && type !== 'put') throw new InvalidInputError('type', type, 'call or put');
  }
  for (const { strike, years, count } of problem.earlier ?? []) {
    requireAboveZero('earlier.strike', strike);
    requireFinite('earlier.count', count);
    const decision = (years / problem.years) * size.decisions;
    const isDecision = Math.abs(decision - Math.round(decision)) < 1e-9 * size.decisions;
    if (!(isDecision && decision > 0.5 && decision < size.decisions - 0.5)) {
      throw new InvalidInputError('earlier.years', years, 'the time of one of the decisions after the start');
    }
  }
}
