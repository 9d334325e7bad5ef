import type { Address } from '../units.ts';

/** An initialised tick: crossing it upwards adds `liquidityNet` to the active liquidity. */
export interface TickLiquidity {
  readonly index: number;
  readonly liquidityNet: bigint;
}

/** What every kind of pool says of itself. */
interface PoolTerms {
  /** Kind of the venue plug-in that read it and encodes its legs. */
  readonly venue: string;
  readonly address: Address;
  readonly token0: Address;
  readonly token1: Address;
}

/** A fee for each direction, hundredths of a basis point. */
export interface DirectionalFeePips {
  readonly zeroForOne: number;
  readonly oneForZero: number;
}

/** What the id of a v4 pool without hooks is made of, beside its two currencies. */
export interface V4PoolKey {
  /** Hundredths of a basis point; 0x800000 where the fee is dynamic. */
  readonly fee: number;
  readonly tickSpacing: number;
}

/** A pool of concentrated liquidity (Uniswap v3, or v4 without hooks) at one block: all that its swap depends on. */
export interface ConcentratedPool extends PoolTerms {
  readonly kind: 'concentrated';
  /** The liquidity providers' fee in hundredths of a basis point: 500 = 0.05 %. In v4 the one in force at this block. */
  readonly feePips: number;
  /** v4: what the protocol takes of the input before the providers' fee is taken of the rest. None where absent. */
  readonly protocolFeePips?: DirectionalFeePips;
  /** v4: currency0 is the chain's native coin; `token0` then names the token that wraps it. */
  readonly nativeToken0?: boolean;
  /** v4: names the pool in a leg; `address` is then the last 20 bytes of its id. */
  readonly v4Key?: V4PoolKey;
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

/** A pair that keeps the product of its reserves (Uniswap v2) at one block. */
export interface ConstantProductPool extends PoolTerms {
  readonly kind: 'constantProduct';
  /** Fee on the input; Uniswap v2 pairs take 30. */
  readonly feeBps: number;
  readonly reserve0Raw: bigint;
  readonly reserve1Raw: bigint;
}

/** Anything that a hedge can be swapped on. */
export type Pool = ConcentratedPool | ConstantProductPool;
