import { sqrtPriceAtTick } from '../../src/core/amm/tickMath.ts';
import type { LiquidityPosition } from '../../src/core/position.ts';
import type { Address } from '../../src/core/units.ts';
import { poolAddress } from './snapshot.ts';

/** The position manager of mainnet. */
export const nftManager: Address = '0xC36442b4a4522E871399CD717aBDD847Ab11FE88';
/** WETH is the pool's second token: at 3,000 its tick is about 196,256, and lower ticks are higher prices. */
const PLACES = {
  /** Above the price: nothing but base. */
  base: { tickLower: 195_000, tickUpper: 196_000 },
  /** Below it: nothing but quote. */
  quote: { tickLower: 196_600, tickUpper: 197_400 },
  /** Around it. */
  both: { tickLower: 195_200, tickUpper: 197_300 },
} as const;

/** A range that the account holds as an NFT: out of the price with an amount of base or quote, or in it with one of base. */
export function ownRange(
  id: bigint,
  place: keyof typeof PLACES,
  amountRaw: bigint,
  fees: { readonly baseRaw: bigint; readonly quoteRaw: bigint } = { baseRaw: 0n, quoteRaw: 0n },
): LiquidityPosition {
  const { tickLower, tickUpper } = PLACES[place];
  const [lower, upper] = [sqrtPriceAtTick(tickLower), sqrtPriceAtTick(tickUpper)];
  const liquidity =
    place === 'quote'
      ? (((amountRaw * lower) / (upper - lower)) * upper) >> 96n
      : (amountRaw << 96n) / ((place === 'base' ? upper : sqrtPriceAtTick(196_256)) - lower);
  return {
    kind: 'liquidity',
    label: `uniswap v3 #${id}`,
    pool: poolAddress,
    baseIsToken0: false,
    tickLower,
    tickUpper,
    liquidity,
    nft: {
      manager: nftManager,
      id,
      uncollectedBaseRaw: fees.baseRaw,
      uncollectedQuoteRaw: fees.quoteRaw,
    },
  };
}
