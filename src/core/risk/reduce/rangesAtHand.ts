import type { Pool } from '../../amm/pool.ts';
import { priceRatio, priceToRatio, sqrtPriceDown } from '../../amm/price.ts';
import { sqrtPriceAtTick } from '../../amm/tickMath.ts';
import { exposureOf, sumExposures } from '../../exposure/exposure.ts';
import { liquidityAmounts } from '../../exposure/liquidity.ts';
import { marketView, netExposure } from '../../exposure/netExposure.ts';
import { oracleBound } from '../../hedge/bound.ts';
import type { Ratio } from '../../math/ratio.ts';
import type { LiquidityPosition, PositionNft } from '../../position.ts';
import type { Holdings, PriceReading, Snapshot } from '../../snapshot.ts';
import { type Address, max, min, mulDivDown, sameAddress, toWhole } from '../../units.ts';
import type { ReachEnd } from '../stress/reach.ts';

/** Liquidity of the account's own that the mandate lets its keeper withdraw. */
export interface RangeAtHand {
  readonly label: string;
  readonly manager: Address;
  readonly tokenId: bigint;
  readonly liquidity: bigint;
  /** Whether the price is in it or about to be: a position as any other. Out of the price it only locks tokens. */
  readonly isInPrice: boolean;
  /** What all of it brings where its pool stands, and at least where the pool moves a little before the block; raw. */
  readonly expected: Holdings;
  readonly least: Holdings;
  /** Fees, which withdrawing any part brings whole; not among the amounts above. */
  readonly fees: Holdings;
  /** What withdrawing all of it adds to net delta, base units: next to nothing, where its pool is near the fair price. */
  readonly deltaChange: number;
  /** At the fair price, quote. */
  readonly valueQuote: number;
}

/** Withdrawn liquidity of a range, and what it brings. */
export interface RangeWithdrawal {
  readonly range: RangeAtHand;
  readonly liquidity: bigint;
  /** At least, fees among it; raw. */
  readonly least: Holdings;
}

/** The pool's price may move by so much between decision and block: half a percent, as a square root. */
const [DOWN, UP, WHOLE] = [9_975n, 10_025n, 10_000n];
/** A change of net delta below this share of what a range is worth opens nothing. */
const NEGLIGIBLE = 0.02;

/**
 * The ranges that may be withdrawn without opening a risk: those out of the price, and of those in it the ones without
 * which the vault has no more gamma, of either sign, and is no further from neutral. Left out are ranges that the chain
 * would refuse: of other position managers than the mandate's, and in pools that are further from the oracle than its
 * slippage, or that nobody reads, so that it may be so.
 *
 * @param spot fair price, quote per base
 * @throws InvalidInputError when a position is impossible
 */
export function rangesAtHand(snapshot: Snapshot, oracle: PriceReading, spot: number): readonly RangeAtHand[] {
  const { chain } = snapshot;
  const { positionManager } = chain.guard;
  if (positionManager === undefined) return [];
  const view = marketView(snapshot, spot);
  const held = chain.positions.flatMap((position) =>
    position.kind === 'liquidity' &&
    position.nft !== undefined &&
    sameAddress(position.nft.manager, positionManager)
      ? [{ position, nft: position.nft, exposure: exposureOf(position, view) }]
      : [],
  );
  if (held.length === 0) return [];
  const { gamma } = sumExposures(chain.positions.map((position) => exposureOf(position, view)));
  const { netDelta } = netExposure(snapshot, spot);
  return held.flatMap(({ position, nft, exposure }) => {
    const range = rangeAt(position, nft, exposure, snapshot, oracle, spot);
    if (range === null) return [];
    const isCalmer = Math.abs(gamma - exposure.gamma) <= Math.abs(gamma);
    const room = Math.max(Math.abs(netDelta), (NEGLIGIBLE * range.valueQuote) / spot);
    const opensNothing = isCalmer && Math.abs(netDelta + range.deltaChange) <= room;
    return !range.isInPrice || opensNothing ? [range] : [];
  });
}

/** A range is worth withdrawing for what it locks where the gas is no more than this share of that. */
const MOST_GAS_SHARE = 0.01;
/** What one order may withdraw. */
const MOST_RANGES = 8;

/**
 * Ranges out of the price that lock what a vault runs out of and are worth their gas for it, the largest first; all of
 * each.
 */
export function worthFreeing(
  ranges: readonly RangeAtHand[],
  runsOutOf: ReachEnd,
  withdrawalGasQuote: number,
): readonly RangeWithdrawal[] {
  if (runsOutOf === 'grid') return [];
  // Where it is debt or margin that ends it, base of one's own need not be borrowed.
  const key = runsOutOf === 'quote' ? 'quoteRaw' : 'baseRaw';
  return ranges
    .filter(({ isInPrice, least }) => !isInPrice && least[key] > 0n)
    .filter(({ valueQuote }) => withdrawalGasQuote <= MOST_GAS_SHARE * valueQuote)
    .toSorted((one, other) => other.valueQuote - one.valueQuote)
    .slice(0, MOST_RANGES)
    .map((range) => withdrawalOf(range, range.liquidity));
}

