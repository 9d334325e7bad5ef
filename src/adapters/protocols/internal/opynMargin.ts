import type { WrittenCollateral } from '../../../core/margin.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { max, min, toRawUp } from '../../../core/units.ts';
import { opynDecimals } from './opynAbi.ts';
import type { Series } from './opynSeries.ts';
import type { VaultLeg } from './opynVaults.ts';
import { sideOf } from './pairSides.ts';

/** An oToken and a strike have 8 decimals. */
const UNIT = 10n ** BigInt(opynDecimals);

/** One side of a vault: how much of which option. */
export interface WrittenSide {
  readonly amountRaw: bigint;
  readonly series: Pick<Series, 'strike' | 'isPut'>;
}

const divideUp = (value: bigint, divisor: bigint) => (value + divisor - 1n) / divisor;

/**
 * The most that a short option can lose with a long one against it, raw collateral, rounded up: what Gamma asks of a vault
 * that is fully collateralised (`contracts/core/MarginCalculator.sol`). A put spread: short strike x short amount less long
 * strike x what both have. A call spread, in the underlying: the greater of (long strike - short strike) / long strike x
 * short amount, and what the long does not cover.
 *
 * @param decimals of the collateral
 */
export function greatestLossRaw(short: WrittenSide, long: WrittenSide | null, decimals: number): bigint {
  const unit = 10n ** BigInt(decimals);
  const strikeOf = ({ series }: WrittenSide) => toRawUp(series.strike, opynDecimals);
  const both = long === null ? 0n : min(short.amountRaw, long.amountRaw);
  const shortStrike = strikeOf(short);
  const longStrike = long === null ? 0n : strikeOf(long);
  if (short.series.isPut) {
    const loss = max(0n, shortStrike * short.amountRaw - longStrike * both);
    return divideUp(loss * unit, UNIT * UNIT);
  }
  const uncovered = divideUp((short.amountRaw - both) * unit, UNIT);
  if (longStrike <= shortStrike) return uncovered;
  const spread = divideUp((longStrike - shortStrike) * short.amountRaw * unit, longStrike * UNIT);
  return max(uncovered, spread);
}

/**
 * What stands behind the options that each vault has written. A vault that holds less than the greatest loss is one of
 * Gamma's partly collateralised ones, whose rule is not reckoned here.
 */
export function writtenCollateral(
  legs: readonly VaultLeg[],
  seriesOf: (otoken: VaultLeg['asset']) => Series,
  vault: VaultTerms,
): readonly WrittenCollateral[] {
  const vaults = new Map<number, Partial<Record<VaultLeg['kind'], VaultLeg>>>();
  for (const leg of legs) vaults.set(leg.vaultId, { [leg.kind]: leg, ...vaults.get(leg.vaultId) });
  return [...vaults].flatMap(([vaultId, { short, long, collateral: locked }]) => {
    if (short === undefined) return [];
    const series = seriesOf(short.asset);
    const asset = sideOf(series.collateralAsset, vault);
    if (asset === null) return [];
    const sides = [short, long].map(
      (leg) => leg && { amountRaw: leg.amountRaw, series: seriesOf(leg.asset) },
    );
    const lockedRaw = locked?.amountRaw ?? 0n;
    const needed = greatestLossRaw(sides[0]!, sides[1] ?? null, vault[asset].decimals);
    return [
      { label: `opyn vault ${vaultId}`, asset, lockedRaw, requiredRaw: needed > lockedRaw ? null : needed },
    ];
  });
}
