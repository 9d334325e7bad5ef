import type { Address } from '../units.ts';

/** An initialised tick: crossing it upwards adds `liquidityNet` to the active liquidity. */
export interface TickLiquidity {
  readonly index: number;
  readonly liquidityNet: bigint;
}

/** A Uniswap v3 style pool at one block: all that its swap depends on. */
export interface ConcentratedPool {
  readonly kind: 'concentrated';
  /** Kind of the venue plug-in that read it and encodes its legs. */
  readonly venue: string;
  readonly address: Address;
  readonly token0: Address;
  readonly token1: Address;
  /** Fee in hundredths of a basis point: 500 = 0.05 %. */
  readonly feePips: number;
  readonly tickSpacing: number;
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  /** Liquidity active at the current price. */
  readonly liquidity: bigint;
  /** Initialised ticks, ascending by index. */
  readonly ticks: readonly TickLiquidity[];
  /** Ticks were read from `lower` to `upper`, inclusive; nothing is known beyond. */
  readonly knownTicks: { readonly lower: number; readonly upper: number };
}

/** Anything that a hedge can be swapped on. */
export type Pool = ConcentratedPool;
