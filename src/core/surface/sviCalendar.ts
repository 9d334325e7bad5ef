import { type SviParameters, sviPoint } from './svi.ts';

/** Differences of total variance below this share of it (and of 1) are rounding. */
const ROUNDING = 1e-11;
/** Beyond the first of these log-moneynesses that proves it, the wings are compared as straight lines. */
const WING_STARTS = [20, 1_000, 100_000];
const MAX_PIECES = 20_000;

/**
 * A log-moneyness at which the later of two raw SVI smiles has less total variance than the earlier, calendar arbitrage
 * (J. Gatheral and A. Jacquier, 2014, lemma 2.1), or undefined when it is proved that there is none at any.
 *
 * Both smiles are convex, so on an interval the later one lies above its tangents and the earlier one below its chord;
 * intervals without a proof are halved, and beyond the last the wings' slopes and intercepts decide.
 *
 * @returns -Infinity or Infinity where a wing of the earlier smile is the steeper one
 */
export function sviCalendarArbitrage(earlier: SviParameters, later: SviParameters): number | undefined {
  const left = wingProof(mirrored(earlier), mirrored(later));
  if (left === undefined) return Number.NEGATIVE_INFINITY;
  const right = wingProof(earlier, later);
  if (right === undefined) return Number.POSITIVE_INFINITY;
  return crossingBetween(earlier, later, -left, right);
}

function mirrored(smile: SviParameters): SviParameters {
  return { ...smile, rho: -smile.rho, m: -smile.m };
}

/** Where from on the right wing of the later smile is above that of the earlier; undefined when it is nowhere. */
function wingProof(earlier: SviParameters, later: SviParameters): number | undefined {
  const slope = earlier.b * (1 + earlier.rho);
  const laterSlope = later.b * (1 + later.rho);
  if (laterSlope < slope - ROUNDING) return undefined;
  for (const start of WING_STARTS) {
    const x = start - earlier.m;
    if (x <= 0) continue;
    const point = sviPoint(later, start);
    const highest = sviPoint(earlier, start).totalVariance;
    const tolerance = ROUNDING * (1 + highest);
    // A tangent of the later smile against the earlier smile's steepest slope.
    if (point.slope >= slope && point.totalVariance >= highest - tolerance) return start;
    // Asymptote against asymptote, plus the most by which a hyperbola exceeds its own.
    const excess = (earlier.b * earlier.sigma * earlier.sigma) / (2 * x);
    const gap = later.a - earlier.a + laterSlope * (start - later.m) - slope * x - excess;
    if (gap >= -tolerance) return start;
  }
  return undefined;
}

function crossingBetween(
  earlier: SviParameters,
  later: SviParameters,
  from: number,
  to: number,
): number | undefined {
  const at = (k: number) => ({
    k,
    early: sviPoint(earlier, k).totalVariance,
    late: sviPoint(later, k),
  });
  const bends = [earlier.m, later.m].filter((k) => k > from && k < to).sort((a, b) => a - b);
  const ends = [...new Set([from, ...bends, to])].map(at);
  const pieces = ends.slice(1).map((right, i) => ({ left: ends[i]!, right }));
  for (let count = 0; count < MAX_PIECES; count++) {
    const piece = pieces.pop();
    if (piece === undefined) return undefined;
    const { left, right } = piece;
    for (const { k, early, late } of [left, right]) {
      if (late.totalVariance < early - ROUNDING * (1 + early)) return k;
    }
    if (isProved(left, right)) continue;
    const middle = at((left.k + right.k) / 2);
    pieces.push({ left, right: middle }, { left: middle, right });
  }
  return pieces.at(-1)!.left.k;
}

interface End {
  readonly k: number;
  readonly early: number;
  readonly late: { readonly totalVariance: number; readonly slope: number };
}

/** Whether the later smile's tangents at both ends meet above the earlier smile's chord. */
function isProved(left: End, right: End): boolean {
  const width = right.k - left.k;
  const turn = right.late.slope - left.late.slope;
  const rise = right.late.totalVariance - left.late.totalVariance;
  const along = turn > 0 ? Math.min(Math.max((right.late.slope * width - rise) / turn, 0), width) : 0;
  const lowest = left.late.totalVariance + left.late.slope * along;
  const chord = left.early + ((right.early - left.early) * along) / width;
  return lowest >= chord - ROUNDING * (1 + chord);
}