/** What a part of a range brings at least, all of its fees among it. */
export function withdrawalOf(range: RangeAtHand, liquidity: bigint): RangeWithdrawal {
  return { range, liquidity, least: partOf(range, liquidity, range.least) };
}

/** What a withdrawal brings where the pool stands. */
export function expectedOf({ range, liquidity }: RangeWithdrawal): Holdings {
  return partOf(range, liquidity, range.expected);
}

/** What a withdrawal adds to net delta, base units. */
export function deltaChangeOf({ range, liquidity }: RangeWithdrawal): number {
  return (range.deltaChange * Number(liquidity)) / Number(range.liquidity);
}

function partOf(range: RangeAtHand, liquidity: bigint, whole: Holdings): Holdings {
  const part = (amountRaw: bigint) => mulDivDown(amountRaw, liquidity, range.liquidity);
  return {
    baseRaw: part(whole.baseRaw) + range.fees.baseRaw,
    quoteRaw: part(whole.quoteRaw) + range.fees.quoteRaw,
  };
}

/** Null where the chain would refuse it, or might. */
function rangeAt(
  position: LiquidityPosition,
  { manager, id, uncollectedBaseRaw, uncollectedQuoteRaw }: PositionNft,
  exposure: { readonly delta: number; readonly valueQuote: number },
  { chain, vault }: Snapshot,
  oracle: PriceReading,
  spot: number,
): RangeAtHand | null {
  const { baseIsToken0, tickLower, tickUpper, liquidity, label } = position;
  const units = { baseIsToken0, baseDecimals: vault.base.decimals, quoteDecimals: vault.quote.decimals };
  const fairX96 = sqrtPriceDown(priceToRatio(spot, units), baseIsToken0);
  const sqrtPriceX96 = sqrtPriceOf(position, chain.pools);
  if (sqrtPriceX96 === null) return null;
  if (!isNear(priceRatio(sqrtPriceX96, baseIsToken0), oracle, chain.guard.maxSlippageBps)) return null;
  const lowestX96 = (min(sqrtPriceX96, fairX96) * DOWN) / WHOLE;
  const highestX96 = (max(sqrtPriceX96, fairX96) * UP) / WHOLE;
  const amounts = [sqrtPriceX96, lowestX96, highestX96].map((atX96) => amountsAt(position, atX96));
  const [expected, low, high] = amounts as [Holdings, Holdings, Holdings];
  return {
    label,
    manager,
    tokenId: id,
    liquidity,
    isInPrice: highestX96 > sqrtPriceAtTick(tickLower) && lowestX96 < sqrtPriceAtTick(tickUpper),
    expected,
    least: { baseRaw: min(low.baseRaw, high.baseRaw), quoteRaw: min(low.quoteRaw, high.quoteRaw) },
    fees: { baseRaw: uncollectedBaseRaw, quoteRaw: uncollectedQuoteRaw },
    deltaChange: toWhole(expected.baseRaw, vault.base.decimals) - exposure.delta,
    valueQuote: exposure.valueQuote,
  };
}

function sqrtPriceOf({ pool }: LiquidityPosition, pools: readonly Pool[]): bigint | null {
  const found = pools.find(({ address }) => sameAddress(address, pool));
  return found?.kind === 'concentrated' ? found.sqrtPriceX96 : null;
}

/** Whether a price is within the mandate's bounds around the oracle, on both sides. */
function isNear(price: Ratio, oracle: PriceReading, slippageBps: number): boolean {
  const least = oracleBound('sell', oracle, slippageBps);
  const most = oracleBound('buy', oracle, slippageBps);
  return (
    price.numerator * least.denominator >= least.numerator * price.denominator &&
    price.numerator * most.denominator <= most.numerator * price.denominator
  );
}

function amountsAt(
  { liquidity, tickLower, tickUpper, baseIsToken0 }: LiquidityPosition,
  sqrtPriceX96: bigint,
): Holdings {
  const { amount0Raw, amount1Raw } = liquidityAmounts({
    liquidity,
    sqrtPriceX96,
    sqrtPriceLowerX96: sqrtPriceAtTick(tickLower),
    sqrtPriceUpperX96: sqrtPriceAtTick(tickUpper),
  });
  return baseIsToken0
    ? { baseRaw: amount0Raw, quoteRaw: amount1Raw }
    : { baseRaw: amount1Raw, quoteRaw: amount0Raw };
}
