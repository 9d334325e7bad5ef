import type { PanopticLegPosition } from '../../../core/position.ts';
import { significant } from '../../../core/report/format.ts';
import { toWhole } from '../../../core/units.ts';
import { legTicks, type TokenIdLeg } from './panopticTokenId.ts';

/** How the pool's tokens stand to the vault's. */
export interface PairOfTokens {
  readonly baseIsToken0: boolean;
  readonly baseDecimals: number;
  readonly quoteDecimals: number;
}

/** A leg together with what the pool keeps of its position. */
export interface MintedLeg {
  readonly leg: TokenIdLeg;
  readonly tickSpacing: number;
  /** Contracts of the position, in the leg's asset, raw. */
  readonly positionSizeRaw: bigint;
}

/** Quote per base at a tick, which need not be whole; 1.0001^tick is raw token1 per raw token0 (Uniswap v3 Core, 2021). */
export function priceAtTick(
  tick: number,
  { baseIsToken0, baseDecimals, quoteDecimals }: PairOfTokens,
): number {
  const exponent = baseIsToken0 ? tick : -tick;
  return 1.0001 ** exponent * 10 ** (baseDecimals - quoteDecimals);
}

/**
 * A leg as a position. Its size in base is what its liquidity would hold of base below the range; counted in quote it is
 * that over the strike, which is the geometric middle of the range.
 *
 * What it had in the money when it was opened was exchanged with the account's collateral at that moment and lies there
 * (`CollateralTracker.takeCommissionAddData`), whether the tokens were swapped or not; closing settles all of the liquidity against all
 * that was moved (`exercise`). So beside that collateral it counts as one that was opened out of the money, wherever it was.
 *
 * @param index of the leg in its position
 */
export function legPosition(minted: MintedLeg, pair: PairOfTokens, index: number): PanopticLegPosition {
  const { leg, tickSpacing, positionSizeRaw } = minted;
  const { tickLower, tickUpper } = legTicks(leg, tickSpacing);
  const strike = priceAtTick((tickLower + tickUpper) / 2, pair);
  const amountRaw = positionSizeRaw * BigInt(leg.optionRatio);
  const isCountedInBase = (leg.asset === 0) === pair.baseIsToken0;
  const size = isCountedInBase
    ? toWhole(amountRaw, pair.baseDecimals)
    : toWhole(amountRaw, pair.quoteDecimals) / strike;
  const type = (leg.tokenType === 0) === pair.baseIsToken0 ? 'call' : 'put';
  const rangeRatio = 1.0001 ** ((tickUpper - tickLower) / 2);
  const side = leg.isLong ? 'long' : 'short';
  return {
    kind: 'panopticLeg',
    label: `panoptic leg ${index + 1} ${side} ${significant(strike, 6)} ${type}`,
    type,
    size: leg.isLong ? size : -size,
    strike,
    rangeRatio,
    mintPrice: type === 'call' ? strike / rangeRatio : strike * rangeRatio,
  };
}
