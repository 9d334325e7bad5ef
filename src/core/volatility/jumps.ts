import { InvalidInputError } from '../errors.ts';
import { normalCdf, normalPdf } from '../math/normal.ts';
import { mean, meanSquare } from '../statistics/moments.ts';
import { requireAboveZero, requireInteger, requireSeries } from '../statistics/require.ts';
import { bipowerVariance, localBipowerVariances } from './bipower.ts';
import { fitTruncatedNormal, tailProbability } from './truncatedNormal.ts';

/** How to tell jumps from diffusion. */
export interface JumpEstimationOptions {
  /** Returns in a year: 8760 for hourly ones. */
  readonly periodsPerYear: number;
  /** A return beyond this many standard deviations of the diffusion is a jump; 4 by default. */
  readonly threshold?: number;
  /**
   * Judge each return by the bipower variation of this many returns before it (S. Lee and P. Mykland, 2008), so that a
   * wild week is no row of jumps. By default the diffusion's volatility is taken as constant.
   */
  readonly localWindow?: number;
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
  /** Absolute size from which a return is a jump; the mean, where it is judged locally. */
  readonly thresholdReturn: number;
}

const MAX_ROUNDS = 50;
/** With fewer jumps the sizes of those that were not seen cannot be told from those that were. */
const LEAST_JUMPS = 8;
const LEAST_WINDOW = 20;

/**
 * Estimates how often and how far a price jumps from equally spaced log returns. The diffusion's volatility starts as
 * bipower variation (O. Barndorff-Nielsen and N. Shephard, 2004); returns beyond `threshold` deviations are jumps
 * (C. Mancini, 2009), and the rest, corrected for the cut-off tails, gives the volatility again until the set stays. Only
 * large jumps are seen, so their sizes are fitted as a normal distribution with its middle cut out, and their number is
 * divided by the share that can be seen.
 *
 * Where volatility changes, `localWindow` is needed: otherwise a stretch of high volatility looks like many jumps. With no
 * jump found all of `jumps` is 0; with fewer than 8 their plain moments stand.
 *
 * @throws InvalidInputError when there are fewer than 50 returns, one is not finite, hardly any differs from zero, an
 * option is not above 0, or `localWindow` is not a whole number from 20 to half the count of returns
 */
export function estimateJumps(
  returns: readonly number[],
  { periodsPerYear, threshold = 4, localWindow }: JumpEstimationOptions,
): JumpEstimate {
  requireSeries('returns', returns, 50);
  requireAboveZero('periodsPerYear', periodsPerYear);
  requireAboveZero('threshold', threshold);
  const n = returns.length;
  if (localWindow !== undefined) requireInteger('localWindow', localWindow, LEAST_WINDOW, Math.floor(n / 2));
  const limits =
    localWindow === undefined
      ? new Array<number>(n).fill(constantLimit(returns, threshold))
      : localBipowerVariances(returns, localWindow).map((variance) => threshold * Math.sqrt(variance));
  const found = [...returns.keys()].filter((t) => Math.abs(returns[t]!) > limits[t]!);
  const sizes = found.map((t) => returns[t]!);
  const fitted =
    sizes.length < LEAST_JUMPS
      ? undefined
      : fitTruncatedNormal(
          sizes,
          found.map((t) => limits[t]!),
        );
  const { centre, spread } = fitted ?? plainMoments(sizes);
  const visibleShare =
    fitted === undefined ? 1 : mean(limits.map((limit) => tailProbability(centre, spread, limit)));
  const years = n / periodsPerYear;
  // Some returns lie beyond the threshold without any jump.
  const chance = fitted === undefined ? 0 : 2 * normalCdf(-threshold) * n;
  // A jump comes with the diffusion of its own period.
  const noise = sizes.length > 1 ? mean(found.map((t) => (limits[t]! / threshold) ** 2)) : 0;
  return {
    jumps: {
      intensity: Math.max(0, sizes.length - chance) / visibleShare / years,
      meanLogJump: centre,
      stdDevLogJump: Math.sqrt(Math.max(spread ** 2 - noise, 0)),
    },
    volatility: Math.sqrt(varianceWithin(returns, limits, threshold) * periodsPerYear),
    totalVolatility: Math.sqrt(meanSquare(returns) * periodsPerYear),
    intensityStdError: Math.sqrt(sizes.length) / visibleShare / years,
    found,
    visibleShare,
    thresholdReturn: mean(limits),
  };
}

/** Threshold of a diffusion of constant volatility, refined until the same returns stay within it. */
function constantLimit(returns: readonly number[], threshold: number): number {
  let limit = threshold * Math.sqrt(bipowerVariance(returns));
  let within = -1;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!(limit > 0)) {
      throw new InvalidInputError(
        'returns',
        'zero in one of every two neighbours',
        'returns that mostly vary',
      );
    }
    const count = returns.filter((value) => Math.abs(value) <= limit).length;
    if (count === within) break;
    within = count;
    limit = threshold * Math.sqrt(varianceWithin(returns, [limit], threshold));
  }
  return limit;
}

/** Variance per period of the diffusion from the returns within their limits, made up for the tails that these cut off. */
function varianceWithin(returns: readonly number[], limits: readonly number[], threshold: number): number {
  const inside = 1 - 2 * normalCdf(-threshold);
  const truncated = 1 - (2 * threshold * normalPdf(threshold)) / inside;
  const rest = returns.filter((value, t) => Math.abs(value) <= (limits[t] ?? limits[0]!));
  return meanSquare(rest) / truncated;
}

function plainMoments(sizes: readonly number[]): { readonly centre: number; readonly spread: number } {
  if (sizes.length === 0) return { centre: 0, spread: 0 };
  const centre = mean(sizes);
  return { centre, spread: Math.sqrt(mean(sizes.map((size) => (size - centre) ** 2))) };
}
