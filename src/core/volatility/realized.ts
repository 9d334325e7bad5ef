import { InvalidInputError } from '../errors.ts';
import { compensatedSum } from '../math/sum.ts';
import { mean, sampleVariance } from '../statistics/moments.ts';
import { requireAboveZero } from '../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { type Bar, type BarPair, barIntervalSeconds, neighbours, requireBars } from './bars.ts';

/** How volatility is estimated from bars; see `realizedVolatility`. */
export type VolatilityEstimator =
  | 'closeToClose'
  | 'closeToCloseZeroMean'
  | 'parkinson'
  | 'garmanKlass'
  | 'garmanKlassYangZhang'
  | 'rogersSatchell'
  | 'yangZhang';

/** How to read the bars. */
export interface RealizedVolatilityOptions {
  readonly estimator: VolatilityEstimator;
  /**
   * Bars in a year. By default it follows from the distance of timed bars (a year has 365 days); for bars without
   * timestamps it is 1, which gives the volatility per bar.
   */
  readonly periodsPerYear?: number;
  /** Seconds between neighbouring timed bars; by default the most frequent distance. */
  readonly intervalSeconds?: number;
}

interface Estimate {
  /** Fewest bars, or pairs of neighbours, that define it. */
  readonly least: number;
  /** Whether it looks at bars alone or at pairs of neighbours. */
  readonly over: 'bars' | 'pairs';
  /** Variance per bar. */
  readonly variance: (bars: readonly Bar[], pairs: readonly BarPair[]) => number;
}

const estimates: Readonly<Record<VolatilityEstimator, Estimate>> = {
  closeToClose: {
    least: 2,
    over: 'pairs',
    variance: (_, pairs) => sampleVariance(pairs.map(closeReturn)),
  },
  closeToCloseZeroMean: {
    least: 2,
    over: 'pairs',
    variance: (_, pairs) => compensatedSum(pairs.map((pair) => closeReturn(pair) ** 2)) / (pairs.length - 1),
  },
  parkinson: { least: 1, over: 'bars', variance: (bars) => mean(bars.map(parkinsonTerm)) },
  garmanKlass: { least: 1, over: 'bars', variance: (bars) => mean(bars.map(garmanKlassTerm)) },
  garmanKlassYangZhang: {
    least: 1,
    over: 'pairs',
    variance: (_, pairs) =>
      mean(pairs.map((pair) => openingReturn(pair) ** 2 + garmanKlassTerm(pair.current))),
  },
  rogersSatchell: { least: 1, over: 'bars', variance: (bars) => mean(bars.map(rogersSatchellTerm)) },
  yangZhang: { least: 2, over: 'pairs', variance: (_, pairs) => yangZhangVariance(pairs) },
};

/**
 * Volatility that bars show, 1.00 = 100 % (per year, or per bar where nothing says how long a bar is).
 *
 * - `closeToClose`: standard deviation of log returns, divisor n - 1.
 * - `closeToCloseZeroMean`: the same about zero, with the same divisor, so that the two differ by the mean alone.
 * - `parkinson`: from the range (M. Parkinson, 1980); no drift, no jumps between bars.
 * - `garmanKlass`: range and close (M. Garman and M. Klass, 1980); no drift.
 * - `garmanKlassYangZhang`: the same plus the squared opening jump (D. Yang and Q. Zhang, 2000).
 * - `rogersSatchell`: any drift, no jumps between bars (L. Rogers and S. Satchell, 1991).
 * - `yangZhang`: any drift, opening jumps (D. Yang and Q. Zhang, 2000), with a = 1.34.
 *
 * Estimators that look at the previous close use the first bar only for that, so n terms take n + 1 bars. Missing bars
 * are left out: the move over a gap never becomes a return.
 *
 * @throws InvalidInputError when a bar cannot be (see `requireBars`), an option is not above 0, or too few bars, or too
 * few neighbours, are left
 */
export function realizedVolatility(bars: readonly Bar[], options: RealizedVolatilityOptions): number {
  const estimate = Object.hasOwn(estimates, options.estimator) ? estimates[options.estimator] : undefined;
  if (estimate === undefined) {
    throw new InvalidInputError(
      'estimator',
      options.estimator,
      `one of ${Object.keys(estimates).join(', ')}`,
    );
  }
  requireBars(bars);
  const intervalSeconds = options.intervalSeconds ?? barIntervalSeconds(bars);
  if (intervalSeconds !== undefined) requireAboveZero('intervalSeconds', intervalSeconds);
  const pairs = neighbours(bars, intervalSeconds);
  const terms = estimate.over === 'bars' ? bars.length : pairs.length;
  if (terms < estimate.least) {
    const expected = `at least ${estimate.least} ${estimate.over === 'bars' ? 'bars' : 'pairs of bars without a gap between'}`;
    throw new InvalidInputError('bars', terms, expected);
  }
  const isTimed = bars[0]?.timestampSeconds !== undefined;
  if (isTimed && intervalSeconds === undefined && options.periodsPerYear === undefined) {
    throw new InvalidInputError('intervalSeconds', undefined, 'how long one lone bar is');
  }
  const yearly = isTimed && intervalSeconds !== undefined ? SECONDS_PER_YEAR / intervalSeconds : 1;
  const periodsPerYear = options.periodsPerYear ?? yearly;
  requireAboveZero('periodsPerYear', periodsPerYear);
  return Math.sqrt(estimate.variance(bars, pairs) * periodsPerYear);
}

function closeReturn({ previous, current }: BarPair): number {
  return Math.log(current.close / previous.close);
}

function openingReturn({ previous, current }: BarPair): number {
  return Math.log(current.open / previous.close);
}

function parkinsonTerm({ high, low }: Bar): number {
  return Math.log(high / low) ** 2 / (4 * Math.LN2);
}

function garmanKlassTerm({ open, high, low, close }: Bar): number {
  return 0.5 * Math.log(high / low) ** 2 - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2;
}

function rogersSatchellTerm({ open, high, low, close }: Bar): number {
  return Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open);
}

function yangZhangVariance(pairs: readonly BarPair[]): number {
  const n = pairs.length;
  const weight = 0.34 / (1.34 + (n + 1) / (n - 1));
  const opening = sampleVariance(pairs.map(openingReturn));
  const trading = sampleVariance(pairs.map(({ current }) => Math.log(current.close / current.open)));
  const range = mean(pairs.map(({ current }) => rogersSatchellTerm(current)));
  return opening + weight * trading + (1 - weight) * range;
}
