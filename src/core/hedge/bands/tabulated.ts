import type { BandCosts } from './bandCosts.ts';

/** Sizes at which a curve is read: evenly spread in their logarithm below the largest. */
const NODES = 20;
const SMALLEST_SHARE = 1e-5;

/** Stretches between two sizes, each with a straight slope that may change once, at `bend`. */
interface Table {
  readonly sizes: Float64Array;
  readonly costs: Float64Array;
  readonly slopes: Float64Array;
  readonly bends: Float64Array;
  readonly slopesAtBend: Float64Array;
}

/**
 * A cost curve read once at a few sizes, for a solver that asks a thousand times. At those sizes its cost is the curve's
 * own; in between the slope is straight in two pieces, or drops where another leg joins, so that the costs agree and
 * the slope is the cost's.
 *
 * @param capacity the largest size, base; beyond it costs are infinite
 */
export function tabulatedCosts(curve: BandCosts, capacity: number): BandCosts {
  if (!(capacity > 0))
    return { cost: (q) => (q > 0 ? Number.POSITIVE_INFINITY : 0), marginal: () => Number.POSITIVE_INFINITY };
  const table = tableOf(curve, capacity);
  const { sizes, costs, slopes, bends, slopesAtBend } = table;
  const at = (q: number) => stretchOf(sizes, q);
  return {
    cost(q) {
      if (!(q > 0)) return 0;
      if (q > capacity) return Number.POSITIVE_INFINITY;
      const i = at(q);
      const [from, bend] = [sizes[i]!, bends[i]!];
      if (q <= bend) return costs[i]! + ((q - from) * (slopes[i]! + slopeIn(i, q))) / 2;
      return costs[i + 1]! - ((sizes[i + 1]! - q) * (slopes[i + 1]! + slopeIn(i, q))) / 2;
    },
    marginal(q) {
      if (q > capacity) return Number.POSITIVE_INFINITY;
      return q > 0 ? slopeIn(at(q), q) : slopes[0]!;
    },
  };

  function slopeIn(i: number, q: number): number {
    const [from, to, bend] = [sizes[i]!, sizes[i + 1]!, bends[i]!];
    const [low, high, middle] = [slopes[i]!, slopes[i + 1]!, slopesAtBend[i]!];
    if (Number.isNaN(middle)) return q < bend ? low : high;
    if (q <= bend) return low + ((middle - low) * (q - from)) / (bend - from);
    return middle + ((high - middle) * (q - bend)) / (to - bend);
  }
}

function tableOf(curve: BandCosts, capacity: number): Table {
  const growth = SMALLEST_SHARE ** (-1 / (NODES - 1));
  const sizes = Float64Array.from({ length: NODES + 1 }, (_, i) =>
    i === 0 ? 0 : i === NODES ? capacity : capacity * SMALLEST_SHARE * growth ** (i - 1),
  );
  const costs = new Float64Array(NODES + 1);
  const slopes = new Float64Array(NODES + 1);
  for (const [i, size] of sizes.entries()) {
    costs[i] = size > 0 ? curve.cost(size) : 0;
    slopes[i] = curve.marginal(size);
  }
  const bends = new Float64Array(NODES);
  const slopesAtBend = new Float64Array(NODES);
  for (let i = 0; i < NODES; i++) {
    const [width, rise] = [sizes[i + 1]! - sizes[i]!, costs[i + 1]! - costs[i]!];
    const [low, high] = [slopes[i]!, slopes[i + 1]!];
    const mean = rise / width;
    if (high < low) {
      // Another leg joins: the dear slope up to where the cheap one has to begin for the costs to agree.
      const share = Math.min(Math.max((mean - high) / (low - high), 0), 1);
      bends[i] = sizes[i]! + share * width;
      slopesAtBend[i] = Number.NaN;
      continue;
    }
    bends[i] = sizes[i]! + width / 2;
    slopesAtBend[i] = Math.min(Math.max(2 * mean - (low + high) / 2, low), high);
  }
  return { sizes, costs, slopes, bends, slopesAtBend };
}

/** The stretch that a size lies in, by halving. */
function stretchOf(sizes: Float64Array, q: number): number {
  let [low, high] = [0, sizes.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sizes[middle]! < q) low = middle;
    else high = middle;
  }
  return low;
}
