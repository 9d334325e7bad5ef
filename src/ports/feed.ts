import type { Read } from '../core/read.ts';
import type { PriceReading, VolatilityReading } from '../core/snapshot.ts';
import type { ConfigSchema } from './config.ts';
import type { ReadContext, Verification } from './protocol.ts';

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

/** A volatility to price options with. */
export interface VolatilityFeed<C = unknown> extends FeedBase<C> {
  readonly gives: 'volatility';
  read(config: C, context: ReadContext): Read<VolatilityReading>;
}

/** Either kind of feed, told apart by `gives`. */
export type Feed<C = unknown> = PriceFeed<C> | VolatilityFeed<C>;

/** Declares a price feed plug-in; the export's name is its `kind` in the config. */
export function definePriceFeed<C>(feed: Omit<PriceFeed<C>, 'gives'>): PriceFeed<C> {
  return { ...feed, gives: 'price' };
}

/** Declares a volatility feed plug-in; the export's name is its `kind` in the config. */
export function defineVolatilityFeed<C>(feed: Omit<VolatilityFeed<C>, 'gives'>): VolatilityFeed<C> {
  return { ...feed, gives: 'volatility' };
}

/** A price feed with its config filled in. */
export interface BoundPriceFeed {
  readonly kind: string;
  read(context: ReadContext): Read<PriceReading>;
}

/** A volatility feed with its config filled in. */
export interface BoundVolatilityFeed {
  readonly kind: string;
  read(context: ReadContext): Read<VolatilityReading>;
}
