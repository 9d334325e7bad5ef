import type { Read } from '../core/read.ts';
import type { PriceReading, VolatilityReading } from '../core/snapshot.ts';
import type { ConfigSchema } from './config.ts';
import type { ReadContext, Remembered, Verification } from './protocol.ts';

interface FeedBase<C> {
  readonly summary: string;
  readonly verified: Verification;
  readonly config: ConfigSchema<C>;
  readonly sample: C;
}

/** A reference price of base in quote, independent of the pools that are traded on. */
export interface PriceFeed<C = unknown> extends FeedBase<C> {
  readonly gives: 'price';
  read(config: C, context: ReadContext): Read<PriceReading>;
}

/** A volatility that the chain gives, read with everything else at one block. */
export interface ChainVolatilityFeed<C = unknown> extends FeedBase<C> {
  readonly gives: 'volatility';
  /** What cannot be used (too short a history, a feed without rounds) comes as a `fault` in the reading. */
  read(config: C, context: ReadContext): Read<Remembered<VolatilityReading>>;
}

/** What a feed works with that looks outside the chain. */
export interface ObserveTools {
  readonly fetch: typeof globalThis.fetch;
  /** Unix seconds, with fraction. */
  readonly nowSeconds: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A volatility from outside the chain, asked for beside the chain's read. */
export interface ObservedVolatilityFeed<C = unknown> extends FeedBase<C> {
  readonly gives: 'volatility';
  /** Asks once. What does not answer, or not as it should, is a `fault` in the reading or an error; never a guess. */
  observe(config: C, tools: ObserveTools): Promise<VolatilityReading>;
}

/** A volatility to price options with, from the chain or from outside. */
export type VolatilityFeed<C = unknown> = ChainVolatilityFeed<C> | ObservedVolatilityFeed<C>;

/** Either kind of feed, told apart by `gives`. */
export type Feed<C = unknown> = PriceFeed<C> | VolatilityFeed<C>;

/** Declares a price feed plug-in; the export's name is its `kind` in the config. */
export function definePriceFeed<C>(feed: Omit<PriceFeed<C>, 'gives'>): PriceFeed<C> {
  return { ...feed, gives: 'price' };
}

/** Declares a feed plug-in for a volatility from the chain; the export's name is its `kind` in the config. */
export function defineVolatilityFeed<C>(feed: Omit<ChainVolatilityFeed<C>, 'gives'>): ChainVolatilityFeed<C> {
  return { ...feed, gives: 'volatility' };
}

/** Declares a feed plug-in for a volatility from outside the chain; the export's name is its `kind` in the config. */
export function defineObservedVolatilityFeed<C>(
  feed: Omit<ObservedVolatilityFeed<C>, 'gives'>,
): ObservedVolatilityFeed<C> {
  return { ...feed, gives: 'volatility' };
}

/** A price feed with its config filled in. */
export interface BoundPriceFeed {
  readonly kind: string;
  read(context: ReadContext): Read<PriceReading>;
}

interface BoundVolatilityBase {
  readonly kind: string;
  /** Key of its memory, unique within the vault; the same for the same config in any vault. */
  readonly key: string;
}

/** A volatility feed with its config, and what it reaches the outside with, filled in. */
export type BoundVolatilityFeed = BoundVolatilityBase &
  (
    | { readonly read: (context: ReadContext) => Read<Remembered<VolatilityReading>> }
    | { readonly observe: (nowSeconds: number, signal: AbortSignal) => Promise<VolatilityReading> }
  );
