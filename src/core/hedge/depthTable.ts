import { poolsOfWay, type Way } from '../amm/twoHop.ts';
import type { CostEstimate } from '../decision.ts';
import { InvalidInputError } from '../errors.ts';
import { exactRatio, type Ratio } from '../math/ratio.ts';
import type { Limits } from '../risk/limits.ts';
import type { Side } from '../side.ts';
import type { NativeFacts } from '../snapshot.ts';
import { type Token, toWhole } from '../units.ts';
import { costOf, furtherLegQuote } from './cost.ts';
import { middlePrice } from './fairPrice.ts';
import { candidatesOf } from './poolBound.ts';
import { type SplitPart, splitOrder } from './split.ts';
import { swapsIn } from './splitTerms.ts';
import { quoteBaseOf } from './wayQuote.ts';

/** What gas is counted with. */
export interface DepthGas {
  readonly native: NativeFacts;
  readonly gasUnits: Limits['gasUnits'];
}

/** Which pools are asked for which sizes. */
export interface DepthRequest {
  /** Pools that trade base against quote, and ways of two hops. */
  readonly pools: readonly Way[];
  readonly base: Token;
  readonly quote: Token;
  readonly side: Side;
  /** Base sold or bought. */
  readonly sizesRaw: readonly bigint[];
  /** Costs are measured from here: quote per base. */
  readonly fairPrice: number;
  /** Null where gas is not counted. */
  readonly gas: DepthGas | null;
}

/**
 * Why a size is not filled: the pool's liquidity ends; its ticks were not read any further; or its price would leave the
 * fair price by more than {@link FARTHEST} times, beyond which nobody would call it liquidity.
 */
export type Unfilled = 'noLiquidity' | 'knownRangeEnd' | 'tooFar';

/** What one size costs; of a size that is not filled only how much would be. */
export type DepthFill =
  | {
      readonly filled: true;
      readonly sizeRaw: bigint;
      /** Received or paid, fee included. */
      readonly quoteRaw: bigint;
      /** Against the fair price; impact holds the distance of the pool's middle from it. */
      readonly cost: CostEstimate;
    }
  | {
      readonly filled: false;
      readonly sizeRaw: bigint;
      readonly why: Unfilled;
      readonly fillableRaw: bigint;
    };

/** A size on one pool alone. */
export type PoolFill = DepthFill & {
  /** Fee and impact from the pool's own middle price, bps of the notional there; null where the size is not filled. */
  readonly ownCost: { readonly feeBps: number; readonly impactBps: number; readonly bps: number } | null;
};

/** One pool, or two in a row, over all sizes. */
export interface PoolDepth {
  readonly pool: Way;
  /** Quote per base. */
  readonly middlePrice: number;
  /** In the order of the sizes. */
  readonly fills: readonly PoolFill[];
}

/** A size over all pools. */
export type BestSplit = DepthFill & {
  readonly parts: readonly SplitPart[];
  /** Against the cheapest single pool, bps of the notional; null where no pool fills the size alone. */
  readonly savedBps: number | null;
};

/** What pools cost, each alone and all together. */
export interface DepthTable extends Omit<DepthRequest, 'pools'> {
  readonly pools: readonly PoolDepth[];
  /** In the order of the sizes. */
  readonly best: readonly BestSplit[];
}

/** A pool whose price is further from the fair price than this many times has nothing more to give. */
export const FARTHEST = 1_000;

/** Counts as no gas at all. */
const NO_GAS: DepthGas = {
  native: { priceQuote: 0, baseFeePerGasWei: 0n, priorityFeePerGasWei: 0n },
  gasUnits: { firstLeg: 0, furtherLeg: 0 },
};

/**
 * What selling or buying each size would cost, per pool and in the best split over all of them, in the pools' own
 * integers.
 *
 * @throws InvalidInputError when a size or the fair price is not above 0
 * @throws CorruptDataError when a pool's ticks are out of order
 */
export function depthTable(request: DepthRequest): DepthTable {
  const { pools, sizesRaw, fairPrice } = request;
  for (const sizeRaw of sizesRaw)
    if (sizeRaw <= 0n) throw new InvalidInputError('size', sizeRaw, 'an amount above 0');
  if (!(fairPrice > 0 && Number.isFinite(fairPrice)))
    throw new InvalidInputError('fairPrice', fairPrice, 'a finite price above 0');
  const depths = pools.map((pool) => ({
    pool,
    middlePrice: middlePrice(pool, request),
    fills: sizesRaw.map((sizeRaw) => fillOn(pool, sizeRaw, request)),
  }));
  const best = sizesRaw.map((sizeRaw, index) =>
    bestSplit(
      sizeRaw,
      depths.map(({ fills }) => fills[index]!),
      request,
    ),
  );
  return { ...request, pools: depths, best };
}

