import type { LiquidityLayer } from '../../core/amm/liquidityLayers.ts';
import type { RecordedPool } from '../../core/amm/recordedPool.ts';
import { InvalidInputError } from '../../core/errors.ts';
import { Q96 } from '../../core/units.ts';
import type { PoolPlan } from '../backtest/poolPlan.ts';

/** Beyond this distance, a price ten times as high or low, liquidity counts as if it were everywhere. */
const FURTHEST_TICKS = 23_040;
/** Shells get wider by this as they get further away: what is near the price is what trades meet. */
const GROWTH = 1.35;
const BISECTIONS = 60;

/**
 * A recorded pool as a plan that stays around the price, in shells of growing width: an order moves the plan's price by the
 * mean of what a sale and a purchase of its size moved the recorded one. A shell that is deeper than
 * the one inside of it is levelled with it: plans are layers upon layers, and know no holes.
 *
 * @param base symbol of the token that is hedged with
 * @throws InvalidInputError when neither of the pool's tokens is the base
 */
export function poolPlanOfRecorded(
  { pool, token0, token1 }: RecordedPool,
  name: string,
  base: string,
): PoolPlan {
  const isBase0 = token0.symbol === base;
  if (!isBase0 && token1.symbol !== base) {
    throw new InvalidInputError('base', base, `${token0.symbol} or ${token1.symbol}, the tokens of ${name}`);
  }
  const decimals = isBase0 ? token0.decimals : token1.decimals;
  const { sqrtPriceX96, tick, tickSpacing, ticks } = pool;
  const perLiquidity = isBase0 ? Number(Q96) / Number(sqrtPriceX96) : Number(sqrtPriceX96) / Number(Q96);
  const depthOf = (liquidity: number) => (liquidity * perLiquidity) / 10 ** decimals;
  const edges = shellEdges(tickSpacing);
  const profile = liquiditySums(ticks);
  const amounts = edges.map((edge) => amountWithin(profile, tick, edge));
  const shells = edges.slice(1).map((outer, index) => {
    const width = outer - edges[index]!;
    return { width, depth: depthOf((amounts[index + 1]! - amounts[index]!) / width) };
  });
  const depths = falling(shells);
  const layers = depths.map((depth, index): LiquidityLayer => {
    const isLast = index === depths.length - 1;
    return {
      halfWidthTicks: isLast ? null : edges[index + 1]!,
      depthBase: isLast ? depth : depth - depths[index + 1]!,
    };
  });
  return { name, feePips: pool.feePips, tickSpacing, layers };
}

/** The depths that fall outwards and hold as much liquidity, nearest to the given ones (pool adjacent violators; M. Ayer, 1955). */
function falling(shells: readonly { readonly width: number; readonly depth: number }[]): readonly number[] {
  const levels: { width: number; depth: number; count: number }[] = [];
  for (const { width, depth } of shells) {
    let level = { width, depth, count: 1 };
    for (let inner = levels.at(-1); inner !== undefined && inner.depth < level.depth; inner = levels.at(-1)) {
      const all = inner.width + level.width;
      const mean = (inner.depth * inner.width + level.depth * level.width) / all;
      level = { width: all, depth: mean, count: inner.count + level.count };
      levels.pop();
    }
    levels.push(level);
  }
  return levels.flatMap(({ depth, count }) => Array.from({ length: count }, () => depth));
}

/** From 0 on, each shell wider than the one before, in whole spacings. */
function shellEdges(tickSpacing: number): readonly number[] {
  const edges = [0];
  for (let width = 2 * tickSpacing; edges.at(-1)! < FURTHEST_TICKS; width *= GROWTH) {
    edges.push(edges.at(-1)! + Math.round(width / tickSpacing) * tickSpacing);
  }
  return edges;
}

/** Liquidity times ticks from the lowest tick up to one. */
type LiquiditySums = (tick: number) => number;

/** As running sums, so that any stretch is one difference. */
function liquiditySums(ticks: RecordedPool['pool']['ticks']): LiquiditySums {
  const stretches: { readonly from: number; readonly liquidity: number; readonly sum: number }[] = [];
  let [liquidity, sum, before] = [0, 0, 0];
  for (const { index, liquidityNet } of ticks) {
    sum += liquidity * (index - before);
    liquidity += Number(liquidityNet);
    before = index;
    stretches.push({ from: index, liquidity, sum });
  }
  return (tick) => {
    let [low, high] = [0, stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (stretches[middle]!.from <= tick) low = middle + 1;
      else high = middle;
    }
    const last = stretches[low - 1];
    return last === undefined ? 0 : last.sum + last.liquidity * (tick - last.from);
  };
}

/** The amount, as liquidity times ticks, that moves the price by so many ticks on the mean of both directions. */
function amountWithin(sums: LiquiditySums, tick: number, ticks: number): number {
  const here = sums(tick);
  const above = (distance: number) => sums(tick + distance) - here;
  const below = (distance: number) => here - sums(tick - distance);
  const furthest = 2 * ticks;
  const meanDistance = (amount: number) =>
    (inverseOf(above, amount, furthest) + inverseOf(below, amount, furthest)) / 2;
  return inverseOf(meanDistance, ticks, Math.max(above(furthest), below(furthest)));
}

/** Where a function that rises from 0 reaches a value; the end of the range where it does not. */
function inverseOf(rising: (x: number) => number, value: number, end: number): number {
  let [low, high] = [0, end];
  for (let turn = 0; turn < BISECTIONS; turn += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
