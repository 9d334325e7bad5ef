import { InvalidInputError } from '../../core/errors.ts';
import { blackScholes } from '../../core/options/blackScholes.ts';
import {
  requireAboveZero,
  requireAtLeastZero,
  requireFinite,
  requireInteger,
} from '../../core/statistics/require.ts';

/** Most of each that a kernel takes. */
const MAX_STEPS = 4_096;
const MAX_BANDS = 64;

/** A band around delta, base units per option: beyond `act` from it the hedge trades to `target` from it. */
export interface HedgingBand {
  readonly act: number;
  readonly target: number;
}

/** One written option, hedged along simulated prices by every band. */
export interface HedgingSimulation {
  readonly option: {
    readonly type: 'call' | 'put';
    /** Quote per base, at the start. */
    readonly spot: number;
    readonly strike: number;
    /** Continuously compounded, per year. */
    readonly rate: number;
    /** What it is sold at and hedged with, per year; that of the price where left out. */
    readonly volatility?: number;
  };
  readonly years: number;
  /** From the start to expiry: the hedge is looked at after each but the last. */
  readonly steps: number;
  readonly paths: number;
  /** Of the price, per year: it grows by exp(drift x years) on average. */
  readonly drift: number;
  readonly volatility: number;
  readonly bands: readonly HedgingBand[];
  /** Fee and impact, as a share of what is traded. */
  readonly feeRate: number;
  /** Gas of one trade, quote. */
  readonly gasQuote: number;
  /** A whole number. */
  readonly seed: number;
}

/** A simulation as a kernel takes it: everything that does not change from path to path. Plain data. */
export interface HedgingTerms {
  readonly steps: number;
  readonly seed: number;
  /** Log of the price at the start. */
  readonly logSpot: number;
  /** Of the log of the discounted price, a step. */
  readonly driftStep: number;
  readonly deviationStep: number;
  /** Of a call. */
  readonly startDelta: number;
  readonly discountedStrike: number;
  readonly feeRate: number;
  /** Of each step: added to the log of the discounted price, then multiplied: its distance from the strike in deviations. */
  readonly shift: Float64Array;
  readonly inverseDeviation: Float64Array;
  /** Gas of one trade at each step, discounted. */
  readonly gas: Float64Array;
  readonly act: Float64Array;
  readonly target: Float64Array;
}

function check({ option, bands, ...input }: HedgingSimulation): void {
  requireAboveZero('spot', option.spot);
  requireAboveZero('strike', option.strike);
  requireFinite('rate', option.rate);
  if (option.volatility !== undefined) requireAboveZero('option.volatility', option.volatility);
  requireAboveZero('years', input.years);
  requireInteger('steps', input.steps, 2, MAX_STEPS);
  requireInteger('paths', input.paths, 2, Number.MAX_SAFE_INTEGER);
  if (input.paths % 2 !== 0) throw new InvalidInputError('paths', input.paths, 'an even number');
  requireFinite('drift', input.drift);
  requireAboveZero('volatility', input.volatility);
  requireAtLeastZero('feeRate', input.feeRate);
  requireAtLeastZero('gasQuote', input.gasQuote);
  requireInteger('seed', input.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  requireInteger('bands', bands.length, 1, MAX_BANDS);
  for (const { act, target } of bands) {
    requireAtLeastZero('act', act);
    requireAtLeastZero('target', target);
    if (target > act) throw new InvalidInputError('target', target, `at most act, ${act}`);
  }
}

/**
 * What every path of a simulation shares. A put's hedge is a call's less one base throughout, and by put-call parity it
 * comes to the same before and after costs, so both are simulated as a call.
 *
 * @throws InvalidInputError for a simulation that cannot be
 */
export function hedgingTerms(simulation: HedgingSimulation): HedgingTerms {
  check(simulation);
  const { option, years, steps, drift, volatility, bands, feeRate, gasQuote, seed } = simulation;
  const { spot, strike, rate } = option;
  const hedged = option.volatility ?? volatility;
  const stepYears = years / steps;
  const column = (of: (step: number) => number) => Float64Array.from({ length: steps }, (_, k) => of(k + 1));
  const left = (step: number) => years - step * stepYears;
  const isExpiry = (step: number) => step === steps;
  return {
    steps,
    seed,
    logSpot: Math.log(spot),
    driftStep: (drift - rate - 0.5 * volatility * volatility) * stepYears,
    deviationStep: volatility * Math.sqrt(stepYears),
    startDelta: blackScholes({
      type: 'call',
      spot,
      strike,
      years,
      rate,
      dividendYield: 0,
      volatility: hedged,
    }).delta,
    discountedStrike: strike * Math.exp(-rate * years),
    feeRate,
    shift: column((k) => rate * k * stepYears - Math.log(strike) + (rate + 0.5 * hedged * hedged) * left(k)),
    inverseDeviation: column((k) => (isExpiry(k) ? 0 : 1 / (hedged * Math.sqrt(left(k))))),
    gas: column((k) => gasQuote * Math.exp(-rate * k * stepYears)),
    act: Float64Array.from(bands, ({ act }) => act),
    target: Float64Array.from(bands, ({ target }) => target),
  };
}

/** What the option is sold for at the start: quote for one base. @throws InvalidInputError for an option that cannot be */
export function premiumOf({ option, years, volatility }: HedgingSimulation): number {
  return blackScholes({ volatility, ...option, years, dividendYield: 0 }).price;
}
