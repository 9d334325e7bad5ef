import type { Pool } from '../amm/pool.ts';
import type { SwapQuote } from '../amm/swap.ts';
import type { Way } from '../amm/twoHop.ts';
import type { Ratio } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import type { Address } from '../units.ts';

/** An order looking for pools. */
export interface SplitOrder {
  readonly side: Side;
  readonly baseRaw: bigint;
  readonly base: Address;
  /** No unit is traded at a worse price than this, fee included: quoteRaw / baseRaw. */
  readonly bound: Ratio;
  /** What the gas of each swap beyond the first costs, quote raw; nothing by default. */
  readonly furtherLegQuoteRaw?: number;
  /** Swaps at most, of which two hops are two; 8 by default. */
  readonly maxLegs?: number;
}

/** A swap of one part of a split. */
export interface PartSwap {
  readonly pool: Pool;
  readonly quote: SwapQuote;
  /** Square root price of the pool at which the order's worst price is reached, the part's other swap as planned. */
  readonly limitX96: bigint;
}

/** One way's part of a split; its own swap is the one of base. */
export interface SplitPart extends PartSwap {
  readonly way: Way;
  /** Base sold to or bought from the pool. */
  readonly baseRaw: bigint;
  /** Quote received or paid, fees included. */
  readonly quoteRaw: bigint;
  /** Fees, in the token that was put in. */
  readonly feeRaw: bigint;
  /** True when the way may have more to give, but a pool's ticks were not read any further. */
  readonly endsUnread: boolean;
  /** Of two hops: the token in between and the swap of quote. */
  readonly via?: PartSwap & { readonly token: Address };
}

/** Swaps that parts or legs make together. */
export function swapsIn(parts: readonly { readonly via?: unknown }[]): number {
  return parts.reduce((sum, { via }) => sum + (via === undefined ? 1 : 2), 0);
}

/** An order spread over pools; amounts add up exactly. */
export interface Split {
  /** Largest first. */
  readonly parts: readonly SplitPart[];
  /** At most what was asked: what the pools can give inside the bound. */
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  /** Fees of all pools, in the token that was put in: base for a sale, quote for a purchase. */
  readonly feeRaw: bigint;
  /** True when a pool may have more to give, but its ticks were not read any further. */
  readonly endsUnread: boolean;
}
