import { gasQuote } from '../../core/hedge/cost.ts';
import type { DepthFill, DepthTable } from '../../core/hedge/depthTable.ts';
import { toWhole } from '../../core/units.ts';
import type { DepthReport } from '../../runtime/depth.ts';
import { feeText } from './depth.ts';

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
      venue: depth.pool.venue,
      address: depth.pool.address,
      feePercent: Number(feeText(depth, table)),
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
      parts: split.parts.map(({ pool, baseRaw, quoteRaw }) => ({
        venue: pool.venue,
        address: pool.address,
        baseRaw,
        quoteRaw,
      })),
    })),
  };
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
