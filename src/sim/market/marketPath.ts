/** Inclusion that never came within the window, in {@link MarketPath.inclusionBlocks}. */
export const NOT_INCLUDED = 255;

/**
 * A market step by step, recorded or simulated, in columns of equal length: all that a keeper could have seen and run into.
 * Built once, shared by every policy that is compared on it (common random numbers), never written to again.
 */
export interface MarketPath {
  /** What it is, for people: `recorded ETH 2021`, `merton seed 7`. */
  readonly name: string;
  /** Seconds from each step to the next. A gap in a recording is a longer step, never a return. */
  readonly timestampSeconds: Float64Array;
  /** Fair price, quote per base. */
  readonly spot: Float64Array;
  /** What the price feed says, which follows late. */
  readonly oracle: Float64Array;
  /** What options are marked with, per year, 1.00 = 100 %. */
  readonly impliedVolatility: Float64Array;
  /** What the keeper forecasts with what it knows at the step, per year. */
  readonly forecastVolatility: Float64Array;
  readonly baseFeeGwei: Float64Array;
  readonly tipGwei: Float64Array;
  /** Liquidity of every pool over its described state: 1 = as described, 0.2 = a fifth. */
  readonly depthScale: Float64Array;
  /** Blocks until an order that is sent at this step is in the chain; {@link NOT_INCLUDED} where it expires. */
  readonly inclusionBlocks: Uint8Array;
  /** Toxicity of order flow (`vpin`) as it could be known at each step, NaN where too little was traded; absent where no swaps were recorded. */
  readonly toxicity?: Float64Array;
  /** Marks the first step after a gap: nothing that happened across it is scored. */
  readonly afterGap: Uint8Array;
}
