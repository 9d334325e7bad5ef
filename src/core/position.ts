import type { Address } from './units.ts';

/** Tokens held, owed to nobody. */
export interface SpotPosition {
  readonly kind: 'spot';
  /** Where it comes from, for people: `safe balance`, `opyn vault 3 collateral`. */
  readonly label: string;
  readonly asset: 'base' | 'quote';
  readonly amountRaw: bigint;
  /** True when it counts as exposure but cannot be sold now (collateral, uncollected fees). */
  readonly locked: boolean;
}

/** A European option on base, struck in quote. */
export interface OptionPosition {
  readonly kind: 'option';
  readonly label: string;
  readonly type: 'call' | 'put';
  /** Quote per base. */
  readonly strike: number;
  readonly expirySeconds: number;
  /** Base units; positive = long, negative = short. */
  readonly size: number;
  /** Final settlement price in quote per base once known: from then on the option is cash. */
  readonly settlementPrice: number | null;
}

/** Concentrated liquidity between two ticks of one pool. */
export interface LiquidityPosition {
  readonly kind: 'liquidity';
  readonly label: string;
  readonly pool: Address;
  readonly baseIsToken0: boolean;
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly liquidity: bigint;
}

/** One holding that moves with the price. */
export type Position = SpotPosition | OptionPosition | LiquidityPosition;

/**
 * Greeks added up. Delta in base units; gamma in base per 1.00 quote of price; vega in quote per 1.00 of volatility;
 * theta in quote per year; value in quote.
 */
export interface Exposure {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly valueQuote: number;
}

/** What a position's exposure depends on besides itself. */
export interface MarketView {
  /** Quote per base. */
  readonly spot: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
  readonly nowSeconds: number;
  readonly baseDecimals: number;
  readonly quoteDecimals: number;
}
