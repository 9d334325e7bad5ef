import { baseAtPrice, type Depth, quoteAtPrice } from './depth.ts';
import type { Pool } from './pool.ts';
import { poolsOfWay } from './twoHop.ts';
import { type TwoHopDepth, tradedAt } from './twoHopDepth.ts';

/** How much of an order a way takes at which price. */
export type WayDepth = Depth | TwoHopDepth;

/** Base that a way trades until its marginal price after fee is `price`, raw. */
export function baseOfWay(depth: WayDepth, price: number): number {
  return 'way' in depth ? tradedAt(depth, price).base : baseAtPrice(depth, price);
}

/** Quote that a way gives, or takes with the fee, until its marginal price after fee is `price`, raw. */
export function quoteOfWay(depth: WayDepth, price: number): number {
  return 'way' in depth ? tradedAt(depth, price).quote : quoteAtPrice(depth, price);
}

/** The pools that a leg over this way swaps on, one after another. */
export function poolsOfDepth(depth: WayDepth): readonly Pool[] {
  return 'way' in depth ? poolsOfWay(depth.way) : [depth.pool];
}
