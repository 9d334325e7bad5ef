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
  /**
   * What the protocol's rule has already fixed the settlement at while it may still be disputed, quote per base; null or
   * absent while it is open. From then on the payoff no longer moves with the price.
   */
  readonly fixingPrice?: number | null;
  /** What it pays in: quote when left out; an inverse option pays base, the payoff over the settlement price. */
  readonly settlement?: 'quote' | 'base';
  /** What the protocol's own market prices it at, annualised; absent where the vault's volatility counts. */
  readonly impliedVolatility?: number;
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
  /** Where the account itself holds it as a Uniswap v3 NFT; absent where it is held otherwise. */
  readonly nft?: PositionNft;
}

/** The NFT that liquidity is held as, with the fees that withdrawing any of it brings as well. */
export interface PositionNft {
  readonly manager: Address;
  readonly id: bigint;
  readonly uncollectedBaseRaw: bigint;
  readonly uncollectedQuoteRaw: bigint;
}

/** A squared power perpetual, funded in kind like Squeeth. */
export interface PowerPerpPosition {
  readonly kind: 'powerPerp';
  readonly label: string;
  /** Units of the perp; positive = long, negative = short. */
  readonly size: number;
  /** What is left of one unit after the funding paid so far. */
  readonly normalizationFactor: number;
  /** Its price over that of its index, spot^2 / 10,000. */
  readonly markToIndex: number;
}

/** One leg of a Panoptic position, without its streamed premium. */
export interface PanopticLegPosition {
  readonly kind: 'panopticLeg';
  readonly label: string;
  /** A call moves base, a put moves quote. */
  readonly type: 'call' | 'put';
  /** Base units; positive = bought, negative = sold. */
  readonly size: number;
  /** Middle of its range, quote per base. */
  readonly strike: number;
  /** Upper end of the range over the strike. */
  readonly rangeRatio: number;
  /** Quote per base when it was opened; out of the money where what was exchanged for it then is counted elsewhere. */
  readonly mintPrice: number;
}

/** Tokens owed to a lender. */
export interface DebtPosition {
  readonly kind: 'debt';
  readonly label: string;
  readonly asset: 'base' | 'quote';
  /** With interest up to the block, at or above 0. */
  readonly owedRaw: bigint;
  /** Continuously compounded, per year. */
  readonly borrowRate: number;
}

/** A perpetual future, without its margin. */
export interface PerpPosition {
  readonly kind: 'perp';
  readonly label: string;
  /** What profit is paid in: `quote` for a linear contract, `base` for an inverse one. */
  readonly settlement: 'quote' | 'base';
  /** Base units of a linear contract, quote notional of an inverse one; positive = long, negative = short. */
  readonly size: number;
  /** Quote per base. */
  readonly entryPrice: number;
  /** The perp's own price over spot. */
  readonly markToSpot: number;
  /** What longs pay shorts on the notional, per year. */
  readonly fundingRate: number;
}

/** One holding that moves with the price. */
export type Position =
  | SpotPosition
  | OptionPosition
  | LiquidityPosition
  | PowerPerpPosition
  | PanopticLegPosition
  | DebtPosition
  | PerpPosition;

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

/** Greeks of a whole vault, with how exactly its net delta is known. */
export interface MeasuredExposure extends Exposure {
  /** One standard error of net delta, base units, from the error of the volatility and the age of the price. */
  readonly deltaStdError?: number;
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
