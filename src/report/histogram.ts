/** Values from `from` up to, not including, `to`; the outermost bins hold the tails too. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A share of the values that lie at or below a value. */
export interface Quantile {
  readonly share: number;
  readonly value: number;
}

/** How often a value came up. */
export interface Distribution {
  readonly of: number;
  readonly mean: number;
  /** Empty where all values are the same, or there are none. */
  readonly bins: readonly Bin[];
  readonly quantiles: readonly Quantile[];
}

const BINS = 41;
/** The bins reach out to where this share of the values lies beyond, on either side; what lies beyond is in the last bins. */
const BEYOND = 0.002;
const SHARES = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999] as const;

/** Sorts values into bins that are equally wide, symmetric around zero, and tells their quantiles. */
export function distributionOf(values: ArrayLike<number>): Distribution {
  const sorted = Array.from(values).sort((a, b) => a - b);
  const of = sorted.length;
  if (of === 0) return { of, mean: Number.NaN, bins: [], quantiles: [] };
  const at = (share: number) => sorted[Math.min(of - 1, Math.floor(share * of))]!;
  const reach = Math.max(Math.abs(at(BEYOND)), Math.abs(at(1 - BEYOND)));
  return {
    of,
    mean: sorted.reduce((sum, value) => sum + value, 0) / of,
    // So close to nothing that a bin would have no width is nothing.
    bins: reach / BINS > 0 ? binned(sorted, reach) : [],
    quantiles: SHARES.map((share) => ({ share, value: at(share) })),
  };
}

function binned(values: readonly number[], reach: number): readonly Bin[] {
  const width = (2 * reach) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    counts[Math.max(0, Math.min(BINS - 1, Math.floor((value + reach) / width)))]! += 1;
  }
  return counts.map((count, index) => ({
    from: index * width - reach,
    to: (index + 1) * width - reach,
    count,
  }));
}