/** The price beyond which nothing counts as liquidity, quoteRaw / baseRaw. */
function worstPrice({ side, fairPrice, base, quote }: DepthRequest): Ratio {
  const { numerator, denominator } = exactRatio(fairPrice);
  const factor = BigInt(FARTHEST);
  return {
    numerator: numerator * 10n ** BigInt(quote.decimals) * (side === 'buy' ? factor : 1n),
    denominator: denominator * 10n ** BigInt(base.decimals) * (side === 'sell' ? factor : 1n),
  };
}

function fillOn(pool: Way, sizeRaw: bigint, request: DepthRequest): PoolFill {
  const { side, base, fairPrice, gas } = request;
  const [candidate] = candidatesOf([pool], side, base.address, worstPrice(request));
  const quote = candidate === undefined ? null : quoteBaseOf(candidate.bound, side, sizeRaw);
  if (quote === null) return { filled: false, sizeRaw, why: 'tooFar', fillableRaw: 0n, ownCost: null };
  const [baseRaw, quoteRaw] =
    side === 'sell' ? [quote.amountInRaw, quote.amountOutRaw] : [quote.amountOutRaw, quote.amountInRaw];
  if (!quote.filled) {
    const why =
      quote.stopped === 'knownRangeEnd'
        ? 'knownRangeEnd'
        : quote.liquidityAfter === 0n
          ? 'noLiquidity'
          : 'tooFar';
    return { filled: false, sizeRaw, why, fillableRaw: baseRaw, ownCost: null };
  }
  const route = { swaps: poolsOfWay(pool).length, baseRaw, quoteRaw, feeRaw: quote.feeRaw };
  const middle = middlePrice(pool, request);
  const own = costOf(side, route, middle, request, NO_GAS.native, NO_GAS);
  const feeBps = (own.feeQuote / (toWhole(sizeRaw, request.base.decimals) * middle)) * 10_000;
  const { native, gasUnits } = gas ?? NO_GAS;
  return {
    filled: true,
    sizeRaw,
    quoteRaw,
    cost: costOf(side, route, fairPrice, request, native, { gasUnits }),
    ownCost: { feeBps, impactBps: own.bps - feeBps, bps: own.bps },
  };
}

function bestSplit(sizeRaw: bigint, alone: readonly PoolFill[], request: DepthRequest): BestSplit {
  const { side, base, quote, fairPrice, gas } = request;
  const { native, gasUnits } = gas ?? NO_GAS;
  const furtherLegQuoteRaw = furtherLegQuote(native, { gasUnits }) * 10 ** quote.decimals;
  const order = { side, baseRaw: sizeRaw, base: base.address, bound: worstPrice(request) };
  const split = splitOrder(request.pools, { ...order, furtherLegQuoteRaw });
  if (split === null || split.baseRaw < sizeRaw) {
    const why = split?.endsUnread ? 'knownRangeEnd' : reasonOf(alone);
    return {
      filled: false,
      sizeRaw,
      why,
      fillableRaw: split?.baseRaw ?? 0n,
      parts: split?.parts ?? [],
      savedBps: null,
    };
  }
  const cost = costOf(side, { ...split, swaps: swapsIn(split.parts) }, fairPrice, request, native, {
    gasUnits,
  });
  const single = alone.flatMap((fill) => (fill.filled ? [fill.cost.bps] : []));
  return {
    filled: true,
    sizeRaw,
    quoteRaw: split.quoteRaw,
    cost,
    parts: split.parts,
    savedBps: single.length === 0 ? null : Math.min(...single) - cost.bps,
  };
}

/** Why pools that fill nothing alone do not together either: what is merely unread may be there. */
function reasonOf(alone: readonly PoolFill[]): Unfilled {
  const reasons = alone.flatMap((fill) => (fill.filled ? [] : [fill.why]));
  if (reasons.includes('knownRangeEnd')) return 'knownRangeEnd';
  return reasons.includes('tooFar') ? 'tooFar' : 'noLiquidity';
}

/** Each pool's part of a split, as shares of one, in the order of the pools; 0 for a pool that is left out. */
export function sharesOf({ parts, sizeRaw }: BestSplit, pools: readonly PoolDepth[]): readonly number[] {
  return pools.map(({ pool }) => {
    const part = parts.find((one) => one.way === pool);
    return part === undefined ? 0 : Number(part.baseRaw) / Number(sizeRaw);
  });
}
