import { InvalidInputError } from '../errors.ts';
import { normalCdf, normalPdf } from '../math/normal.ts';
import { mean } from '../statistics/moments.ts';
import { requireAboveZero, requireSeries } from '../statistics/require.ts';
import { bipowerVariance } from './bipower.ts';
import { fitTruncatedNormal, tailProbability } from './truncatedNormal.ts';

/** How to tell jumps from diffusion. */
export interface JumpEstimationOptions {
  /** Returns in a year: 8760 for hourly ones. */
  readonly periodsPerYear: number;
  /** A return beyond this many standard deviations of the diffusion is a jump; 4 by default. */
  readonly threshold?: number;
}

/** A jump diffusion that returns come from; its jumps go straight into `mertonJump`. */
export interface JumpEstimate {
  readonly jumps: {
    /** Per year, those too small to be seen included. */
    readonly intensity: number;
    readonly meanLogJump: number;
    readonly stdDevLogJump: number;
  };
  /** Of the diffusion, per year. */
  readonly volatility: number;
  /** Volatility of everything, jumps included, per year. */
  readonly totalVolatility: number;
  readonly intensityStdError: number;
  /** Positions of the returns that are taken for jumps. */
  readonly found: readonly number[];
  /** Share of all jumps that are large enough to be found. */
  readonly visibleShare: number;
  /** Returns of this absolute size and more are jumps. */
  readonly thresholdReturn: number;
}

const MAX_ROUNDS = 50;
/** With fewer jumps the sizes of those that were not seen cannot be told from those that were. */
const LEAST_JUMPS = 8;

/**
 * Estimates how often and how far a price jumps from equally spaced log returns. The diffusion's volatility starts as
 * bipower variation (O. Barndorff-Nielsen and N. Shephard, 2004); returns beyond `threshold` deviations are jumps
 * (C. Mancini, 2009), and the rest, corrected for the cut-off tails, gives the volatility again until the set stays. Only
 * large jumps are seen, so their sizes are fitted as a normal distribution with its middle cut out, and their number is
 * divided by the share that can be seen.
 *
 * Volatility is taken as constant over the returns: give it a stretch over which that holds. With no jump found all of
 * `jumps` is 0; with fewer than 8 their plain moments stand.
 *
 * @throws InvalidInputError when there are fewer than 50 returns, one is not finite, hardly any differs from zero, or an
 * option is not above 0
 */
export function estimateJumps(
  returns: readonly number[],
  { periodsPerYear, threshold = 4 }: JumpEstimationOptions,
): JumpEstimate {
  requireSeries('returns', returns, 50);
  requireAboveZero('periodsPerYear', periodsPerYear);
  requireAboveZero('threshold', threshold);
  const { variance, found } = splitReturns(returns, threshold);
  const thresholdReturn = threshold * Math.sqrt(variance);
  const sizes = found.map((t) => returns[t]!);
  const fitted = sizes.length < LEAST_JUMPS ? undefined : fitTruncatedNormal(sizes, thresholdReturn);
  const { centre, spread } = fitted ?? plainMoments(sizes);
  const visibleShare =
    sizes.length === 0 || fitted === undefined ? 1 : tailProbability(centre, spread, thresholdReturn);
  const years = returns.length / periodsPerYear;
  // Some returns lie beyond the threshold without any jump.
  const chance = 2 * normalCdf(-threshold) * returns.length;
  const count = Math.max(0, sizes.length - (sizes.length < LEAST_JUMPS ? 0 : chance));
  return {
    jumps: {
      intensity: count / visibleShare / years,
      meanLogJump: centre,
      stdDevLogJump: Math.sqrt(Math.max(spread ** 2 - (sizes.length > 1 ? variance : 0), 0)),
    },
    volatility: Math.sqrt(variance * periodsPerYear),
    totalVolatility: Math.sqrt(mean(returns.map((value) => value * value)) * periodsPerYear),
    intensityStdError: Math.sqrt(sizes.length) / visibleShare / years,
    found,
    visibleShare,
    thresholdReturn,
  };
}

/** The diffusion's variance per period and the returns that it does not explain. */
function splitReturns(
  returns: readonly number[],
  threshold: number,
): { readonly variance: number; readonly found: readonly number[] } {
  let variance = bipowerVariance(returns);
  // Mean square of a standard normal whose tails beyond the threshold are cut off.
  const inside = 1 - 2 * normalCdf(-threshold);
  const truncated = 1 - (2 * threshold * normalPdf(threshold)) / inside;
  let found: number[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!(variance > 0)) {
      throw new InvalidInputError(
        'returns',
        'zero in one of every two neighbours',
        'returns that mostly vary',
      );
    }
    const limit = threshold * Math.sqrt(variance);
    const before = found.length;
    found = [...returns.keys()].filter((t) => Math.abs(returns[t]!) > limit);
    const rest = returns.filter((value) => Math.abs(value) <= limit);
    variance = mean(rest.map((value) => value * value)) / truncated;
    if (round > 0 && found.length === before) break;
  }
  return { variance, found };
}

function plainMoments(sizes: readonly number[]): { readonly centre: number; readonly spread: number } {
  if (sizes.length === 0) return { centre: 0, spread: 0 };
  const centre = mean(sizes);
  return { centre, spread: Math.sqrt(mean(sizes.map((size) => (size - centre) ** 2))) };
}
