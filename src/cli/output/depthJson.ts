import type { Pool } from '../../core/amm/pool.ts';
import { poolsOfWay, type Way } from '../../core/amm/twoHop.ts';
import { gasQuote } from '../../core/hedge/cost.ts';
import type { DepthFill, DepthTable } from '../../core/hedge/depthTable.ts';
import { toWhole } from '../../core/units.ts';
import type { DepthReport } from '../../runtime/pools/depth.ts';
import { feesPercent } from './depth.ts';

/** A market as data; amounts raw as text, costs in quote and bps. */
export function depthJson({ table, ...where }: DepthReport): Readonly<Record<string, unknown>> {
  const { base: baseToken, quote: quoteToken, fairPrice, gas, pools, best } = table;
  return {
    ...where,
    base: baseToken,
    quote: quoteToken,
    fairPrice,
    gasQuote:
      gas === null ? null : { firstLeg: gasQuote(1, gas.native, gas), twoLegs: gasQuote(2, gas.native, gas) },
    pools: pools.map((depth) => ({
      ...nameOf(depth.pool),
      feePercent: wholeFee(feesPercent(depth, table)),
      middlePrice: depth.middlePrice,
      sizes: depth.fills.map((fill) => ({
        ...fillJson(fill, table),
        ownFeeBps: fill.ownCost?.feeBps ?? null,
        ownImpactBps: fill.ownCost?.impactBps ?? null,
        ownBps: fill.ownCost?.bps ?? null,
      })),
    })),
    best: best.map((split) => ({
      ...fillJson(split, table),
      savedBps: split.savedBps,
      parts: split.parts.map(({ way, baseRaw, quoteRaw }) => ({ ...nameOf(way), baseRaw, quoteRaw })),
    })),
  };
}

/** A pool; of two hops the pool of base, and beside it that of quote and the token between. */
function nameOf(way: Way): Readonly<Record<string, unknown>> {
  const [{ venue, address }, far] = poolsOfWay(way) as [Pool, Pool?];
  if (way.kind !== 'twoHop' || far === undefined) return { venue, address };
  return { venue, address, via: { token: way.bridge, venue: far.venue, address: far.address } };
}

/** What fees taken one after the other come to, per cent. */
function wholeFee(fees: readonly number[]): number {
  const kept = fees.reduce((rest, fee) => rest * (1 - fee / 100), 1);
  return Math.round((1 - kept) * 1e8) / 1e6;
}

function fillJson(fill: DepthFill, { base: baseToken, gas }: DepthTable): Readonly<Record<string, unknown>> {
  const { sizeRaw, filled } = fill;
  const size = toWhole(sizeRaw, baseToken.decimals);
  if (!fill.filled) return { size, sizeRaw, filled, why: fill.why, fillableRaw: fill.fillableRaw, bps: null };
  const { feeQuote, impactQuote, gasQuote: gasCost, totalQuote, bps } = fill.cost;
  const counted = gas === null ? null : gasCost;
  return {
    size,
    sizeRaw,
    filled,
    quoteRaw: fill.quoteRaw,
    feeQuote,
    impactQuote,
    gasQuote: counted,
    totalQuote,
    bps,
  };
}
