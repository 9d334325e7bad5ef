import type { Pool } from '../amm/pool.ts';
import type { SwapQuote } from '../amm/swap.ts';
import type { Side } from '../decision.ts';
import type { Ratio } from '../math/ratio.ts';
import type { Address } from '../units.ts';

/** An order looking for pools. */
export interface SplitOrder {
  readonly side: Side;
  readonly baseRaw: bigint;
  readonly base: Address;
  /** No unit is traded at a worse price than this, fee included: quoteRaw / baseRaw. */
  readonly bound: Ratio;
  /** What the gas of each leg beyond the first costs, quote raw; nothing by default. */
  readonly furtherLegQuoteRaw?: number;
  /** Legs at most; 8 by default. */
  readonly maxLegs?: number;
}

/** One pool's part of a split. */
export interface SplitPart {
  readonly pool: Pool;
  /** Base sold to or bought from the pool. */
  readonly baseRaw: bigint;
  /** Quote received or paid, fee included. */
  readonly quoteRaw: bigint;
  readonly quote: SwapQuote;
  /** Square root price at which the order's worst price is reached in this pool. */
  readonly limitX96: bigint;
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
